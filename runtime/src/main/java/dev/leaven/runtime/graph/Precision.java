package dev.leaven.runtime.graph;

/**
 * The number format of convolutions and matrix products. Weights, the optimizer's memory,
 * normalization statistics, logits and losses are float32 in all of them (Kalamkar et al. 2019, "A
 * Study of BFLOAT16 for Deep Learning Training").
 *
 * <p>A bfloat16 has the range of a float32 with 8 bits of precision, so nothing needs to be scaled.
 * On processors that compute with it, a step takes about half to two thirds of the time.
 */
public enum Precision {
  /**
   * Chosen for the device and the images: on a GPU bfloat16 from compute capability 8.0 on, float16
   * from 7.0 on; on a CPU bfloat16 where a check measured it to be correct and faster and images
   * have 32 px or more; else float32.
   */
  AUTO,
  /** Everything in float32. */
  FLOAT32,
  /** Convolutions and products in bfloat16. */
  BFLOAT16,
  /**
   * Convolutions and products in float16 in training, by casts around each of them, and in float32
   * in inference. It is for GPUs that compute with float16 but not with bfloat16: processors have
   * no float16 arithmetic that TensorFlow would use, and are much slower with it. A float16 ends at
   * 65504 and has nothing below 6e-8, so the loss must be scaled while it is differentiated.
   */
  FLOAT16;
}
