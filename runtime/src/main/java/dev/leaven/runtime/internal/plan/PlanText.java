package dev.leaven.runtime.internal.plan;

import dev.leaven.runtime.Task;
import dev.leaven.runtime.data.DecodedCache;
import dev.leaven.runtime.internal.pipeline.DecodedFormat;
import dev.leaven.runtime.loss.TargetScale;
import dev.leaven.runtime.machine.Decision;
import dev.leaven.runtime.models.ParameterCount;
import dev.leaven.runtime.plan.Plan;
import dev.leaven.runtime.plan.Stage;
import dev.leaven.runtime.plan.Stopping;
import dev.leaven.runtime.transform.Geometry;
import dev.leaven.runtime.transform.ItemResize;
import dev.leaven.runtime.transform.Lighting;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;

/**
 * A {@link Plan} as text for people: the stages, the processing of an image and of a target in
 * order, the model with its size, and the cost of a prediction.
 */
public final class PlanText {

  private static final int MOST_NAMES = 10;

  private final Plan plan;
  private final Optional<Decision> decision;
  private final StringBuilder text = new StringBuilder();

  private PlanText(Plan plan, Optional<Decision> decision) {
    this.plan = plan;
    this.decision = decision;
  }

  /**
   * Writes a plan. The model is built once in a temporary graph, to count its parameters.
   *
   * @param plan the plan
   * @return several lines, the last one ended
   */
  public static String of(Plan plan) {
    return new PlanText(plan, Optional.empty()).write();
  }

  /**
   * Writes a plan with its kernels and precision, otherwise as {@link #of(Plan)} does.
   *
   * @param plan the plan
   * @param decision which kernels and which precision compute it, with the reason
   * @return several lines, the last one ended
   */
  public static String of(Plan plan, Decision decision) {
    return new PlanText(plan, Optional.of(decision)).write();
  }

  private String write() {
    row("recipe", plan.recipeHash());
    row("data", plan.data().source().describe());
    row(
        "",
        "%,d images to train on, %,d to validate on",
        plan.data().trainImages(),
        plan.data().validImages());
    row("", "%s: %s", outputs(), names());
    row("", plan.data().sampling().describe());
    leftOut().forEach(text -> row("", text));
    section("stages", stages());
    section("learning rate, step by step", new SchedulePlot(plan).lines());
    section("image, in training", numbered(trainingImage()));
    section("target, in training", numbered(target()));
    section("image, in validation", numbered(validationImage()));
    text.append('\n');
    long parameters =
        ParameterCount.of(
            plan.model().architecture(), plan.data().channels(), plan.data().classNames().size());
    row("model", "%s, %,d parameters", plan.model().architecture().describe(), parameters);
    plan.model().pretrained().ifPresent(file -> row("", "it begins with the weights of " + file));
    row("loss", plan.target().loss().describe());
    plan.target().classWeights().ifPresent(weights -> row("", weights.describe()));
    row("optimizer", plan.step().optimizer().describe());
    plan.step().clipping().ifPresent(clipping -> row("", clipping.describe()));
    plan.step().averaging().ifPresent(averaging -> row("", averaging.describe()));
    schedule();
    String name = "stopping";
    for (Stopping rule : plan.course().stopping()) {
      row(name, rule.describe());
      name = "";
    }
    row("precision", precision());
    decision.ifPresent(made -> row("", made.describe()));
    plan.step().lossScale().ifPresent(rule -> row("", rule.describe()));
    row("inference", inference());
    plan.evaluation()
        .evaluateAt()
        .ifPresent(size -> row("", "judged after training at %d px too".formatted(size)));
    if (plan.data().cache() != DecodedCache.NONE) {
      row("cache", cache());
    }
    row("seed", Long.toString(plan.seed()));
    return text.toString();
  }

