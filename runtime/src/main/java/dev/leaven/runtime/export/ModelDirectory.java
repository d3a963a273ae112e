package dev.leaven.runtime.export;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.leaven.runtime.Suggestions;
import dev.leaven.runtime.TechniqueJson;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.stream.Stream;

/** The directory of an exported model: TensorFlow's SavedModel, and files next to its graph. */
final class ModelDirectory {

  /** The graph's file, which makes a directory a SavedModel. */
  static final String GRAPH = "saved_model.pb";

  /** The folder that TensorFlow reserves for additional files. */
  static final String ASSETS = "assets.extra";

  /** The file with the model's metadata. */
  static final String INFO = "leaven.json";

  private static final ObjectMapper JSON = new ObjectMapper();

  private ModelDirectory() {}

  /**
   * Refuses a directory for a new model that is already in use.
   *
   * @throws ModelException when there is anything but an empty directory
   */
  static void requireFree(Path directory) {
    if (Files.isDirectory(directory)) {
      try (Stream<Path> files = Files.list(directory)) {
        if (files.findAny().isPresent()) {
          throw new ModelException(
              "%s is not empty; export into another directory".formatted(directory), null);
        }
      } catch (IOException e) {
        throw unwritable(directory, e);
      }
      return;
    }
    Path place = directory.toAbsolutePath();
    while (place != null && !Files.exists(place)) {
      place = place.getParent();
    }
    if (place != null && !Files.isDirectory(place)) {
      throw new ModelException(
          "%s is a file, but a model needs a directory".formatted(place), null);
    }
  }

  /**
   * Writes a model. The directory appears under its name only when it is complete.
   *
   * @param directory where to write; missing parents are created
   * @param graph the SavedModel
   * @param assets the texts next to it, by their names
   * @throws ModelException when it cannot be written or the directory is already in use
   */
  static void write(Path directory, byte[] graph, Map<String, String> assets) {
    requireFree(directory);
    Path place = directory.toAbsolutePath().normalize();
    Path fresh = place.resolveSibling("." + place.getFileName() + ".tmp");
    try {
      Files.createDirectories(fresh.resolve(ASSETS));
      Files.write(fresh.resolve(GRAPH), graph);
      for (Map.Entry<String, String> asset : assets.entrySet()) {
        Files.writeString(fresh.resolve(ASSETS).resolve(asset.getKey()), asset.getValue());
      }
      Files.deleteIfExists(place);
      Files.move(fresh, place, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw unwritable(directory, e);
    } finally {
      delete(fresh);
    }
  }

  private static ModelException unwritable(Path directory, IOException e) {
    return new ModelException("%s cannot be written: %s".formatted(directory, e.getMessage()), e);
  }

  /** Deletes the directory of a model, as far as it exists. */
  static void delete(Path directory) {
    if (!Files.isDirectory(directory)) {
      return;
    }
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      // Remaining files do no harm, and the failure before is more important.
      org.slf4j.LoggerFactory.getLogger(ModelDirectory.class).debug("deleting {}", directory, e);
    }
  }

  /**
   * Reads a model's metadata and checks that its graph is complete.
   *
   * @throws ModelException when the directory is not a model, the model is of a newer version, or
   *     it is damaged
   */
  static ModelInfo read(Path directory) {
    if (!Files.isDirectory(directory)) {
      throw new ModelException(
          Files.exists(directory)
              ? "%s is a file, not a model; name the directory of a model".formatted(directory)
              : "%s is not a model: there is no such directory".formatted(directory),
          null);
    }
    Path file = directory.resolve(ASSETS).resolve(INFO);
    String text;
    try {
      text = Files.readString(file);
    } catch (NoSuchFileException e) {
      // Without the cause, whose message is only the path: Maven would print it after the sentence.
      throw new ModelException(unknown(directory), null);
    } catch (IOException e) {
      throw new ModelException("%s cannot be read: %s".formatted(file, e.getMessage()), e);
    }
    ModelInfo info = parse(file, text);
    requireWhole(directory.resolve(GRAPH), info);
    return info;
  }

  private static String unknown(Path directory) {
    if (Files.isRegularFile(directory.resolve("recipe.json"))) {
      return "%s is a run, not an exported model; export it first: %s, or leaven export %s DIR"
          .formatted(directory, "Export.of(run).to(directory)", directory);
    }
    if (Files.isRegularFile(directory.resolve(GRAPH))) {
      return "%s is a SavedModel, but not one that Leaven exported: it has no %s/%s"
          .formatted(directory, ASSETS, INFO);
    }
    return "%s is not a model: it has no %s%s"
        .formatted(directory, GRAPH, Suggestions.didYouMean(directory, GRAPH));
  }

  private static ModelInfo parse(Path file, String text) {
    try {
      JsonNode json = JSON.readTree(text);
      String format = json.path("format").asText("none");
      if (!format.equals(ModelInfo.FORMAT)) {
        throw new ModelException(
            "%s: its format is '%s', but this version of Leaven reads '%s'; %s"
                .formatted(
                    file,
                    format,
                    ModelInfo.FORMAT,
                    "use the version of Leaven that wrote it, or export the run again"),
            null);
      }
      return TechniqueJson.read(text, ModelInfo.class);
    } catch (ModelException e) {
      throw e;
    } catch (JsonProcessingException | IllegalArgumentException e) {
      throw new ModelException("%s is damaged or cut off; export the run again".formatted(file), e);
    }
  }

  private static void requireWhole(Path graph, ModelInfo info) {
    try {
      long bytes = Files.size(graph);
      if (bytes != info.graphBytes()) {
        throw new ModelException(
            "%s is cut off: it should have %d bytes, but has %d; copy the model again, or export the run again"
                .formatted(graph, info.graphBytes(), bytes),
            null);
      }
      if (!sha256(Files.newInputStream(graph)).equals(info.graphSha256())) {
        throw new ModelException(
            "%s is damaged: its checksum is another than when it was exported; copy the model again, or export the run again"
                .formatted(graph),
            null);
      }
    } catch (NoSuchFileException e) {
      throw new ModelException("%s is missing; copy the whole model".formatted(graph), e);
    } catch (IOException e) {
      throw new ModelException("%s cannot be read: %s".formatted(graph, e.getMessage()), e);
    }
  }

  /** The checksum of some bytes, in hexadecimal; the stream is closed. */
  static String sha256(InputStream content) throws IOException {
    try (DigestInputStream in =
        new DigestInputStream(content, MessageDigest.getInstance("SHA-256"))) {
      in.transferTo(java.io.OutputStream.nullOutputStream());
      return HexFormat.of().formatHex(in.getMessageDigest().digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
