package dev.leaven.runtime.graph;

import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/** Copies tensors into Java arrays, a whole buffer at a time. */
public final class Values {

  private Values() {}

  /**
   * Copies a tensor.
   *
   * @param tensor of any shape
   * @return its elements in C order
   */
  public static float[] of(TFloat32 tensor) {
    float[] values = new float[Math.toIntExact(tensor.size())];
    tensor.asRawTensor().data().asFloats().read(values);
    return values;
  }

  /**
   * Copies a tensor.
   *
   * @param tensor of any shape
   * @return its elements in C order
   */
  public static int[] of(TInt32 tensor) {
    int[] values = new int[Math.toIntExact(tensor.size())];
    tensor.asRawTensor().data().asInts().read(values);
    return values;
  }
}
