package dev.leaven.runtime.model;

import dev.leaven.runtime.Technique;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

/** A model's architecture: how layers turn images into logits. */
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
}
