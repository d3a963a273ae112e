package dev.leaven.runtime.report;

import dev.leaven.runtime.evaluate.Metric;
import java.util.Locale;

/** Formats numbers for people, the same in every country. */
final class Figures {

  private Figures() {}

  /** For instance {@code 91.93 %}. */
  static String percent(double share) {
    return Double.isFinite(share) ? String.format(Locale.ROOT, "%.2f %%", 100 * share) : "–";
  }

  /** For instance {@code 92 %}. */
  static String roundPercent(double share) {
    return Double.isFinite(share) ? String.format(Locale.ROOT, "%.0f %%", 100 * share) : "–";
  }

  /** A metric's value in its unit. */
  static String metric(Metric metric, double value) {
    if (metric.isShare()) {
      return percent(value);
    }
    return switch (metric) {
      // In the unit of the target, whose magnitude is not known.
      case RMSE, MAE, MEDIAN_ERROR -> number(value);
      default -> loss(value);
    };
  }

  /** Four significant digits, without zeros at their end. */
  static String number(double value) {
    if (!Double.isFinite(value)) {
      return "–";
    }
    String text = String.format(Locale.ROOT, "%.4g", value);
    return text.contains(".")
        ? text.replaceAll("0+(?=e|$)", "").replaceAll("\\.(?=e|$)", "")
        : text;
  }

  /** Four decimal places. */
  static String loss(double value) {
    return Double.isFinite(value) ? String.format(Locale.ROOT, "%.4f", value) : "–";
  }

  /** For instance {@code 10,000}. */
  static String count(long count) {
    return String.format(Locale.ROOT, "%,d", count);
  }

  /** For instance {@code 4.2 s}, {@code 5 min 31 s} or {@code 2 h 05 min}. */
  static String time(double seconds) {
    if (seconds < 59.95) {
      return String.format(Locale.ROOT, "%.1f s", seconds);
    }
    long whole = Math.round(seconds);
    if (whole < 3600) {
      return "%d min %02d s".formatted(whole / 60, whole % 60);
    }
    long minutes = Math.round(seconds / 60);
    return "%d h %02d min".formatted(minutes / 60, minutes % 60);
  }

  /** Singular or plural. */
  static String several(long count, String one, String many) {
    return count(count) + " " + (count == 1 ? one : many);
  }
}
