package dev.leaven.runtime.report;

import dev.leaven.runtime.plan.Plan;
import dev.leaven.runtime.run.Environment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** The origin of a run: its environment, and how to repeat it. */
final class Origin {

  private static final long GIB = 1L << 30;

  private Origin() {}

  /**
   * The environment of a run.
   *
   * @param processes the processes that trained it, in order
   */
  static Map<String, String> environment(Plan plan, List<Environment> processes) {
    Map<String, String> rows = new LinkedHashMap<>();
    if (processes.isEmpty()) {
      rows.put("machine", "not written down by the version of Leaven that trained it");
    } else {
      Environment last = processes.get(processes.size() - 1);
      rows.put(
          "begun",
          processes.stream().map(Environment::began).collect(Collectors.joining("; resumed ")));
      rows.put("system", last.system());
      rows.put(
          "processor",
          "%s, %s"
              .formatted(
                  last.processor().orElse("unknown"),
                  Figures.several(last.processors(), "core", "cores")));
      if (last.memory() > 0) {
        rows.put("memory", String.format(Locale.ROOT, "%.0f GiB", (double) last.memory() / GIB));
      }
      rows.put("Java", last.java());
      rows.put("TensorFlow", last.tensorflow());
      last.kernels().ifPresent(kernels -> rows.put("computed with", kernels));
      rows.put("Leaven", last.leaven().orElse("not packaged"));
    }
    rows.put("precision", ("" + plan.step().precision()).toLowerCase(Locale.ROOT));
    rows.put("seed", Long.toString(plan.seed()));
    rows.put("recipe", plan.recipeHash());
    return rows;
  }

  /** Commands to type. */
  static List<String> command(Plan plan, Path directory, List<Environment> processes) {
    List<String> lines = new ArrayList<>();
    for (Environment process : processes) {
      if (process.command().isPresent()) {
        lines.add("# in " + process.folder());
        // The run's own directory is in use; where none is named, another is chosen.
        lines.add(process.command().get().replaceAll(" --run[= ]\\S+", ""));
      }
    }
    if (lines.isEmpty()) {
      lines.add("// " + plan.data().source().describe());
      lines.add(
          "Recipe.fromJson(Files.readString(Path.of(\"%s\"))).train(data);"
              .formatted(directory.resolve("recipe.json")));
    }
    return lines;
  }
}
