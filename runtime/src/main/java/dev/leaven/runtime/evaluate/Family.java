package dev.leaven.runtime.evaluate;

import java.util.List;

/** Metrics that are computed together, of images that may count several times each, or never. */
interface Family {

  /** Which metrics, in the order of their values. */
  List<Metric> metrics();

  /**
   * The metrics' values when each image is counted a given number of times.
   *
   * @param counts how often each image counts
   * @return a value for each metric; not a number where it is not defined
   */
  double[] values(int[] counts);

  /** Roughly how many numbers are visited for {@link #values}. */
  long work();
}
