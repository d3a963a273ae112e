package dev.leaven.runtime.data;

import dev.leaven.runtime.Technique;

/**
 * Chooses the images for validation in a data set without its own split; all others are for
 * training.
 *
 * <p>A custom split implements this interface. It must be a pure function of the images and the
 * seed, so that a resumed run divides them as before.
 */
public interface Split extends Technique {

  /**
   * Chooses the images for validation.
   *
   * @param images what is known about every image
   * @param seed the run's seed; the same seed makes the same choice
   * @return positions, ascending and each once
   * @throws DataException when these images cannot be divided in this way
   */
  int[] valid(Listing images, long seed);
}
