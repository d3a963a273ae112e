package dev.leaven.runtime.machine;

import dev.leaven.runtime.TechniqueJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The stored results of a machine, in one file that is replaced in one step.
 *
 * @param verdict the verdict of the machine's check
 * @param layers the findings for models' layers, by kernels, precision and {@link LayerShape#key}
 * @param models the names of each model's layers, by kernels, precision and the model's JSON
 */
record KnownMachine(
    Verdict verdict, Map<String, Finding> layers, Map<String, List<String>> models) {

  KnownMachine {
    layers = Map.copyOf(layers);
    models = Map.copyOf(models);
  }

  static KnownMachine of(Verdict verdict) {
    return new KnownMachine(verdict, Map.of(), Map.of());
  }

  /**
   * Reads a file.
   *
   * @return empty if there is none, or it is truncated, of another version or of another machine:
   *     the check is then repeated
   */
  static Optional<KnownMachine> read(Path file, String machine) {
    try {
      KnownMachine known = TechniqueJson.read(Files.readString(file), KnownMachine.class);
      return known.verdict.machine().equals(machine) ? Optional.of(known) : Optional.empty();
    } catch (IOException | IllegalArgumentException | NullPointerException e) {
      return Optional.empty();
    }
  }

  /** Writes it, or does nothing where that is not possible: the next process checks again. */
  void write(Path file) {
    Path fresh = null;
    try {
      Files.createDirectories(file.getParent());
      fresh = Files.createTempFile(file.getParent(), "check", ".part");
      Files.writeString(fresh, TechniqueJson.writePretty(this));
      Files.move(fresh, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      discard(fresh);
    }
  }

  private static void discard(@org.jspecify.annotations.Nullable Path file) {
    try {
      if (file != null) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      // A small file in a cache folder.
    }
  }

  /** The same with more findings, and more models. */
  KnownMachine with(Map<String, Finding> found, Map<String, List<String>> built) {
    Map<String, Finding> allLayers = new TreeMap<>(layers);
    allLayers.putAll(found);
    Map<String, List<String>> allModels = new TreeMap<>(models);
    allModels.putAll(built);
    return new KnownMachine(verdict, allLayers, allModels);
  }
}
