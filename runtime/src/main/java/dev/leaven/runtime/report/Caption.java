package dev.leaven.runtime.report;

import dev.leaven.runtime.Task;
import dev.leaven.runtime.plan.Plan;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A target in words, for instance {@code 0.73 tench + 0.27 church}.
 *
 * @param parts one part for each class or number
 * @param joint the text between two of them
 */
record Caption(List<Part> parts, String joint) {

  // Fractions that would be written as 0.00 are left out, and 1.00 is not written.
  private static final float LEAST = 0.005f;
  private static final String PLUS = " + ";

  /**
   * One class or number; only its name is shortened where there is little space.
   *
   * @param before its fraction, or nothing
   * @param name the name of the class or number
   * @param after the number itself, or nothing
   */
  record Part(String before, String name, String after) {
    String text() {
      return before + name + after;
    }

    String shortened(Lettering letters, int width) {
      int rest = width - letters.width(before) - letters.width(after);
      return before + letters.shortened(name, Math.max(0, rest)) + after;
    }
  }

  /**
   * Writes a row of targets as text.
   *
   * @param plan defines the task and the names
   * @param row {@code [outputs]}: fractions of classes, or numbers in their own unit
   */
  static Caption of(Plan plan, float[] row) {
    List<String> names = plan.data().classNames();
    if (plan.data().task() == Task.REGRESSION) {
      List<Part> numbers =
          IntStream.range(0, row.length)
              .mapToObj(i -> new Part("", names.get(i), " " + number(row[i])))
              .toList();
      return new Caption(numbers, ", ");
    }
    List<Integer> present =
        IntStream.range(0, row.length)
            .filter(i -> row[i] >= LEAST)
            .boxed()
            .sorted(Comparator.comparingDouble(i -> -row[i]))
            .toList();
    if (present.isEmpty()) {
      return new Caption(List.of(new Part("", "none", "")), "");
    }
    boolean whole = present.stream().allMatch(i -> row[i] >= 1 - LEAST);
    List<Part> parts =
        present.stream()
            .map(
                i ->
                    new Part(
                        whole ? "" : String.format(Locale.ROOT, "%.2f ", row[i]), names.get(i), ""))
            .toList();
    return new Caption(parts, whole ? ", " : PLUS);
  }

  // Four digits, without zeros at their end.
  private static String number(float value) {
    return String.format(Locale.ROOT, "%.4g", value)
        .replaceAll("(\\.\\d*?)0+(?=e|$)", "$1")
        .replaceAll("\\.(?=e|$)", "");
  }

  String text() {
    return parts.stream().map(Part::text).collect(Collectors.joining(joint));
  }

  /**
   * The caption in lines that fit the width.
   *
   * @param letters measures them
   * @param width the width of a line in pixels
   * @param most the largest number of lines; the last one shows how much is left out
   */
  List<String> lines(Lettering letters, int width, int most) {
    List<String> lines = new ArrayList<>();
    String line = "";
    for (int i = 0; i < parts.size(); i++) {
      Part part = parts.get(i);
      String longer = line + (line.isEmpty() ? "" : joint) + part.text();
      if (letters.width(longer) <= width) {
        line = longer;
        continue;
      }
      String begin = i > 0 && joint.equals(PLUS) ? "+ " : "";
      if (!line.isEmpty()) {
        lines.add(line);
      }
      if (lines.size() == most - 1 && i < parts.size() - 1) {
        line = "+ %d more".formatted(parts.size() - i);
        break;
      }
      line = new Part(begin + part.before(), part.name(), part.after()).shortened(letters, width);
    }
    lines.add(line);
    return lines;
  }
}
