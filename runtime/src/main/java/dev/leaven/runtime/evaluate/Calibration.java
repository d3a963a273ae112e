package dev.leaven.runtime.evaluate;

import java.util.ArrayList;
import java.util.List;

/**
 * Whether a model's confidence is justified: the images in bins by their highest predicted
 * probability, and how often that prediction was right.
 *
 * <p>Bin {@code b} of 15 holds probabilities in {@code (b/15, (b+1)/15]}. The expected calibration
 * error is {@code Σ (n_b / n)·|accuracy_b - confidence_b|}: 0 when, for instance, predictions of 80
 * % are right 8 times out of 10. Paper: Guo et al., On Calibration of Modern Neural Networks, 2017.
 *
 * @param bins from the lowest probability to the highest, empty ones included
 */
public record Calibration(List<Bin> bins) {

  /** How many bins there are. */
  static final int BINS = 15;

  /**
   * The images of one bin.
   *
   * @param low probabilities are above it
   * @param high and at most this
   * @param images how many
   * @param confidence the mean of their highest probability; 0 without images
   * @param accuracy the fraction of them that was predicted correctly; 0 without images
   */
  public record Bin(double low, double high, int images, double confidence, double accuracy) {}

  /** Keeps its own copy. */
  public Calibration {
    bins = List.copyOf(bins);
  }

  /**
   * Puts images into bins.
   *
   * @param confidences the highest probability of each image
   * @param right whether the class of that probability is the image's
   * @return their calibration
   */
  public static Calibration of(float[] confidences, boolean[] right) {
    int[] images = new int[BINS];
    double[] claimed = new double[BINS];
    int[] hits = new int[BINS];
    for (int i = 0; i < confidences.length; i++) {
      int bin = bin(confidences[i]);
      images[bin]++;
      claimed[bin] += confidences[i];
      hits[bin] += right[i] ? 1 : 0;
    }
    List<Bin> bins = new ArrayList<>();
    for (int b = 0; b < BINS; b++) {
      int n = Math.max(1, images[b]);
      bins.add(
          new Bin(
              (double) b / BINS,
              (b + 1.0) / BINS,
              images[b],
              claimed[b] / n,
              (double) hits[b] / n));
    }
    return new Calibration(bins);
  }

  /** The bin of a probability; 0 is in the first. */
  static int bin(double probability) {
    int bin = (int) Math.ceil(probability * BINS) - 1;
    return Math.max(0, Math.min(BINS - 1, bin));
  }

  /**
   * The expected calibration error.
   *
   * @return 0 to 1
   */
  public double error() {
    double error = 0;
    int images = 0;
    for (Bin bin : bins) {
      error += bin.images() * Math.abs(bin.accuracy() - bin.confidence());
      images += bin.images();
    }
    return error / images;
  }
}
