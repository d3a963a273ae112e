package dev.leaven.runtime.internal.run;

import com.fasterxml.jackson.annotation.JsonAlias;
import com.fasterxml.jackson.databind.JsonNode;
import dev.leaven.runtime.Technique;
import dev.leaven.runtime.TechniqueJson;
import dev.leaven.runtime.graph.Variable;
import dev.leaven.runtime.graph.Variables;
import dev.leaven.runtime.internal.plan.Differences;
import dev.leaven.runtime.internal.plan.Timeline;
import dev.leaven.runtime.internal.tensorflow.SafeTensors;
import dev.leaven.runtime.plan.Plan;
import dev.leaven.runtime.run.RunException;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.tensorflow.Session;

/**
 * The complete state of a run in one file: plan, progress, the model's variables and the
 * optimizer's memory.
 *
 * @param plan the plan of the run
 * @param progress how far the run has come
 * @param arrays the variables
 */
public record Checkpoint(Plan plan, Progress progress, SafeTensors arrays) {

  public static final String FILE = "checkpoint.safetensors";
  private static final String FORMAT = "leaven checkpoint 1";

  public static void write(Path file, Plan plan, Progress progress, Variables.Snapshot values)
      throws IOException {
    Map<String, String> metadata = new LinkedHashMap<>();
    metadata.put("format", FORMAT);
    metadata.put("plan", TechniqueJson.write(plan));
    metadata.put("progress", TechniqueJson.write(progress));
    metadata.put("recipe", plan.recipe());
    metadata.put("recipeHash", plan.recipeHash());
    List<SafeTensors.Entry> entries =
        values.variables().stream()
            .map(
                variable ->
                    new SafeTensors.Entry(
                        variable.name(),
                        variable.shape(),
                        () -> finite(plan, progress, variable, values.value(variable))))
            .toList();
    SafeTensors.write(file, metadata, entries);
  }

  // A non-finite gradient reaches the weights before the next step's loss shows it.
  private static float[] finite(Plan plan, Progress progress, Variable variable, float[] values) {
    float differences = 0;
    for (float value : values) {
      // NaN for infinity and for NaN; faster than checking each number.
      differences += value - value;
    }
    if (Float.isNaN(differences)) {
      boolean betweenEpochs = progress.betweenEpochs();
      int epoch = betweenEpochs ? progress.epochs() - 1 : progress.epochs();
      throw Failures.diverged(
          plan,
          variable.name() + " is",
          progress.history(),
          epoch,
          betweenEpochs ? new Timeline(plan).stage(epoch).steps() : progress.steps());
    }
    return values;
  }

  /**
   * Reads a checkpoint.
   *
   * @throws RunException when there is no checkpoint, or it is damaged or of another version
   */
  public static Checkpoint read(Path file) {
    if (!Files.isRegularFile(file)) {
      throw new RunException(
          "%s: there is no checkpoint; one is written at the end of the first epoch"
              .formatted(file),
          null);
    }
    try {
      SafeTensors arrays = SafeTensors.read(file);
      String format = arrays.metadata().getOrDefault("format", "none");
      if (!format.equals(FORMAT)) {
        throw new RunException(
            "%s: its format is '%s', but this version of Leaven reads '%s'"
                .formatted(file, format, FORMAT),
            null);
      }
      return new Checkpoint(
          read(file, arrays, "plan", Plan.class),
          read(file, arrays, "progress", Progress.class),
          arrays);
    } catch (IOException e) {
      throw new RunException("%s cannot be read: %s".formatted(file, e.getMessage()), e);
    }
  }

  private static <T extends Record> T read(
      Path file, SafeTensors arrays, String part, Class<T> type) {
    String json = arrays.metadata().getOrDefault(part, "{}");
    try {
      requireSameNames(part, Differences.tree(json), type);
      return TechniqueJson.read(json, type);
    } catch (IllegalArgumentException e) {
      throw new RunException(
          ("%s cannot be read: %s; go on with the version of Leaven that wrote it, or train anew")
              .formatted(file, e.getMessage()),
          e);
    }
  }

  // A missing field would otherwise get a guessed value, or fail without a message. Fields that are
  // optional for a run were absent in older versions, and read as not set.
  private static void requireSameNames(String part, JsonNode written, Class<?> type) {
    Set<String> unknown = new TreeSet<>();
    written.fieldNames().forEachRemaining(unknown::add);
    Set<String> missing = new TreeSet<>();
    for (RecordComponent component : type.getRecordComponents()) {
      String name = writtenName(component, written);
      boolean said = unknown.remove(name);
      if (!said && component.getType() != Optional.class) {
        missing.add(name);
      } else if (said && isPart(component.getType())) {
        requireSameNames(part, written.path(name), component.getType());
      }
    }
    if (!missing.isEmpty()) {
      throw new IllegalArgumentException(
          "its %s is of another version, which did not say %s"
              .formatted(part, String.join(", ", missing)));
    }
    if (!unknown.isEmpty()) {
      throw new IllegalArgumentException(
          "its %s is of another version, which also said %s"
              .formatted(part, String.join(", ", unknown)));
    }
  }

  // An older version may have written the part under another name.
  private static String writtenName(RecordComponent component, JsonNode written) {
    JsonAlias alias = component.getAccessor().getAnnotation(JsonAlias.class);
    return Stream.of(alias == null ? new String[0] : alias.value())
        .filter(written::has)
        .findFirst()
        .orElse(component.getName());
  }

  // A technique declares which of its fields are optional.
  private static boolean isPart(Class<?> type) {
    return type.isRecord() && !Technique.class.isAssignableFrom(type);
  }

  /**
   * Puts the arrays into a session.
   *
   * @throws RunException when the variables do not match those of the checkpoint
   */
  public void restore(Path file, Session session, Variables variables) {
    for (Variable variable : variables.all()) {
      if (!variable.shape().equals(arrays.shapes().get(variable.name()))) {
        throw new RunException(
            "%s: the model has %s of shape %s, but the checkpoint %s"
                .formatted(
                    file,
                    variable.name(),
                    variable.shape(),
                    arrays.shapes().containsKey(variable.name())
                        ? "one of shape " + arrays.shapes().get(variable.name())
                        : "has none"),
            null);
      }
    }
    variables.assign(session, arrays.values());
  }
}
