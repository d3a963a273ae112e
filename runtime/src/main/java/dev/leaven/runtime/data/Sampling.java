package dev.leaven.runtime.data;

import dev.leaven.runtime.Technique;

/**
 * Which training images an epoch visits, and in which order. Validation always visits each image
 * once.
 */
public interface Sampling extends Technique {

  /**
   * The images of one epoch: a pure function, so that a resumed run sees the same images as an
   * uninterrupted one.
   *
   * @param targets of the training images
   * @param seed the run's seed
   * @param epoch from 0
   * @return positions, {@link #length} of them
   */
  int[] order(Targets targets, long seed, int epoch);

  /**
   * How many images an epoch visits.
   *
   * @param images the number of training images
   * @return at least 1
   */
  int length(int images);

  /**
   * Rejects targets that it cannot work with.
   *
   * @param targets of the training images
   * @throws IllegalArgumentException when it cannot; the message states why
   */
  default void check(Targets targets) {}
}
