package dev.leaven.runtime.data;

import dev.leaven.runtime.Technique;

/**
 * Where labelled images come from, and how they are divided into a training and a validation part.
 *
 * <p>A source is a value that says where to look; nothing is read until {@link #load}. It travels
 * in every checkpoint, so that a run can be resumed from its directory alone.
 */
public interface DataSource extends Technique {

  /**
   * Looks at the files, checks them and splits them. Images are not decoded.
   *
   * @param seed decides a random split; the same seed gives the same split
   * @return what was found
   * @throws DataException when the source is missing, empty, damaged or of one class only
   */
  ImageData load(long seed);
}
