package dev.leaven.dsl;

import dev.leaven.dsl.Training.Trained;
import dev.leaven.dsl.ablate.Ledger;
import dev.leaven.runtime.TechniqueJson;
import dev.leaven.runtime.data.DataSource;
import dev.leaven.runtime.data.LeavenHome;
import dev.leaven.runtime.run.RunException;
import dev.leaven.runtime.train.Trainer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The directory of an ablation: {@code VARIANT/seed-N} for each run, with its result in {@code
 * outcome.json}, and the ledger in four forms. Files appear under their names when they are
 * complete.
 */
final class AblationFiles {

  private static final String OUTCOME = "outcome.json";

  private final Path directory;
  private final String data;

  AblationFiles(Path directory, DataSource data) {
    this.directory = directory;
    this.data = data.describe();
  }

  Path directory() {
    return directory;
  }

  /**
   * Checks that nothing else is in the directory of an ablation: a folder of images would get
   * folders that are no classes.
   *
   * @throws RunException when something does
   */
  void requireOwn() {
    if (Files.exists(directory) && !Files.isDirectory(directory)) {
      throw new RunException(
          "%s is a file, but an ablation needs a directory; choose another".formatted(directory),
          null);
    }
    try (Stream<Path> entries = Files.list(directory)) {
      entries
          .filter(entry -> !isOwn(entry))
          .findFirst()
          .ifPresent(
              other -> {
                throw new RunException(
                    "%s is not empty and not of an ablation: it has %s; choose another directory"
                        .formatted(directory, other.getFileName()),
                    null);
              });
    } catch (NoSuchFileException e) {
      // The first run creates it.
    } catch (IOException e) {
      throw failure(directory, e);
    }
  }

  private static boolean isOwn(Path entry) {
    String name = entry.getFileName().toString();
    return name.startsWith("ledger.") || name.matches("\\d+-.*") && holdsRuns(entry);
  }

  private static boolean holdsRuns(Path variant) {
    try (Stream<Path> runs = Files.list(variant)) {
      return runs.allMatch(run -> run.getFileName().toString().matches("timed|seed-.*"));
    } catch (IOException e) {
      return false;
    }
  }

  Path run(String folder, String name) {
    return directory.resolve(folder).resolve(name);
  }

  /**
   * Reads the result of a run.
   *
   * @return empty if it is not finished
   * @throws RunException when it is of another recipe or other data
   */
  Optional<Trained> outcome(Path run, Recipe recipe) {
    Path file = run.resolve(OUTCOME);
    if (!Files.exists(run.resolve("recipe.json"))) {
      return Optional.empty();
    }
    try {
      List<String> differences = Trainer.differences(run, recipe.toJson());
      if (!differences.isEmpty()) {
        throw new RunException(
            "%s belongs to another recipe; choose another directory. What differs: %s"
                .formatted(run, String.join("; ", differences)),
            null);
      }
      if (Files.exists(file)) {
        Trained trained = TechniqueJson.read(Files.readString(file), Trained.class);
        if (!trained.data().equals(data)) {
          throw new RunException(
              "%s is a run on other data, %s; choose another directory"
                  .formatted(run, trained.data()),
              null);
        }
        return Optional.of(trained);
      }
      if (!Files.exists(run.resolve("last/checkpoint.safetensors"))) {
        // Ended before its first checkpoint: there is nothing to continue from.
        LeavenHome.delete(run);
      }
      return Optional.empty();
    } catch (IOException e) {
      throw failure(file, e);
    }
  }

  /** Keeps the result of a run, and deletes its weights. */
  void keep(Path run, Trained trained, boolean weights) {
    write(run.resolve(OUTCOME), TechniqueJson.writePretty(trained) + "\n");
    if (!weights) {
      deleteWeights(run);
    }
  }

  private static void deleteWeights(Path run) {
    for (String folder : List.of("last", "best")) {
      try {
        LeavenHome.delete(run.resolve(folder));
      } catch (IOException e) {
        throw failure(run.resolve(folder), e);
      }
    }
  }

  void write(Ledger ledger) {
    write(directory.resolve("ledger.txt"), ledger.text());
    write(directory.resolve("ledger.md"), ledger.markdown());
    write(directory.resolve("ledger.csv"), ledger.csv());
    write(directory.resolve("ledger.html"), ledger.html());
    write(directory.resolve("ledger.json"), ledger.json());
  }

  private static void write(Path file, String text) {
    Path fresh = file.resolveSibling(file.getFileName() + ".tmp");
    try {
      Files.createDirectories(file.getParent());
      Files.writeString(fresh, text);
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw failure(file, e);
    }
  }

  private static RunException failure(Path file, IOException e) {
    return new RunException(
        "%s cannot be read or written: %s; give the ablation another directory"
            .formatted(
                file, e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage()),
        e);
  }
}
