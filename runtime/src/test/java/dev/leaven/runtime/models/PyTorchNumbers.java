package dev.leaven.runtime.models;

import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import org.tensorflow.ndarray.Shape;

/**
 * Weights, images and labels as a function of name and index: the same numbers as those of {@code
 * src/test/python/pytorch_models.py}, which says why they are as they are.
 */
final class PyTorchNumbers {

  private PyTorchNumbers() {}

  /** Numbers in [-1, 1): SplitMix64, begun with the FNV-1a hash of the name. */
  static double[] uniform(String name, int count) {
    long state = 0xCBF29CE484222325L;
    for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
      state = (state ^ (b & 0xFF)) * 0x100000001B3L;
    }
    double[] numbers = new double[count];
    for (int i = 0; i < count; i++) {
      long z = state + (i + 1) * 0x9E3779B97F4A7C15L;
      z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
      z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
      numbers[i] = ((z ^ (z >>> 31)) >>> 40) / (double) (1 << 23) - 1;
    }
    return numbers;
  }

  /** The value of a variable of the model. */
  static FloatBuffer variable(String name, Shape shape) {
    double[] u = uniform(name, (int) shape.size());
    if (name.endsWith(".weight_u") || name.endsWith(".weight_v")) {
      double squares = 0;
      for (double value : u) {
        squares += value * value;
      }
      return floats(u, 0, 1 / Math.sqrt(squares));
    }
    if (name.endsWith(".running_var")) {
      return floats(u, 1, 0.5);
    }
    if (name.endsWith(".running_mean") || name.endsWith(".bias")) {
      return floats(u, 0, 0.1);
    }
    if (name.endsWith(".gamma")) {
      return floats(u, 0, 0.001);
    }
    if (shape.numDimensions() == 1) {
      return floats(u, name.contains(".convs.") || name.contains(".bn") ? 0.3 : 1, 0.1);
    }
    long fanIn = shape.size() / shape.get(shape.numDimensions() - 1);
    return floats(u, 0, Math.sqrt((shape.numDimensions() == 4 ? 6.0 : 1.0) / fanIn));
  }

  /** A batch of images, {@code [batch, side, side, channels]}. */
  static float[] images(int step, int batch, int side, int channels) {
    double[] squares = uniform("squares." + step, batch * 4 * 4 * channels);
    double[] noise = uniform("noise." + step, batch * side * side * channels);
    float[] images = new float[noise.length];
    for (int i = 0; i < images.length; i++) {
      int channel = i % channels;
      int column = i / channels % side * 4 / side;
      int row = i / channels / side % side * 4 / side;
      int image = i / channels / side / side;
      double square = squares[((image * 4 + row) * 4 + column) * channels + channel];
      images[i] = (float) (1.2 * square + 0.5 * noise[i]);
    }
    return images;
  }

  /** The classes of a batch, one-hot. */
  static float[] targets(int step, int batch, int classes) {
    double[] u = uniform("labels." + step, batch);
    float[] targets = new float[batch * classes];
    for (int i = 0; i < batch; i++) {
      targets[i * classes + (int) ((u[i] + 1) / 2 * classes)] = 1;
    }
    return targets;
  }

  private static FloatBuffer floats(double[] u, double offset, double scale) {
    float[] floats = new float[u.length];
    for (int i = 0; i < u.length; i++) {
      floats[i] = (float) (offset + scale * u[i]);
    }
    return FloatBuffer.wrap(floats);
  }
}
