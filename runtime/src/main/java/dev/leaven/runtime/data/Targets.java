package dev.leaven.runtime.data;

import dev.leaven.runtime.Check;
import dev.leaven.runtime.Task;
import java.util.Arrays;

/** The targets of the images of a part; their kind determines the {@link Task}. */
public sealed interface Targets {

  /**
   * The number of images.
   *
   * @return at least 0
   */
  int size();

  /**
   * The kind of prediction for an image.
   *
   * @return the task that targets of this kind make
   */
  Task task();

  /**
   * The targets of some images.
   *
   * @param positions which, in any order, repeated or not
   * @return targets of the same kind, one for each position
   */
  Targets pick(int[] positions);

  /**
   * One class for each image.
   *
   * @param classes class numbers from 0; must not be changed afterwards
   */
  record Labels(int[] classes) implements Targets {

    @Override
    public int size() {
      return classes.length;
    }

    @Override
    public Task task() {
      return Task.CLASSIFICATION;
    }

    @Override
    public Labels pick(int[] positions) {
      return new Labels(Arrays.stream(positions).map(i -> classes[i]).toArray());
    }
  }

  /**
   * A row of numbers for each image: 1 for each class that it has and 0 for the others, or the
   * numbers to estimate.
   *
   * @param task {@code MULTI_LABEL} or {@code REGRESSION}
   * @param values row by row; must not be changed afterwards
   * @param columns numbers for each image, at least 1
   */
  record Rows(Task task, float[] values, int columns) implements Targets {

    /** Checks the kind, and that the rows are whole. */
    public Rows {
      if (task == Task.CLASSIFICATION) {
        throw new IllegalArgumentException("one class for each image is said by Targets.Labels");
      }
      Check.atLeast("Targets.Rows", "columns", columns, 1);
      if (values.length % columns != 0) {
        throw new IllegalArgumentException(
            "%d values are no rows of %d".formatted(values.length, columns));
      }
    }

    @Override
    public int size() {
      return values.length / columns;
    }

    @Override
    public Rows pick(int[] positions) {
      float[] picked = new float[Math.multiplyExact(positions.length, columns)];
      for (int i = 0; i < positions.length; i++) {
        System.arraycopy(values, positions[i] * columns, picked, i * columns, columns);
      }
      return new Rows(task, picked, columns);
    }
  }
}
