package dev.leaven.runtime.nn;

import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

/**
 * The mean of each window of 2×2 of {@code [batch, height, width, channels]}, in steps of 2; a
 * window that reaches over the edge is averaged over the pixels in it. The output's height is
 * {@code ⌈height/2⌉}.
 */
public record AveragePool() implements Layer {

  @Override
  public Operand<TFloat32> apply(Layers layers, String name, Operand<TFloat32> x) {
    // Of windows of 2, "SAME" puts the padding at the end, as PyTorch's ceil mode does; of larger
    // ones it would put some at the beginning.
    List<Long> window = List.of(1L, 2L, 2L, 1L);
    Operand<TFloat32> y = layers.tf().nn.avgPool(x, window, window, "SAME");
    return layers.record(name, "average pool 2×2", y, List.of(), 0);
  }
}
