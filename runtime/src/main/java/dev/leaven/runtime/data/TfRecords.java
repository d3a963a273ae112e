package dev.leaven.runtime.data;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.PatternSyntaxException;

/**
 * Images in TFRecord files, as TensorFlow's tools write data sets: in each record a {@code
 * tf.train.Example} with the bytes of a JPEG, PNG, GIF or BMP and a label, a whole number or a
 * text.
 *
 * <pre>
 * TfRecords.of("flowers", "train-*").valid("validation-*")
 * </pre>
 *
 * <p>The records are unpacked once, as image files, into {@code tfrecords} in {@link LeavenHome},
 * which takes the same disk space again; from then on they are ordinary files. They are unpacked
 * again when the size or time of a file changes. Whole-number labels are used as class names, and
 * classes are ordered by them; text labels are ordered alphabetically.
 *
 * @param folder where the files are, made absolute
 * @param files which of them to read: a name, or a glob such as {@code train-*}
 * @param validFiles those for validation, in the same form; empty where {@code split} divides the
 *     images
 * @param image the feature with the image's bytes; usually {@code image/encoded}
 * @param label the feature with the label; usually {@code image/class/label}
 * @param split which images are for validation, if no files are given for it; default 20 % of each
 *     class
 */
public record TfRecords(
    Path folder, String files, Optional<String> validFiles, String image, String label, Split split)
    implements DataSource {

  /**
   * Checks the parameters, not yet the files.
   *
   * @throws IllegalArgumentException when one is missing
   */
  public TfRecords {
    if (folder == null || files == null || image == null || label == null || split == null) {
      throw new IllegalArgumentException(
          "TfRecords: folder, files, image, label and split must be given"); // in a JSON text
    }
    folder = folder.toAbsolutePath().normalize();
  }

  /**
   * Files with the usual features; 20 % of each class for validation.
   *
   * @param folder where the files are
   * @param files a name, or a glob such as {@code *.tfrecord}
   * @return the files as a data source
   */
  public static TfRecords of(Path folder, String files) {
    return new TfRecords(
        folder, files, Optional.empty(), "image/encoded", "image/class/label", FractionSplit.USUAL);
  }

  /**
   * Files with the usual features; 20 % of each class for validation.
   *
   * @param folder where the files are
   * @param files a name, or a glob such as {@code *.tfrecord}
   * @return the files as a data source
   */
  public static TfRecords of(String folder, String files) {
    return of(Path.of(folder), files);
  }

  /**
   * The same with validation images in separate files.
   *
   * @param files a name or a glob, in the same folder
   * @return a new value
   */
  public TfRecords valid(String files) {
    return new TfRecords(folder, this.files, Optional.of(files), image, label, split);
  }

  /**
   * The same with the bytes of images in another feature.
   *
   * @param feature its name
   * @return a new value
   */
  public TfRecords image(String feature) {
    return new TfRecords(folder, files, validFiles, feature, label, split);
  }

  /**
   * The same with labels in another feature.
   *
   * @param feature its name, for instance {@code image/class/text}
   * @return a new value
   */
  public TfRecords label(String feature) {
    return new TfRecords(folder, files, validFiles, image, feature, split);
  }

  /**
   * The same divided in another way, where validation has no separate files.
   *
   * @param split for instance {@code new KFold(5, 0)}; a name is the file's, a slash, the number of
   *     the record and the kind of image: {@code train-00001/0000017.jpg}
   * @return a new value
   */
  public TfRecords split(Split split) {
    return new TfRecords(folder, files, validFiles, image, label, split);
  }

  /**
   * Unpacks the records, unless that was done before, checks the images and divides them.
   *
   * @throws DataException when no file matches, a file is damaged, a record lacks a feature, there
   *     is one class only, or the unpacked images cannot be written
   */
  @Override
  public ImageData load(long seed) {
    List<Path> train = matching(files);
    List<Path> valid = validFiles.map(this::matching).orElse(List.of());
    for (Path file : valid) {
      if (train.contains(file)) {
        throw new DataException(
            "%s: both '%s' and '%s' match %s; validate on files that are not trained on"
                .formatted(folder, files, validFiles.orElseThrow(), file.getFileName()));
      }
    }
    Path unpacked = new UnpackedRecords(image, label).get(train, valid);
    CsvImages table = CsvImages.of(unpacked.resolve(UnpackedRecords.TABLE)).label("label");
    ImageData data =
        (validFiles.isPresent() ? table.splitBy("part") : table.split(split)).load(seed);
    return new ImageData(
        this, data.classNames(), data.channels(), data.train(), data.valid(), data.skipped());
  }

  @Override
  public String describe() {
    return "TfRecords: %s in %s, %s"
        .formatted(
            files,
            folder,
            validFiles
                .map(valid -> "%s for validation".formatted(valid))
                .orElseGet(() -> "divided by " + split.describe()));
  }

  private List<Path> matching(String glob) {
    List<Path> found = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder, glob)) {
      for (Path entry : entries) {
        if (Files.isRegularFile(entry)) {
          found.add(entry);
        }
      }
    } catch (PatternSyntaxException e) {
      throw new DataException(
          "TfRecords: '%s' is no glob such as train-*; check its brackets".formatted(glob), e);
    } catch (IOException e) {
      throw Files.isDirectory(folder)
          ? DataException.unreadable(folder, e)
          : new DataException("%s: there is no such folder; check the path".formatted(folder), e);
    }
    if (found.isEmpty()) {
      throw new DataException("%s: no file matches '%s'; check the name".formatted(folder, glob));
    }
    found.sort(null);
    return found;
  }
}
