package dev.leaven.dsl;

import dev.leaven.runtime.Check;
import dev.leaven.runtime.evaluate.TestTimeAugmentation;
import dev.leaven.runtime.evaluate.TestTimeViews;
import dev.leaven.runtime.optimize.Averaging;
import dev.leaven.runtime.optimize.MovingAverage;
import dev.leaven.runtime.optimize.StochasticAverage;

/**
 * The words for how a trained model is evaluated.
 *
 * @param <R> what a word returns: the changed value, or nothing in a Kotlin block
 */
@CheckReturnValue
public interface EvaluationWords<R> extends Words<R> {

  /**
   * Evaluates a moving average of the weights in addition to them, with a half-life of 1000
   * optimizer steps: {@link MovingAverage}.
   *
   * @return a new recipe
   */
  default R ema() {
    return averaging(new MovingAverage());
  }

  /**
   * Evaluates a moving average of the weights in addition to them: {@link MovingAverage}.
   *
   * @param halfLife optimizer steps after which weights count half, above 0
   * @return a new recipe
   * @throws IllegalArgumentException when it is not above 0
   */
  default R ema(Number halfLife) {
    return averaging(new MovingAverage(halfLife.doubleValue()));
  }

  /**
   * Evaluates the mean of the weights at the ends of the last quarter of the epochs, in addition to
   * the weights themselves: {@link StochasticAverage}.
   *
   * @return a new recipe
   */
  default R swa() {
    return averaging(new StochasticAverage());
  }

  /**
   * Evaluates an average of the weights in addition to them. Test-time augmentation and the choice
   * of the best epoch use the average. Default: none.
   *
   * @param averaging the average
   * @return a new recipe
   */
  default R averaging(Averaging averaging) {
    return with(recipe -> recipe.with(Part.AVERAGING, averaging));
  }

  /**
   * Evaluates augmented views of each image besides the plain one: {@link TestTimeAugmentation}.
   * Default: the plain one only.
   *
   * @param passes augmented views per image, from 1 to 1000
   * @return a new recipe
   * @throws IllegalArgumentException when it is outside its range
   */
  default R tta(int passes) {
    return tta(new TestTimeAugmentation(passes));
  }

  /**
   * Evaluates other views of each image besides the plain one. Default: the plain one only.
   *
   * @param tta which views and how they are combined: for instance {@code new FlipView()}, {@code
   *     new FiveCrop()}, {@code new TenCrop()}, {@code new MultiScale()}, or a {@link
   *     TestTimeAugmentation} with a maximum
   * @return a new recipe
   */
  default R tta(TestTimeViews tta) {
    return with(recipe -> recipe.with(Part.TTA, tta));
  }

  /**
   * Evaluates the model after training at another size too, and reports whether it is better there.
   * A larger size often is better, by one to two points, at no cost but a slower pass: 1.25 to 1.4
   * times the last stage's size is worth trying. Default: the last stage's size only.
   *
   * @param size the height and width that the model sees, in pixels, at least 16
   * @return a new recipe
   * @throws IllegalArgumentException when it is below 16
   */
  default R evaluateAt(int size) {
    Check.atLeast("evaluateAt", "size", size, 16);
    return with(recipe -> recipe.with(Part.EVALUATE_AT, size));
  }
}
