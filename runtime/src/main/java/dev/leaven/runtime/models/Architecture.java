package dev.leaven.runtime.models;

import dev.leaven.runtime.Technique;
import dev.leaven.runtime.nn.Layers;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

/**
 * A model's architecture: how layers turn images into logits. A user's own is a record of a dozen
 * lines:
 *
 * <pre>{@code
 * record Small() implements Architecture {
 *   public Operand<TFloat32> logits(
 *       Layers layers, Operand<TFloat32> images, int channels, int classes) {
 *     Operand<TFloat32> x = layers.convolution("conv1", images, channels, 32, 3, 2);
 *     x = layers.relu(layers.batchNorm("bn1", x, 32, 1));
 *     x = layers.relu(layers.batchNorm("bn2", layers.convolution("conv2", x, 32, 64, 3, 2), 64, 1));
 *     return layers.dense("head", layers.globalAveragePool(x), 64, classes);
 *   }
 *
 *   public String describe() {
 *     return "two convolutions";
 *   }
 * }
 * }</pre>
 */
public interface Architecture extends Technique {

  /**
   * Builds the model.
   *
   * <p>It is called for each graph branch that needs the model, with layers that know whether they
   * train; the branches share their variables by name, so the names must not depend on it.
   *
   * @param layers makes the layers
   * @param images normalised images, {@code [batch, height, width, channels]}, of any height and
   *     width from 16
   * @param channels the number of channels, at least 1
   * @param classes the number of classes, at least 2
   * @return logits, {@code [batch, classes]}
   */
  Operand<TFloat32> logits(Layers layers, Operand<TFloat32> images, int channels, int classes);

  /**
   * The variables in groups from the images to the logits, for freezing and for learning rates that
   * differ: each group a list of prefixes of names. Every variable belongs to exactly one.
   *
   * @return at least one group; by default one with all variables
   */
  default List<List<String>> parameterGroups() {
    return List.of(List.of(""));
  }

  /**
   * What depends on the classes and begins anew when they are others: prefixes of names.
   *
   * @return by default the last group, if there is more than one
   */
  default List<String> head() {
    return parameterGroups().size() > 1
        ? parameterGroups().get(parameterGroups().size() - 1)
        : List.of();
  }
}
