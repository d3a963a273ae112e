package dev.leaven.runtime.data;

import com.google.protobuf.InvalidProtocolBufferException;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;
import org.tensorflow.proto.Example;
import org.tensorflow.proto.Feature;

/**
 * The images of TFRecord files as separate files: a folder for each record file, and a table that
 * names each image, its label and its part.
 *
 * <p>They are unpacked into a folder of another name, which is then renamed: a visible folder is
 * complete.
 *
 * @param image the feature with the image's bytes
 * @param label the feature with the label
 */
record UnpackedRecords(String image, String label) {

  static final String TABLE = "images.csv";

  /**
   * Unpacks records, unless that was done before.
   *
   * @param train files for training
   * @param valid files for validation, perhaps none
   * @return the folder
   */
  Path get(List<Path> train, List<Path> valid) {
    Path home = LeavenHome.ofProcess().toAbsolutePath().resolve("tfrecords");
    try {
      Path folder = home.resolve(key(train, valid));
      if (Files.isDirectory(folder)) {
        return folder;
      }
      Files.createDirectories(home);
      Path unfinished = Files.createTempDirectory(home, ".unfinished");
      try {
        write(unfinished, train, valid);
        rename(unfinished, folder);
      } finally {
        LeavenHome.delete(unfinished);
      }
      return folder;
    } catch (IOException | UncheckedIOException e) {
      throw new DataException(
          "%s: the images cannot be unpacked there: %s; let LEAVEN_HOME name a folder with room"
              .formatted(home, e.getMessage()),
          e);
    }
  }

  private void write(Path folder, List<Path> train, List<Path> valid) throws IOException {
    Set<String> trained = new HashSet<>();
    try (BufferedWriter writer = Files.newBufferedWriter(folder.resolve(TABLE));
        CSVPrinter table = new CSVPrinter(writer, CSVFormat.RFC4180)) {
      table.printRecord("filename", "label", "part");
      for (Path file : train) {
        unpack(file, folder, "train", table, trained);
      }
      for (Path file : valid) {
        Set<String> evaluated = new HashSet<>();
        unpack(file, folder, "valid", table, evaluated);
        for (String label : evaluated) {
          if (!trained.contains(label)) {
            throw new DataException(
                "%s: class '%s' is in no file for training; train on it too or leave its records out"
                    .formatted(file, label));
          }
        }
      }
    }
    if (trained.size() < 2) {
      throw new DataException(
          "%s: %s, but a classifier needs at least 2 classes"
              .formatted(
                  train.get(0),
                  trained.isEmpty()
                      ? "there is no record"
                      : "every record is of class '%s'".formatted(trained.iterator().next())));
    }
  }

  private void unpack(Path file, Path folder, String part, CSVPrinter table, Set<String> labels)
      throws IOException {
    String name = file.getFileName().toString();
    Files.createDirectories(folder.resolve(name));
    try (TfRecordFile records = TfRecordFile.open(file)) {
      for (byte[] record = records.next(); record != null; record = records.next()) {
        String at = "%s: record %d".formatted(file, records.number());
        Example example = example(record, at);
        byte[] bytes = bytes(example, at);
        String label = label(example, at);
        String image = "%s/%07d.%s".formatted(name, records.number(), FileCheck.extension(bytes));
        Files.write(folder.resolve(image), bytes);
        table.printRecord(image, label, part);
        labels.add(label);
      }
    }
  }

  private static Example example(byte[] record, String at) {
    try {
      return Example.parseFrom(record);
    } catch (InvalidProtocolBufferException e) {
      throw new DataException("%s is no tf.train.Example".formatted(at), e);
    }
  }

  private byte[] bytes(Example example, String at) {
    Feature feature = feature(example, image, at);
    if (feature.getBytesList().getValueCount() != 1) {
      throw new DataException(
          "%s does not have the bytes of one image in '%s'".formatted(at, image));
    }
    return feature.getBytesList().getValue(0).toByteArray();
  }

  private String label(Example example, String at) {
    Feature feature = feature(example, label, at);
    int texts = feature.getBytesList().getValueCount();
    int numbers = feature.getInt64List().getValueCount();
    if (texts + numbers != 1) {
      throw new DataException(
          "%s does not have one label in '%s', a whole number or a text".formatted(at, label));
    }
    String text =
        texts == 1
            ? feature.getBytesList().getValue(0).toStringUtf8().strip()
            : Long.toString(feature.getInt64List().getValue(0));
    if (text.isEmpty()) {
      throw new DataException("%s has an empty label in '%s'".formatted(at, label));
    }
    return text;
  }

  private static Feature feature(Example example, String name, String at) {
    Feature feature = example.getFeatures().getFeatureMap().get(name);
    if (feature == null) {
      throw new DataException(
          "%s has no feature '%s'; it has %s"
              .formatted(
                  at,
                  name,
                  String.join(
                      ", ",
                      example.getFeatures().getFeatureMap().keySet().stream().sorted().toList())));
    }
    return feature;
  }

  private String key(List<Path> train, List<Path> valid) throws IOException {
    StringBuilder text = new StringBuilder(image).append('\n').append(label).append('\n');
    for (List<Path> files : List.of(train, valid)) {
      for (Path file : files) {
        text.append(
            "%s\t%d\t%d\n"
                .formatted(file, Files.size(file), Files.getLastModifiedTime(file).toMillis()));
      }
      text.append('\n');
    }
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256")
              .digest(text.toString().getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash, 0, 12);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  // Another process may have unpacked the same files in the meantime; they are equivalent.
  private static void rename(Path unfinished, Path folder) throws IOException {
    try {
      Files.move(unfinished, folder, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      if (!Files.isDirectory(folder)) {
        throw e;
      }
    }
  }
}