  private Set<String> leftOut() {
    int images = plan.data().sampling().length(plan.data().trainImages());
    return plan.stages().stream()
        .filter(stage -> images > stage.batches() * stage.batchSize())
        .map(
            stage ->
                "%d of them, others each time, fill no batch of %d and are left out"
                    .formatted(images - stage.batches() * stage.batchSize(), stage.batchSize()))
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  private void schedule() {
    List<String> each = plan.stages().stream().map(s -> s.schedule().describe()).toList();
    if (each.stream().distinct().count() == 1) {
      row("schedule", each.get(0));
    } else {
      for (int i = 0; i < each.size(); i++) {
        row(i == 0 ? "schedule" : "", "stage %d: %s".formatted(i + 1, each.get(i)));
      }
    }
    row(
        "",
        plan.course().scheduleOverAll()
            ? "once over all stages; the optimizer keeps its memory"
            : "over the steps of each stage; the optimizer's memory begins anew in each");
  }

  private String precision() {
    return switch (plan.step().precision()) {
      case AUTO -> throw new IllegalStateException("a plan's precision is decided");
      case FLOAT32 -> "float32";
      case BFLOAT16 -> "bfloat16 for convolutions and products, float32 for all else";
      case FLOAT16 -> "float16 for convolutions and products in training, float32 for all else";
    };
  }

  private String cache() {
    long bytes =
        plan.stages().stream()
            .mapToLong(
                stage ->
                    DecodedFormat.about(
                            plan.data().trainImages(), stage.presize(), plan.data().channels())
                        + DecodedFormat.about(
                            plan.data().validImages(), stage.size(), plan.data().channels()))
            .max()
            .orElseThrow();
    return "decoded images in %s, about %,d MB for the largest stage"
        .formatted(
            plan.data().cache() == DecodedCache.MEMORY ? "memory" : "files", (bytes >> 20) + 1);
  }

  private List<String> stages() {
    List<String> lines = new ArrayList<>();
    lines.add(stageRow("", "size", "epochs", "batch", "steps", "highest rate"));
    int number = 1;
    for (Stage stage : plan.stages()) {
      lines.add(
          stageRow(
              Integer.toString(number++),
              Integer.toString(stage.size()),
              Integer.toString(stage.epochs()),
              stage.accumulate() == 1
                  ? Integer.toString(stage.batchSize())
                  : "%d×%d".formatted(stage.accumulate(), stage.batchSize()),
              "%d × %d".formatted(stage.epochs(), stage.steps()),
              rate(stage.learningRate())));
      stage.groups().ifPresent(groups -> lines.add("   " + groups.describe()));
      if (stage.hasFewSteps()) {
        lines.add(
            "   only %d in all, too few to learn much; choose smaller batches or more epochs"
                .formatted(stage.totalSteps()));
      }
    }
    return lines;
  }

  private static String stageRow(
      String number, String size, String epochs, String batch, String steps, String rates) {
    return "%1s %5s %7s %6s %10s   %s".formatted(number, size, epochs, batch, steps, rates);
  }

  private static String rate(double value) {
    return String.format(Locale.ROOT, "%.2g", value);
  }

  private List<String> trainingImage() {
    List<String> steps = new ArrayList<>();
    steps.add(
        (plan.data().cache() == DecodedCache.NONE
                ? square(", at a random place") + ", resized to a side of %s"
                : "resized to a shorter side of %s, once; its largest square, at a random place")
            .formatted(sides(Stage::presize)));
    steps.add("bytes become values from 0 to 1");
    plan.image().geometry().stream().map(Geometry::describe).forEach(steps::add);
    if (!plan.image().geometry().isEmpty()) {
      int last = steps.size() - 1;
      steps.set(
          last, steps.get(last) + "; sampled once, at a side of %s".formatted(sides(Stage::size)));
    }
    plan.image().policy().ifPresent(policy -> steps.add(policy.describe()));
    plan.image().lighting().stream().map(Lighting::describe).forEach(steps::add);
    steps.add(plan.model().normalize().describe());
    plan.image().erasing().ifPresent(erasing -> steps.add(erasing.describe()));
    plan.target().mixing().ifPresent(mixing -> steps.add(mixing.describe() + mixOff()));
    return steps;
  }

  private String mixOff() {
    int epochs = plan.target().mixOffForLast();
    return switch (epochs) {
      case 0 -> "";
      case 1 -> "; not in the last epoch";
      default -> "; not in the last %d epochs".formatted(epochs);
    };
  }

  private List<String> target() {
    List<String> steps = new ArrayList<>();
    steps.add(
        switch (plan.data().task()) {
          case CLASSIFICATION -> "one of %s becomes a distribution".formatted(outputs());
          case MULTI_LABEL -> "1 for each class that is there, 0 for the others";
          case REGRESSION -> plan.target().scale().map(TargetScale::describe).orElse("as it is");
        });
    plan.target().mixing().ifPresent(mixing -> steps.add("mixed with the weights of its image"));
    if (plan.target().smoothing().epsilon() > 0) {
      steps.add(plan.target().smoothing().describe());
    }
    return steps;
  }

  private List<String> validationImage() {
    List<String> steps = new ArrayList<>();
    boolean whole = plan.stages().stream().allMatch(s -> s.validationSide() == s.size());
    steps.add(
        (square(", at the centre") + ", resized to a side of %s")
            .formatted(sides(Stage::validationSide)));
    if (!whole) {
      steps.add("its centre, with a side of %s".formatted(sides(Stage::size)));
    }
    steps.add("bytes become values from 0 to 1");
    steps.add(plan.model().normalize().describe());
    return steps;
  }

  // A squished image uses its whole area, so the square has no position to choose.
  private String square(String place) {
    boolean placed = plan.image().itemResize().method() != ItemResize.Method.SQUISH;
    return plan.image().itemResize().describe() + (placed ? place : "");
  }

  private String inference() {
    return plan.evaluation()
        .tta()
        .map(
            tta ->
                "%d passes over each image; %s".formatted(tta.views().size() + 1, tta.describe()))
        .orElse("1 pass over each image");
  }

  private String sides(ToIntFunction<Stage> side) {
    List<Integer> sides = plan.stages().stream().mapToInt(side).boxed().distinct().toList();
    return sides.stream().map(px -> px + " px").collect(Collectors.joining(", then "));
  }

  private String outputs() {
    int count = plan.data().classNames().size();
    if (plan.data().task() == Task.REGRESSION) {
      return count == 1 ? "1 number" : "%d numbers".formatted(count);
    }
    return count == 1 ? "1 class" : "%d classes".formatted(count);
  }

  private String names() {
    List<String> names = plan.data().classNames();
    String shown = names.stream().limit(MOST_NAMES).collect(Collectors.joining(", "));
    return names.size() > MOST_NAMES ? shown + ", …" : shown;
  }

  private void row(String name, String format, Object... values) {
    row(name, String.format(Locale.ROOT, format, values));
  }

  private void row(String name, String value) {
    text.append("%-11s%s\n".formatted(name, value));
  }

  private void section(String title, List<String> lines) {
    text.append('\n').append(title).append('\n');
    lines.forEach(line -> text.append("  ").append(line).append('\n'));
  }

  private static List<String> numbered(List<String> lines) {
    List<String> numbered = new ArrayList<>();
    for (String line : lines) {
      numbered.add("%d. %s".formatted(numbered.size() + 1, line));
    }
    return numbered;
  }
}
