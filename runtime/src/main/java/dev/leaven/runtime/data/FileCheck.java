package dev.leaven.runtime.data;

import dev.leaven.runtime.internal.tensorflow.Keys;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Recognises image files by their first bytes, because names are unreliable: failed downloads leave
 * empty files or web pages, and a {@code .jpg} is often a PNG.
 *
 * <p>Up to 100,000 files, every file is checked. Above that, 20,000 evenly spread files are
 * checked: enough to distinguish a damaged set from a sound one, and always the same files.
 */
final class FileCheck {

  private static final Set<String> EXTENSIONS = Set.of("jpg", "jpeg", "png", "gif", "bmp");

  // Opening a file takes 10 µs where it is cached and 10 ms where it is far away. Of 20,000 files
  // of a set of which 2 % are bad, 1 % or less are bad once in 10^28 times.
  private static final int ALL = 100_000;
  private static final int SOME = 20_000;

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
   * @param files the files to check
   * @param skipped gets each file left out, in the order of {@code files}, and the reason
   * @return the images
   */
  static Samples.Files images(Path source, Samples.Files files, Map<String, String> skipped) {
    int[] good = good(source, files.paths(), skipped);
    return good.length == files.size() ? files : files.pick(good);
  }

  /**
   * Finds the files that are images.
   *
   * @param source the folder to which the keys of {@code skipped} are relative
   * @param paths the files to check
   * @param skipped gets each file left out, in the order of {@code paths}, and the reason
   * @return positions, ascending
   */
  static int[] good(Path source, List<Path> paths, Map<String, String> skipped) {
    int looks = looks(paths.size());
    String[] problems = new String[looks];
    IntStream.range(0, looks)
        .parallel()
        .forEach(i -> problems[i] = problem(paths.get(place(i, looks, paths.size()))));
    BitSet bad = new BitSet();
    for (int i = 0; i < looks; i++) {
      if (problems[i] != null) {
        int place = place(i, looks, paths.size());
        bad.set(place);
        skipped.put(name(source, paths.get(place)), problems[i]);
      }
    }
    return IntStream.range(0, paths.size()).filter(i -> !bad.get(i)).toArray();
  }

  /** The number of files to check out of a total. */
  static int looks(int files) {
    return files <= ALL ? files : SOME;
  }

  // One file from each of several ranges of equal length, at a different place in each: files at
  // equal distances could all be of one kind.
  private static int place(int look, int looks, int files) {
    long begin = (long) look * files / looks;
    long length = (long) (look + 1) * files / looks - begin;
    return (int) (begin + Long.remainderUnsigned(Keys.key(looks, look), length));
  }

  /**
   * Rejects a source with too many damaged files.
   *
   * @param source the folder
   * @param skipped the files left out and why
   * @param total the number of files checked, those included
   * @throws DataException when more than 1 % of the files is left out
   */
  static void refuseMany(Path source, Map<String, String> skipped, int total) {
    refuseMany(source, skipped, skipped.size(), total);
  }

  /**
   * Rejects a source with too many damaged files.
   *
   * @param source the folder
   * @param skipped what was left out and why, damaged files last
   * @param bad the number of damaged files
   * @param total the number of files checked, those included
   * @throws DataException when more than 1 % of the files is left out
   */
  static void refuseMany(Path source, Map<String, String> skipped, int bad, int total) {
    UnusableImages unusable = new UnusableImages(bad, total);
    if (!unusable.tooMany()) {
      return;
    }
    throw new DataException(
        ("%s: %d of %d image files (%s %%) cannot be used, where at most 1 %% is skipped:"
                + " %s; replace or delete them")
            .formatted(
                source,
                bad,
                total,
                unusable.percent(),
                unusable.named(
                    skipped.entrySet().stream()
                        .skip(skipped.size() - bad)
                        .map(entry -> "%s %s".formatted(entry.getKey(), entry.getValue())))));
  }

  /** Why a file is not an image, as the end of a sentence about it, or null when it is one. */
  static @Nullable String problem(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      return problem(in.readNBytes(ImageHeader.LENGTH));
    } catch (IOException e) {
      return Files.isDirectory(file) ? "is a folder" : "cannot be read";
    }
  }

  /** Why a file that begins so is not an image, or null when it is one. */
  static @Nullable String problem(byte[] head) {
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
  }

  /** How the name of a file with this content should end; {@code jpg} if it is not an image. */
  static String extension(byte[] content) {
    ImageHeader header = new ImageHeader(content);
    return header.isPng() ? "png" : header.isGif() ? "gif" : header.isBmp() ? "bmp" : "jpg";
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
  static String name(Path source, Path file) {
    return source.relativize(file).toString().replace('\\', '/');
  }
}
