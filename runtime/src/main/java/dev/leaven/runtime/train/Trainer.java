package dev.leaven.runtime.train;

import dev.leaven.runtime.data.ImageData;
import java.nio.file.Path;

/** Carries out a {@link Plan}. */
public final class Trainer {

  private Trainer() {}

  /**
   * Trains from the beginning.
   *
   * @param plan what to do
   * @param data the images that the plan was made for
   * @param directory where the run is written; made if missing; must not hold another run
   * @param listener hears how it proceeds
   * @return the finished run
   * @throws IllegalArgumentException when the directory holds another run
   */
  public static Run train(Plan plan, ImageData data, Path directory, TrainingListener listener) {
    throw new UnsupportedOperationException("being written");
  }

  /**
   * Goes on with a run from its last checkpoint.
   *
   * @param directory the run's directory
   * @param listener hears how it proceeds
   * @return the finished run
   * @throws IllegalArgumentException when there is no run in the directory
   */
  public static Run resume(Path directory, TrainingListener listener) {
    throw new UnsupportedOperationException("being written");
  }
}
