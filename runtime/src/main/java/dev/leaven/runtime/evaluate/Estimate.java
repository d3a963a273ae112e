package dev.leaven.runtime.evaluate;

import java.util.Optional;

/**
 * A value measured on some images.
 *
 * @param value as measured
 * @param interval where the true value lies, if that could be computed
 */
public record Estimate(double value, Optional<Interval> interval) {

  /**
   * A fraction of images, with Wilson's interval.
   *
   * @param hits the number of hits
   * @param of the number of images, at least 1
   * @return {@code hits / of}
   */
  public static Estimate share(long hits, long of) {
    return new Estimate((double) hits / of, Optional.of(Interval.wilson(hits, of)));
  }
}
