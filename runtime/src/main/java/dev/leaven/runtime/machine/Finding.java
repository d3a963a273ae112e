package dev.leaven.runtime.machine;

import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * The result of a check for a layer, or for several: then it is the worst of their results.
 *
 * @param kind whether the layer is computed correctly, or what is wrong
 * @param layer the layer, for instance {@code a 3×3 convolution of 144 to 32 channels at 7 px};
 *     empty where it is not about one layer
 * @param detail the size of the error, for instance {@code 46 %}; empty where there is none
 */
public record Finding(Kind kind, String layer, String detail) {

  /** Kinds of findings, the harmless ones first. */
  public enum Kind {
    /** Correct: the largest difference from float64 is at the level of rounding. */
    RIGHT,
    /** Not checked, because no process could be started for it or it ended earlier. */
    UNCHECKED,
    /** The check did not end in time. */
    TIMED_OUT,
    /** TensorFlow refuses to compute it. */
    FAILED,
    /** The output is correct, a gradient is not. */
    WRONG_GRADIENT,
    /** The output is wrong. */
    WRONG,
    /** Two runs differ by more than rounding: the kernel reads memory that was never written. */
    UNREPEATABLE,
    /** The process that computed it crashed. */
    DIED
  }

  /** Refuses a finding from a damaged file in which parts are missing. */
  public Finding {
    Objects.requireNonNull(kind);
    Objects.requireNonNull(layer);
    Objects.requireNonNull(detail);
  }

  static final Finding RIGHT = new Finding(Kind.RIGHT, "", "");

  /** The result is unknown, with the reason. */
  static Finding unchecked(String reason) {
    return new Finding(Kind.UNCHECKED, "", reason);
  }

  /**
   * Compares a layer's error with the one that its precision allows.
   *
   * @param allowed the allowed error, relative to the largest value of each result
   */
  static Finding of(LayerShape shape, LayerTests.Deviation deviation, double allowed) {
    if (!deviation.repeated()) {
      return new Finding(Kind.UNREPEATABLE, shape.describe(), "");
    }
    if (!(deviation.output() <= allowed)) {
      return new Finding(Kind.WRONG, shape.describe(), percent(deviation.output()));
    }
    if (!(deviation.gradient() <= allowed)) {
      return new Finding(Kind.WRONG_GRADIENT, shape.describe(), percent(deviation.gradient()));
    }
    return RIGHT;
  }

  private static String percent(double deviation) {
    if (deviation > 10) {
      return "more than ten times the largest value";
    }
    double percent = 100 * deviation;
    // From there on two digits would be 1.0e+02.
    String format = percent < 99.5 ? "%.2g" : "%.0f";
    return String.format(Locale.ROOT, format + " %% of the largest value", percent);
  }

  /**
   * Whether this finding allows training.
   *
   * @return false also where nothing was checked
   */
  public boolean allowsTraining() {
    return kind == Kind.RIGHT;
  }

  /**
   * Whether this finding allows evaluation.
   *
   * @return true also where only gradients are wrong
   */
  public boolean allowsInference() {
    return kind == Kind.RIGHT || kind == Kind.WRONG_GRADIENT;
  }

  /** The worst of some findings. */
  static Finding worst(List<Finding> findings) {
    Finding worst = RIGHT;
    for (Finding finding : findings) {
      if (finding.kind.compareTo(worst.kind) > 0) {
        worst = finding;
      }
    }
    return worst;
  }

  /**
   * The finding as a clause.
   *
   * @return for instance {@code the gradient of a 3×3 convolution of 144 to 32 channels at 7 px is
   *     off by 46 % of the largest value}
   */
  public String describe() {
    return switch (kind) {
      case RIGHT -> "every layer checked is correct";
      case UNCHECKED -> detail;
      case TIMED_OUT -> layer + " does not finish";
      case FAILED -> "%s fails: %s".formatted(layer, detail);
      case WRONG_GRADIENT -> "the gradient of %s is off by %s".formatted(layer, detail);
      case WRONG -> "%s is off by %s".formatted(layer, detail);
      case UNREPEATABLE -> layer + " gives another result each time";
      case DIED ->
          "%s ends the process%s".formatted(layer, detail.isEmpty() ? "" : " with " + detail);
    };
  }
}
