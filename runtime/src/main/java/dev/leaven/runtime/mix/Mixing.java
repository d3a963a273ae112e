package dev.leaven.runtime.mix;

import dev.leaven.runtime.Technique;
import dev.leaven.runtime.graph.Randomness;
import org.tensorflow.op.Ops;

/**
 * Mixes the images of a training batch with each other, and their targets with them. It does
 * nothing at validation and inference. {@linkplain dev.leaven.runtime.loss.LabelSmoothing Label
 * smoothing} comes after it.
 */
public interface Mixing extends Technique {

  /**
   * Draws and mixes.
   *
   * @param tf where the operations go
   * @param batch the batch, its targets not smoothed; of any size from 1
   * @param randomness the random numbers of this step
   * @return a batch of the same shapes
   */
  Batch mix(Ops tf, Batch batch, Randomness randomness);
}
