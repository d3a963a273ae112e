package dev.leaven.runtime.evaluate;

import dev.leaven.runtime.Check;
import dev.leaven.runtime.Technique;
import java.util.Arrays;

/**
 * Test-time augmentation: judge {@code passes} augmented views of an image and its plain view, and
 * average their probabilities.
 *
 * <p>With the augmented probabilities {@code a₁ … aₙ} and the plain ones {@code c}, the result is
 * {@code β·c + (1-β)·mean(a)}; with {@code max} it is the elementwise maximum over all {@code n+1},
 * which no longer sums to one. The views are drawn by the recipe's own training transforms, without
 * mixing, from a seeded stream: the same run gives the same result. Cost: {@code passes + 1} passes
 * over the images instead of one. Defaults follow fastai's {@code Learner.tta}: 4 passes, β 0.25.
 *
 * @param passes augmented views per image, from 1 to 1000
 * @param beta the weight of the plain view, from 0 to 1
 * @param max whether to take the maximum instead of the mean
 */
public record TestTimeAugmentation(int passes, double beta, boolean max) implements Technique {

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException when a parameter is outside its range
   */
  public TestTimeAugmentation {
    Check.range("tta", "passes", passes, 1, 1000);
    Check.range("tta", "beta", beta, 0, 1);
  }

  /**
   * The mean with fastai's weight of 0.25 for the plain view.
   *
   * @param passes augmented views per image
   */
  public TestTimeAugmentation(int passes) {
    this(passes, 0.25, false);
  }

  /**
   * Begins to combine the views of some images; only a sum or a maximum of the augmented ones is
   * kept.
   *
   * @param images how many images
   * @return a combination without views yet
   */
  public Combination combination(int images) {
    return new Combination(this, images);
  }

  /** The augmented views of some images, added up. Not for use by several threads. */
  public static final class Combination {

    private final TestTimeAugmentation policy;
    private final double[][] augmented;
    private final int[] views;

    private Combination(TestTimeAugmentation policy, int images) {
      this.policy = policy;
      augmented = new double[images][];
      views = new int[images];
    }

    /**
     * Adds an augmented view of an image.
     *
     * @param image its number
     * @param probabilities one for each class
     */
    public void add(int image, float[] probabilities) {
      if (augmented[image] == null) {
        augmented[image] = new double[probabilities.length];
        // Numbers, unlike probabilities, may be below 0.
        Arrays.fill(augmented[image], policy.max() ? Double.NEGATIVE_INFINITY : 0);
      }
      double[] row = augmented[image];
      for (int k = 0; k < row.length; k++) {
        row[k] = policy.max() ? Math.max(row[k], probabilities[k]) : row[k] + probabilities[k];
      }
      views[image]++;
    }

    /**
     * Combines an image's augmented views with its plain one.
     *
     * @param image its number
     * @param plain the plain view's probabilities
     * @return the combined probabilities
     * @throws IllegalStateException when no augmented view was added
     */
    public float[] result(int image, float[] plain) {
      if (views[image] == 0) {
        throw new IllegalStateException("image %d has no augmented view".formatted(image));
      }
      float[] result = new float[plain.length];
      for (int k = 0; k < plain.length; k++) {
        double other = augmented[image][k];
        result[k] =
            (float)
                (policy.max()
                    ? Math.max(other, plain[k])
                    : policy.beta() * plain[k] + (1 - policy.beta()) * other / views[image]);
      }
      return result;
    }
  }

  @Override
  public String describe() {
    String views = passes == 1 ? "1 augmented view" : "%d augmented views".formatted(passes);
    return max
        ? "test-time augmentation: the maximum over the plain view and %s".formatted(views)
        : "test-time augmentation: %s × plain view + %s × mean of %s"
            .formatted(Check.number(beta), Check.number(1 - beta), views);
  }
}
