package dev.leaven.runtime.internal.plan;

import dev.leaven.runtime.optimize.Schedule;
import dev.leaven.runtime.plan.Plan;
import dev.leaven.runtime.plan.Stage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * A plan's learning rate, and its momentum where a schedule changes it, as a row of blocks for each
 * stage with the steps at which it changes direction: enough to check a schedule by eye.
 */
final class SchedulePlot {

  private static final int WIDTH = 60;
  private static final int MOST_TURNS = 12;
  private static final int TURNS_AT_END = 2;
  private static final String BLOCKS = "▁▂▃▄▅▆▇█";
  // A change below this fraction of a value is the rounding of a constant.
  private static final double ROUNDING = 1e-12;

  private final Plan plan;
  private final Timeline timeline;

  SchedulePlot(Plan plan) {
    this.plan = plan;
    this.timeline = new Timeline(plan);
  }

  /** Two or more lines for each stage. */
  List<String> lines() {
    List<Schedule.Rates[]> stages =
        IntStream.range(0, plan.stages().size()).mapToObj(this::rates).toList();
    double highest =
        stages.stream()
            .flatMap(Arrays::stream)
            .mapToDouble(Schedule.Rates::learningRate)
            .max()
            .orElseThrow();
    List<String> lines = new ArrayList<>();
    for (int number = 0; number < stages.size(); number++) {
      Stage stage = plan.stages().get(number);
      Schedule.Rates[] rates = stages.get(number);
      double[] learning = Arrays.stream(rates).mapToDouble(Schedule.Rates::learningRate).toArray();
      double top = plan.course().scheduleOverAll() ? highest : max(learning);
      lines.add("%d  %s".formatted(number + 1, blocks(learning, top)));
      lines.add("   " + turns(learning, stage.steps(), "%.2g"));
      if (Arrays.stream(rates).allMatch(r -> r.momentum().isPresent())) {
        double[] momentum =
            Arrays.stream(rates).mapToDouble(r -> r.momentum().orElseThrow()).toArray();
        lines.add("   momentum " + turns(momentum, stage.steps(), "%.3g"));
      }
    }
    return lines;
  }

  private Schedule.Rates[] rates(int number) {
    Stage stage = plan.stages().get(number);
    int begin = timeline.firstEpoch(number);
    return IntStream.range(0, stage.totalSteps())
        .mapToObj(i -> timeline.rates(begin + i / stage.steps(), i % stage.steps(), List.of()))
        .toArray(Schedule.Rates[]::new);
  }

  private static double max(double[] values) {
    return Arrays.stream(values).max().orElseThrow();
  }

  private static String blocks(double[] values, double top) {
    int width = Math.min(WIDTH, values.length);
    StringBuilder row = new StringBuilder();
    for (int column = 0; column < width; column++) {
      double value = values[(int) ((long) column * values.length / width)];
      row.append(BLOCKS.charAt((int) Math.round(value / top * (BLOCKS.length() - 1))));
    }
    return row.toString();
  }

  private static String turns(double[] values, int stepsPerEpoch, String format) {
    List<String> said = new ArrayList<>();
    for (int i : turns(values)) {
      boolean end = i == 0 || i == values.length - 1;
      String epoch = end ? "" : " (epoch %d)".formatted(i / stepsPerEpoch + 1);
      said.add(String.format(Locale.ROOT, format + " at step %d%s", values[i], i + 1, epoch));
    }
    if (said.size() > MOST_TURNS) {
      List<String> between = said.subList(MOST_TURNS - TURNS_AT_END, said.size() - TURNS_AT_END);
      between.clear();
      between.add("…");
    }
    return String.join(", ", said);
  }

  // Where a curve begins, where it changes direction, and where it ends.
  private static List<Integer> turns(double[] values) {
    List<Integer> turns = new ArrayList<>(List.of(0));
    for (int i = 1; i + 1 < values.length; i++) {
      if (direction(values[i - 1], values[i]) != direction(values[i], values[i + 1])) {
        turns.add(i);
      }
    }
    if (values.length > 1) {
      turns.add(values.length - 1);
    }
    return turns;
  }

  private static int direction(double from, double to) {
    double most = Math.max(Math.abs(from), Math.abs(to));
    return Math.abs(to - from) <= ROUNDING * most ? 0 : (int) Math.signum(to - from);
  }
}
