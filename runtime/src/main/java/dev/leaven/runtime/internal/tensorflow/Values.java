package dev.leaven.runtime.internal.tensorflow;

import java.util.Arrays;
import java.util.List;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TUint8;

/** Copies tensors into Java arrays, a whole buffer at a time. */
public final class Values {

  private Values() {}

  /**
   * Copies a tensor.
   *
   * @param tensor a tensor of any shape
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
   * @param tensor a tensor of any shape
   * @return its elements in C order
   */
  public static int[] of(TInt32 tensor) {
    int[] values = new int[Math.toIntExact(tensor.size())];
    tensor.asRawTensor().data().asInts().read(values);
    return values;
  }

  /**
   * Copies a tensor.
   *
   * @param tensor a tensor of any shape
   * @return its elements in C order
   */
  public static byte[] of(TUint8 tensor) {
    byte[] values = new byte[Math.toIntExact(tensor.size())];
    tensor.asRawTensor().data().read(values);
    return values;
  }

  /**
   * Copies a matrix.
   *
   * @param tensor {@code [rows][columns]}
   * @return its rows
   */
  public static float[][] rows(TFloat32 tensor) {
    int rows = Math.toIntExact(tensor.shape().get(0));
    int columns = Math.toIntExact(tensor.shape().get(1));
    float[] flat = of(tensor);
    float[][] values = new float[rows][];
    for (int i = 0; i < rows; i++) {
      values[i] = Arrays.copyOfRange(flat, i * columns, (i + 1) * columns);
    }
    return values;
  }

  /**
   * Makes a tensor from a matrix.
   *
   * @param rows at least one, all of one length
   * @return a tensor to be closed, {@code [rows][columns]}
   */
  public static TFloat32 tensor(float[][] rows) {
    float[] flat = new float[rows.length * rows[0].length];
    for (int i = 0; i < rows.length; i++) {
      System.arraycopy(rows[i], 0, flat, i * rows[0].length, rows[0].length);
    }
    return TFloat32.tensorOf(
        Shape.of(rows.length, rows[0].length), DataBuffers.of(flat, true, false));
  }

  /**
   * Rounds numbers.
   *
   * @param numbers any numbers
   * @return each as the nearest float32, in a new array
   */
  public static float[] floats(List<Double> numbers) {
    float[] floats = new float[numbers.size()];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = numbers.get(i).floatValue();
    }
    return floats;
  }
}
