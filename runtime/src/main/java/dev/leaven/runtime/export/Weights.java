package dev.leaven.runtime.export;

import java.util.Arrays;

/**
 * The values of one of a model's variables.
 *
 * @param shape its sizes
 * @param values in C order
 */
record Weights(long[] shape, float[] values) {

  private static final float LARGEST_HALF = 65504;

  /** A vector. */
  static Weights of(float[] values) {
    return new Weights(new long[] {values.length}, values);
  }

  /** The last axis's size: the output channels of a layer. */
  int channels() {
    return (int) shape[shape.length - 1];
  }

  /** Each output channel multiplied by its own number. */
  Weights scaled(double[] factors) {
    float[] scaled = new float[values.length];
    for (int i = 0; i < scaled.length; i++) {
      scaled[i] = (float) (values[i] * factors[i % factors.length]);
    }
    return new Weights(shape, scaled);
  }

  /** The scale that -127 to 127 are multiplied by, for each output channel. */
  float[] scales() {
    float[] scales = new float[channels()];
    for (int i = 0; i < values.length; i++) {
      int channel = i % scales.length;
      scales[channel] = Math.max(scales[channel], Math.abs(values[i]) / 127);
    }
    for (int i = 0; i < scales.length; i++) {
      scales[i] = scales[i] == 0 ? 1 : scales[i];
    }
    return scales;
  }

  /** Each value divided by its channel's scale and rounded. */
  byte[] quantized(float[] scales) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < bytes.length; i++) {
      float steps = values[i] / scales[i % scales.length];
      bytes[i] = (byte) Math.max(-127, Math.min(127, Math.round(steps)));
    }
    return bytes;
  }

  /** Whether a float16 can hold every value. */
  boolean fitsHalf() {
    for (float value : values) {
      if (Math.abs(value) > LARGEST_HALF) {
        return false;
      }
    }
    return true;
  }

  /**
   * The nearest float16, the even one of two.
   *
   * @param value from -65504 to 65504
   */
  static short half(float value) {
    int bits = Float.floatToIntBits(value);
    int sign = bits >>> 16 & 0x8000;
    float size = Math.abs(value);
    if (size < 0x1p-14f) {
      return (short) (sign | (int) Math.rint(size * 0x1p24));
    }
    int rest = bits & 0x7FFFFFFF;
    int odd = rest >>> 13 & 1;
    int rounded = rest + 0xFFF + odd;
    return (short) (sign | (rounded - (112 << 23)) >>> 13);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Weights weights
        && Arrays.equals(shape, weights.shape)
        && Arrays.equals(values, weights.values);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(shape) + Arrays.hashCode(values);
  }

  @Override
  public String toString() {
    return "weights of shape " + Arrays.toString(shape);
  }
}
