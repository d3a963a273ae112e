package dev.leaven.runtime.internal.step;

import dev.leaven.runtime.models.PretrainedWeights;
import dev.leaven.runtime.plan.Plan;
import dev.leaven.runtime.run.RunException;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The initial weights of a run that are read from a file instead of drawn at random. */
final class Pretrained {

  private Pretrained() {}

  /**
   * Reads them. Only the head may be missing or have other classes; it is then initialized at
   * random.
   *
   * @param file in the safetensors format, with PyTorch's names
   * @param plan defines the model that they are for
   * @return an array for each variable that the file has
   * @throws RunException when the file cannot be read or is for another model
   */
  static Map<String, FloatBuffer> values(Path file, Plan plan) {
    if (!Files.isRegularFile(file)) {
      throw new RunException(
          "pretrained: there is no file %s; check the path".formatted(file), null);
    }
    PretrainedWeights weights;
    try {
      weights =
          PretrainedWeights.read(
              file,
              plan.model().architecture(),
              plan.data().channels(),
              plan.data().classNames().size());
    } catch (IOException | IllegalArgumentException e) {
      throw new RunException("pretrained: " + e.getMessage(), e);
    }
    List<String> missing =
        weights.missing().stream()
            .filter(name -> plan.model().architecture().head().stream().noneMatch(name::startsWith))
            .toList();
    if (!weights.reshaped().isEmpty() || !missing.isEmpty()) {
      throw new RunException(
          "pretrained: %s is of another model than %s: %s"
              .formatted(
                  file,
                  plan.model().architecture().describe(),
                  weights.reshaped().isEmpty()
                      ? "it has no " + missing.get(0)
                      : weights.reshaped().get(0)),
          null);
    }
    return weights.values();
  }
}
