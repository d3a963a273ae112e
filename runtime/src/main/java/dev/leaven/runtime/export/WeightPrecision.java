package dev.leaven.runtime.export;

/**
 * How an exported model's weights are stored in its file. They are float32 in memory in every case,
 * so a smaller file is not a faster model; biases stay float32.
 */
public enum WeightPrecision {
  /** 4 bytes for each weight: the model predicts as it did in its run. */
  FLOAT32,
  /** 2 bytes for each weight, with 11 bits of precision. */
  FLOAT16,
  /**
   * 1 byte for each weight of a convolution or dense layer, from -127 to 127 times a scale for each
   * output channel, the largest weight's 127th part (Jacob et al. 2018, "Quantization and Training
   * of Neural Networks for Efficient Integer-Arithmetic-Only Inference", section 3). What this
   * costs in accuracy depends on the model; evaluate it.
   */
  DYNAMIC
}
