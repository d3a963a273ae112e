package dev.leaven.runtime.data;

import dev.leaven.runtime.Check;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Tells image files from others by their first bytes, since names lie: downloads end as empty files
 * or as web pages, and a {@code .jpg} is as often a PNG.
 */
final class FileCheck {

  private static final Set<String> EXTENSIONS = Set.of("jpg", "jpeg", "png", "gif", "bmp");

  private FileCheck() {}

  /** Whether a file is meant to be an image, by the end of its name, in any case of letters. */
  static boolean isImageName(String name) {
    int dot = name.lastIndexOf('.');
    return dot >= 0 && EXTENSIONS.contains(name.substring(dot + 1).toLowerCase(Locale.ROOT));
  }

  /**
   * Leaves out the files that are not images.
   *
   * @param source the folder to which the keys of {@code skipped} are relative
   * @param files what to look at
   * @param skipped gets each file left out, in the order of {@code files}, and the reason
   * @return the images
   */
  static Samples.Files images(Path source, Samples.Files files, Map<String, String> skipped) {
    List<Path> paths = files.paths();
    String[] problems = new String[paths.size()];
    IntStream.range(0, problems.length)
        .parallel()
        .forEach(i -> problems[i] = problem(paths.get(i)));
    for (int i = 0; i < problems.length; i++) {
      if (problems[i] != null) {
        skipped.put(name(source, paths.get(i)), problems[i]);
      }
    }
    return files.pick(
        IntStream.range(0, problems.length).filter(i -> problems[i] == null).toArray());
  }

  /**
   * Refuses a source of which too much is damaged to go on without a word.
   *
   * @param source the folder
   * @param skipped the files left out and why
   * @param total the number of files, those included
   * @throws DataException when more than 1 % of the files is left out
   */
  static void refuseMany(Path source, Map<String, String> skipped, int total) {
    if (skipped.size() * 100L <= total) {
      return;
    }
    String first =
        skipped.entrySet().stream()
            .limit(3)
            .map(entry -> "%s %s".formatted(entry.getKey(), entry.getValue()))
            .collect(Collectors.joining(", "));
    String rest = skipped.size() > 3 ? ", and %d more".formatted(skipped.size() - 3) : "";
    throw new DataException(
        ("%s: %d of %d image files (%s %%) cannot be used, where at most 1 %% is skipped:"
                + " %s%s; replace or delete them")
            .formatted(
                source,
                skipped.size(),
                total,
                Check.number(Math.ceil(10_000.0 * skipped.size() / total) / 100),
                first,
                rest));
  }

  /** Why a file is not an image, as the end of a sentence about it, or null when it is one. */
  static @Nullable String problem(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] head = in.readNBytes(ImageHeader.LENGTH);
      if (head.length == 0) {
        return "is empty";
      }
      ImageHeader header = new ImageHeader(head);
      if (header.isJpeg() || header.isPng() || header.isGif() || header.isBmp()) {
        return header.refusal();
      }
      if (header.isWebp()) {
        return "is a WebP image";
      }
      return isText(head) ? "is text" : "is not a JPEG, PNG, GIF or BMP image";
    } catch (IOException e) {
      return Files.isDirectory(file) ? "is a folder" : "cannot be read";
    }
  }

  private static boolean isText(byte[] head) {
    for (byte b : head) {
      if (b < ' ' && b != '\n' && b != '\r' && b != '\t') {
        return false;
      }
    }
    return true;
  }

  // The same on every operating system, for it is written to reports.
  private static String name(Path source, Path file) {
    return source.relativize(file).toString().replace('\\', '/');
  }
}
