package dev.leaven.runtime.models;

import dev.leaven.runtime.Technique;
import dev.leaven.runtime.nn.Layers;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

/**
 * A model's architecture: how layers turn images into logits. A custom architecture is a record of
 * a dozen lines:
 *
 * <pre>{@code
 * record Small() implements Architecture {
 *   public Operand<TFloat32> logits(
 *       Layers layers, Operand<TFloat32> images, int channels, int classes) {
 *     Operand<TFloat32> x = images;
 *     for (int i = 1; i <= 2; i++) {
 *       x = layers.apply("conv" + i, new Convolution(32 * i, 3).stride(2), x);
 *       x = layers.apply("bn" + i, new BatchNorm(), x);
 *       x = layers.apply(Activation.RELU, x);
 *     }
 *     x = layers.apply(new GlobalAveragePool(), x);
 *     return layers.apply("head", new Dense(classes), x);
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
   * <p>It is called for each graph branch that needs the model, with layers that are in training or
   * inference mode. The branches share their variables by name, so the names must not depend on the
   * mode.
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
   * The variables in groups from the images to the logits, for freezing and for different learning
   * rates: each group a list of prefixes of names. Every variable belongs to exactly one.
   *
   * @return at least one group; by default one with all variables
   */
  default List<List<String>> parameterGroups() {
    return List.of(List.of(""));
  }

  /**
   * Name prefixes of the variables that depend on the classes and are initialised again for other
   * classes.
   *
   * @return by default the last group, if there is more than one
   */
  default List<String> head() {
    return parameterGroups().size() > 1
        ? parameterGroups().get(parameterGroups().size() - 1)
        : List.of();
  }
}
