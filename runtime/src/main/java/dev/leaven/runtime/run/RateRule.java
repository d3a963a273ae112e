package dev.leaven.runtime.run;

import dev.leaven.runtime.train.LearningRateFinder;
import java.util.OptionalInt;

/**
 * How a learning rate is read from the curve of a {@link LearningRateFinder}, as in fastai.
 *
 * <p>Each rule is a pure function of the curve's smoothed losses, without the first tenth of the
 * steps and the last 5. It gives no rate where the curve has no such feature.
 *
 * <p>{@link #SLIDE} and {@link #STEEP} depend on the number of steps and suit curves of about 100.
 * With many more the explosion at the end is longer than the part that is left out, and they can
 * pick a rate from its jumps.
 */
public enum RateRule {
  /**
   * In the middle of the longest valley: {@code start + ⌊n/3⌋ + ⌊n/6⌋}, where the longest sequence
   * of ever smaller losses, not necessarily of neighbours, has {@code n} points, {@code end} is its
   * last one and {@code start = end - n}. The usual choice.
   */
  VALLEY("in the middle of the longest fall", 1) {
    @Override
    OptionalInt place(double[] rates, double[] losses) {
      int[] lengths = new int[losses.length];
      int end = 0;
      for (int i = 0; i < losses.length; i++) {
        lengths[i] = 1;
        for (int j = 0; j < i; j++) {
          if (losses[i] < losses[j]) {
            lengths[i] = Math.max(lengths[i], lengths[j] + 1);
          }
        }
        if (lengths[i] > lengths[end]) {
          end = i;
        }
      }
      if (losses.length == 0 || lengths[end] == 1) {
        return OptionalInt.empty();
      }
      int n = lengths[end];
      return OptionalInt.of(Math.max(0, end - n + n / 3 + n / 6));
    }
  },

  /**
   * Where the loss begins to move: a window of 15 steps slides from the right end to the left while
   * the slopes of the loss at its two ends differ by more than 0.005; the rate is that of its left
   * end. The slope at a point is half the difference of its neighbours.
   */
  SLIDE("where the slope of the loss begins to change, seen from the right", 1) {
    @Override
    OptionalInt place(double[] rates, double[] losses) {
      int right = losses.length - 1;
      int left = right - SLIDE_WIDTH;
      if (left < 0) {
        return OptionalInt.empty();
      }
      int place = left;
      while (left >= 0 && Math.abs(slope(losses, right) - slope(losses, left)) > SLIDE_THRESHOLD) {
        place = left;
        right--;
        left--;
      }
      return OptionalInt.of(place);
    }
  },

  /** A tenth of the rate at which the loss is lowest. */
  MINIMUM("a tenth of the rate with the lowest loss", 0.1) {
    @Override
    OptionalInt place(double[] rates, double[] losses) {
      int lowest = 0;
      for (int i = 1; i < losses.length; i++) {
        if (losses[i] < losses[lowest]) {
          lowest = i;
        }
      }
      return losses.length == 0 ? OptionalInt.empty() : OptionalInt.of(lowest);
    }
  },

  /** Where the loss falls most steeply: the smallest {@code Δloss / Δln(rate)}. */
  STEEP("where the loss falls fastest", 1) {
    @Override
    OptionalInt place(double[] rates, double[] losses) {
      OptionalInt place = OptionalInt.empty();
      double steepest = 0;
      for (int i = 0; i + 1 < losses.length; i++) {
        double slope = (losses[i + 1] - losses[i]) / Math.log(rates[i + 1] / rates[i]);
        if (slope < steepest) {
          steepest = slope;
          place = OptionalInt.of(i);
        }
      }
      return place;
    }
  };

  private static final int SLIDE_WIDTH = 15;
  private static final double SLIDE_THRESHOLD = 0.005;

  private final String meaning;
  private final double factor;

  RateRule(String meaning, double factor) {
    this.meaning = meaning;
    this.factor = factor;
  }

  /**
   * The feature that the rule looks for.
   *
   * @return a few words, for instance {@code "where the loss falls fastest"}
   */
  public String meaning() {
    return meaning;
  }

  /** The factor for the rate at {@link #place}. */
  double factor() {
    return factor;
  }

  /**
   * The point of the curve that the rule picks.
   *
   * @param rates learning rates, ascending
   * @param losses the smoothed loss of each, finite
   * @return an index, or empty where the curve lacks what the rule looks for
   */
  abstract OptionalInt place(double[] rates, double[] losses);

  private static double slope(double[] losses, int i) {
    int before = Math.max(0, i - 1);
    int after = Math.min(losses.length - 1, i + 1);
    return (losses[after] - losses[before]) / (after - before);
  }
}
