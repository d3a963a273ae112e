package dev.leaven.runtime.evaluate;

import java.util.Arrays;

/**
 * Yes-or-no predictions, ranked by their probability; predictions with the same probability share a
 * rank.
 */
final class RankedAnswers {

  private final int[] images;
  private final boolean[] yes;
  private final boolean[] last;

  /**
   * Ranks predictions.
   *
   * @param images the image of each prediction
   * @param scores the probability of yes
   * @param truth whether yes is right
   */
  RankedAnswers(int[] images, float[] scores, boolean[] truth) {
    int n = scores.length;
    long[] keys = new long[n];
    for (int i = 0; i < n; i++) {
      // Of floats of one sign the bits are in the order of the values; 0 makes -0 and 0 one.
      int bits = Float.floatToIntBits(scores[i] + 0f);
      int ordered = bits >= 0 ? bits : ~bits ^ Integer.MIN_VALUE;
      keys[i] = (long) ~ordered << 32 | i;
    }
    Arrays.sort(keys);
    this.images = new int[n];
    yes = new boolean[n];
    last = new boolean[n];
    for (int r = 0; r < n; r++) {
      int i = (int) keys[r];
      this.images[r] = images[i];
      yes[r] = truth[i];
      last[r] = r == n - 1 || keys[r] >> 32 != keys[r + 1] >> 32;
    }
  }

  /** The areas under both curves; not a number where there is no yes, or for ROC no no. */
  record Areas(double roc, double precision) {}

  /**
   * The area under the receiver's operating characteristic, by trapezoids, and the average
   * precision.
   *
   * @param counts how often each image counts
   */
  Areas areas(int[] counts) {
    long allYes = 0;
    long allNo = 0;
    for (int r = 0; r < yes.length; r++) {
      if (yes[r]) {
        allYes += counts[images[r]];
      } else {
        allNo += counts[images[r]];
      }
    }
    long hits = 0;
    long alarms = 0;
    long hitsBefore = 0;
    long alarmsBefore = 0;
    long twiceArea = 0;
    double precision = 0;
    for (int r = 0; r < yes.length; r++) {
      int count = counts[images[r]];
      if (yes[r]) {
        hits += count;
      } else {
        alarms += count;
      }
      if (last[r]) {
        twiceArea += (alarms - alarmsBefore) * (hits + hitsBefore);
        if (hits > hitsBefore) {
          precision += (double) (hits - hitsBefore) / allYes * hits / (hits + alarms);
        }
        hitsBefore = hits;
        alarmsBefore = alarms;
      }
    }
    return new Areas(
        allYes == 0 || allNo == 0 ? Double.NaN : twiceArea / (2.0 * allYes * allNo),
        // A sum of rounded fractions may end about 1e-16 above the whole.
        allYes == 0 ? Double.NaN : Math.min(1, precision));
  }
}
