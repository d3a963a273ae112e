package dev.leaven.runtime.evaluate;

import dev.leaven.runtime.Check;
import dev.leaven.runtime.Technique;
import java.util.List;

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
   * Combines the views of some images.
   *
   * @param augmented probabilities of each pass, each {@code [images][classes]}
   * @param plain probabilities of the plain view, {@code [images][classes]}
   * @return the combined probabilities, {@code [images][classes]}
   * @throws IllegalArgumentException when there is no augmented pass or the shapes differ
   */
  public float[][] combine(List<float[][]> augmented, float[][] plain) {
    if (augmented.isEmpty()) {
      throw new IllegalArgumentException("tta: there is no augmented pass to combine");
    }
    float[][] result = new float[plain.length][];
    for (int image = 0; image < plain.length; image++) {
      float[] row = new float[plain[image].length];
      for (int k = 0; k < row.length; k++) {
        double sum = 0;
        double highest = plain[image][k];
        for (float[][] pass : augmented) {
          double p = pass[image][k];
          sum += p;
          highest = Math.max(highest, p);
        }
        double mean = sum / augmented.size();
        row[k] = (float) (max ? highest : beta * plain[image][k] + (1 - beta) * mean);
      }
      result[image] = row;
    }
    return result;
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
