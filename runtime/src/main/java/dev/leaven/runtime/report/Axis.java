package dev.leaven.runtime.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.DoubleStream;

/**
 * A linear axis of a chart: maps numbers to positions.
 *
 * @param low the number at its beginning
 * @param high the number at its end, above {@code low}
 * @param step the distance between two ticks
 * @param from the position of its beginning in the picture
 * @param to the position of its end
 */
record Axis(double low, double high, double step, double from, double to) {

  private static final int USUAL_TICKS = 5;

  /**
   * An axis from a number to a number, with ticks at round steps that are at least {@code least}.
   */
  static Axis exact(double low, double high, double least, double from, double to) {
    return new Axis(low, high, Math.max(least, round((high - low) / USUAL_TICKS)), from, to);
  }

  /** An axis that covers the values, from tick to tick. */
  static Axis around(DoubleStream values, double from, double to) {
    double[] finite = values.filter(Double::isFinite).toArray();
    double low = DoubleStream.of(finite).min().orElse(0);
    double high = DoubleStream.of(finite).max().orElse(1);
    if (high - low <= 1e-9 * Math.abs(high)) {
      double room = high == 0 ? 1 : Math.abs(high) / 10;
      low -= room;
      high += room;
    }
    double step = round((high - low) / USUAL_TICKS);
    return new Axis(
        step * Math.floor(low / step + 1e-9), step * Math.ceil(high / step - 1e-9), step, from, to);
  }

  // The nearest of 1, 2, 2.5 and 5 times a power of ten that is not below.
  private static double round(double step) {
    double power = Math.pow(10, Math.floor(Math.log10(step)));
    for (double factor : new double[] {1, 2, 2.5, 5}) {
      if (step <= factor * power * (1 + 1e-9)) {
        return factor * power;
      }
    }
    return 10 * power;
  }

  double place(double value) {
    return from + (value - low) / (high - low) * (to - from);
  }

  List<Double> ticks() {
    List<Double> ticks = new ArrayList<>();
    for (long i = (long) Math.ceil(low / step - 1e-9); i * step <= high + 1e-9 * step; i++) {
      ticks.add(i * step);
    }
    return ticks;
  }

  /** A tick's number, with as many decimal places as the step needs. */
  String label(double tick) {
    double most = Math.max(Math.abs(low), Math.abs(high));
    if (tick == 0 && most < 1e-3) {
      return "0";
    }
    if (tick != 0 && (most >= 1e6 || most < 1e-3)) {
      return String.format(Locale.ROOT, "%.1e", tick).replace(".0e", "e").replace("e-0", "e-");
    }
    int places = 0;
    while (places < 8 && Math.abs(step * Math.pow(10, places) % 1 - 0.5) < 0.5 - 1e-6) {
      places++;
    }
    return String.format(Locale.ROOT, "%." + places + "f", tick == 0 ? 0 : tick);
  }
}
