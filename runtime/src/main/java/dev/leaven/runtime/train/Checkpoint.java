package dev.leaven.runtime.train;

import dev.leaven.runtime.TechniqueJson;
import dev.leaven.runtime.graph.SafeTensors;
import dev.leaven.runtime.graph.Variable;
import dev.leaven.runtime.graph.Variables;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.tensorflow.Session;

/**
 * Everything that a run is, in one file: plan, progress, the model's variables and the optimizer's
 * memory.
 *
 * @param plan what the run does
 * @param progress how far it has come
 * @param arrays the variables
 */
record Checkpoint(Plan plan, Progress progress, SafeTensors arrays) {

  static final String FILE = "checkpoint.safetensors";
  private static final String FORMAT = "leaven checkpoint 1";

  static void write(Path file, Plan plan, Progress progress, Session session, Variables variables)
      throws IOException {
    Map<String, String> metadata = new LinkedHashMap<>();
    metadata.put("format", FORMAT);
    metadata.put("plan", TechniqueJson.write(plan));
    metadata.put("progress", TechniqueJson.write(progress));
    metadata.put("recipe", plan.recipe());
    metadata.put("recipeHash", plan.recipeHash());
    try (Variables.Snapshot snapshot = variables.snapshot(session)) {
      List<SafeTensors.Entry> entries =
          snapshot.variables().stream()
              .map(
                  variable ->
                      new SafeTensors.Entry(
                          variable.name(), variable.shape(), () -> snapshot.value(variable)))
              .toList();
      SafeTensors.write(file, metadata, entries);
    }
  }

  /**
   * Reads a checkpoint.
   *
   * @throws RunException when there is none, or it is damaged or of another version
   */
  static Checkpoint read(Path file) {
    if (!Files.isRegularFile(file)) {
      throw new RunException(
          "%s: there is no checkpoint, so there is nothing to resume".formatted(file), null);
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
          TechniqueJson.read(arrays.metadata().get("plan"), Plan.class),
          TechniqueJson.read(arrays.metadata().get("progress"), Progress.class),
          arrays);
    } catch (IOException e) {
      throw new RunException("%s cannot be read: %s".formatted(file, e.getMessage()), e);
    }
  }

  /**
   * Puts the arrays into a session.
   *
   * @throws RunException when the variables are not those of the checkpoint
   */
  void restore(Path file, Session session, Variables variables) {
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
