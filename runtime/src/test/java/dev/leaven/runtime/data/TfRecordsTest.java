package dev.leaven.runtime.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.leaven.runtime.TechniqueJson;
import dev.leaven.runtime.internal.tensorflow.GraphOps;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.Graph;
import org.tensorflow.Session;
import org.tensorflow.op.Ops;
import org.tensorflow.proto.BytesList;
import org.tensorflow.proto.Example;
import org.tensorflow.proto.Feature;
import org.tensorflow.proto.Features;
import org.tensorflow.proto.Int64List;
import org.tensorflow.types.TString;

class TfRecordsTest {

  @TempDir Path root;

  private String home;

  @BeforeEach
  void keepCachesHere() {
    home = System.getProperty("leaven.home");
    System.setProperty("leaven.home", root.resolve("home").toString());
  }

  @AfterEach
  void keepThemWhereTheyWere() {
    if (home == null) {
      System.clearProperty("leaven.home");
    } else {
      System.setProperty("leaven.home", home);
    }
  }

  @Test
  void readsImagesAndNumbersFromFilesForEachPart() throws IOException {
    write("train-0", record(10, TinyFiles.JPEG), record(2, TinyFiles.PNG));
    write("train-1", record(2, TinyFiles.GIF));
    write("validation-0", record(10, TinyFiles.BMP));
    ImageData data = TfRecords.of(root, "train-*").valid("validation-*").load(1);
    assertThat(data.source()).isInstanceOf(TfRecords.class);
    assertThat(data.classNames()).containsExactly("2", "10");
    assertThat(data.train().labels()).containsExactly(1, 0, 0);
    assertThat(names(data.train()))
        .containsExactly("train-0/0000001.jpg", "train-0/0000002.png", "train-1/0000001.gif");
    assertThat(data.valid().labels()).containsExactly(1);
    Path valid = ((Samples.Files) data.valid()).paths().get(0);
    assertThat(Files.readAllBytes(valid)).isEqualTo(TinyFiles.BMP);
  }

  @Test
  void readsTextsAndOtherFeaturesAndDividesBySplits() throws IOException {
    Feature image = bytes(TinyFiles.JPEG);
    byte[] cat = example("jpeg", image, "name", bytes("cat, big".getBytes(StandardCharsets.UTF_8)));
    byte[] dog = example("jpeg", image, "name", bytes("Dögge".getBytes(StandardCharsets.UTF_8)));
    write("pets.tfrecord", cat, dog, cat, dog, dog, cat);
    TfRecords source =
        TfRecords.of(root, "pets.tfrecord").image("jpeg").label("name").split(new KFold(3, 0));
    ImageData data = source.load(1);
    assertThat(data.classNames()).containsExactly("Dögge", "cat, big");
    assertThat(data.valid().labels()).containsExactlyInAnyOrder(0, 1);
  }

  @Test
  void readsCompressedFiles() throws IOException {
    write("t", record(0, TinyFiles.JPEG), record(1, TinyFiles.JPEG));
    byte[] plain = Files.readAllBytes(root.resolve("t"));
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
      gzip.write(plain);
      gzip.write(plain);
    }
    Files.write(root.resolve("t"), packed.toByteArray());
    assertThat(TfRecords.of(root, "t").load(1).train().labels()).containsExactlyInAnyOrder(0, 1);
  }

  @Test
  void unpacksOnceAndAnewWhenAFileHasChanged() throws IOException {
    byte[][] records = {
      record(0, TinyFiles.JPEG), record(1, TinyFiles.JPEG),
      record(0, TinyFiles.JPEG), record(1, TinyFiles.JPEG)
    };
    write("t", records);
    Samples first = TfRecords.of(root, "t").load(1).train();
    Path file = ((Samples.Files) first).paths().get(0);
    FileTime old = FileTime.fromMillis(0);
    Files.setLastModifiedTime(file, old);
    Samples again = TfRecords.of(root, "t").load(1).train();
    assertThat(((Samples.Files) again).paths()).isEqualTo(((Samples.Files) first).paths());
    assertThat(Files.getLastModifiedTime(file)).isEqualTo(old);
    assertThat(unpacked()).hasSize(1);
    write("t", Arrays.copyOf(records, 3));
    TfRecords.of(root, "t").load(1);
    assertThat(unpacked()).hasSize(2);
  }

  /** The form of the test's own files, and so of what is read, is TensorFlow's. */
  @Test
  void tensorFlowReadsTheSameRecords() throws IOException {
    byte[] first = record(3, TinyFiles.JPEG);
    write("t", first, record(4, TinyFiles.PNG));
    try (Graph graph = new Graph();
        Session session = new Session(graph)) {
      Ops tf = GraphOps.of(graph);
      // Its own data set of records cannot be started: the rewritten graph lacks an input.
      var queue = tf.io.fifoQueue(List.of(TString.class));
      var fill = tf.io.queueEnqueue(queue, List.of(tf.constant(root.resolve("t").toString())));
      var next = tf.io.readerRead(tf.io.tfRecordReader(), queue);
      session.runner().addTarget(fill.op()).run().close();
      try (var result = session.runner().fetch(next.value()).run();
          TfRecordFile ours = TfRecordFile.open(root.resolve("t"))) {
        assertThat(((TString) result.get(0)).asBytes().getObject()).isEqualTo(first);
        assertThat(ours.next()).isEqualTo(first);
      }
    }
  }

  @Test
  void theChecksumIsCrc32c() {
    // RFC 3720, B.4: 32 bytes of zero give 0x8a9136aa.
    int expected = Integer.rotateRight(0x8a9136aa, 15) + 0xa282ead8;
    assertThat(TfRecordFile.checksum(new byte[32], 32)).isEqualTo(expected);
  }

  @Test
  void isWrittenToJsonAndReadBack() {
    for (TfRecords source :
        List.of(
            TfRecords.of("/d", "*.tfrecord").split(new KFold(5, 0)),
            TfRecords.of("/d", "t-*").valid("v-*").image("i").label("l"))) {
      assertThat(TechniqueJson.read(TechniqueJson.write(source), DataSource.class))
          .isEqualTo(source);
    }
    assertThat(TfRecords.of("/d", "t-*").valid("v-*").describe())
        .isEqualTo(
            "TfRecords: t-* in %s, v-* for validation".formatted(Path.of("/d").toAbsolutePath()));
  }

  @Test
  void refusesFilesThatAreNotThere() throws IOException {
    write("t-1", record(0, TinyFiles.JPEG), record(1, TinyFiles.JPEG));
    refuses(TfRecords.of(root, "u-*"), root + ": no file matches 'u-*'; check the name");
    refuses(
        TfRecords.of(root.resolve("none"), "*"),
        root + "/none: there is no such folder; check the path");
    refuses(
        TfRecords.of(root, "t-*").valid("*-1"),
        root + ": both 't-*' and '*-1' match t-1; validate on files that are not trained on");
    refuses(
        TfRecords.of(root, "[t"), "TfRecords: '[t' is no glob such as train-*; check its brackets");
  }

  @Test
  void refusesDamagedFiles() throws IOException {
    write("t", record(0, TinyFiles.JPEG), record(1, TinyFiles.JPEG));
    Path file = root.resolve("t");
    byte[] good = Files.readAllBytes(file);
    for (int length : new int[] {good.length - 1, good.length / 2 + 5, good.length / 2 + 20}) {
      Files.write(file, Arrays.copyOf(good, length));
      refuses(
          TfRecords.of(root, "t"),
          file + ": the file ends in the middle of record 2; copy or download it again");
    }
    for (int place : new int[] {0, 9, 30}) {
      byte[] bad = good.clone();
      bad[place] ^= 4;
      Files.write(file, bad);
      refuses(
          TfRecords.of(root, "t"),
          file + ": record 1 is damaged, or this is no TFRecord file; copy or download it again");
    }
    assertThat(unpacked()).isEmpty();
  }

  @Test
  void refusesRecordsOfAnotherKind() throws IOException {
    Path file = root.resolve("t");
    Feature image = bytes(TinyFiles.JPEG);
    byte[] good = record(0, TinyFiles.JPEG);
    write("t", good, example("image/encoded", image, "height", number(4)));
    refuses(
        TfRecords.of(root, "t"),
        file + ": record 2 has no feature 'image/class/label'; it has height, image/encoded");
    write(
        "t",
        good,
        example("image/encoded", image, "image/class/label", image.toBuilder().clear().build()));
    refuses(
        TfRecords.of(root, "t"),
        file
            + ": record 2 does not have one label in 'image/class/label', a whole number or a text");
    write("t", example("image/encoded", number(1), "image/class/label", number(1)));
    refuses(
        TfRecords.of(root, "t"),
        file + ": record 1 does not have the bytes of one image in 'image/encoded'");
    write("t", new byte[] {(byte) 0xff, 1, 2});
    refuses(TfRecords.of(root, "t"), file + ": record 1 is no tf.train.Example");
    write("t");
    refuses(
        TfRecords.of(root, "t"),
        file + ": there is no record, but a classifier needs at least 2 classes");
    write("t", good, good);
    refuses(
        TfRecords.of(root, "t"),
        file + ": every record is of class '0', but a classifier needs at least 2 classes");
    write("t", good, record(1, TinyFiles.JPEG));
    write("v", record(7, TinyFiles.JPEG));
    refuses(
        TfRecords.of(root, "t").valid("v"),
        root
            + "/v: class '7' is in no file for training; train on it too or leave its records out");
  }

  private static void refuses(TfRecords source, String message) {
    assertThatThrownBy(() -> source.load(1)).isInstanceOf(DataException.class).hasMessage(message);
  }

  private List<Path> unpacked() throws IOException {
    try (Stream<Path> folders = Files.list(root.resolve("home/tfrecords"))) {
      return folders.toList();
    }
  }

  private List<String> names(Samples samples) {
    return ((Samples.Files) samples)
        .paths().stream()
            .map(path -> path.getParent().getFileName() + "/" + path.getFileName())
            .toList();
  }

  private void write(String name, byte[]... records) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] record : records) {
      byte[] length = little(8).putLong(record.length).array();
      out.write(length);
      out.write(little(4).putInt(masked(length)).array());
      out.write(record);
      out.write(little(4).putInt(masked(record)).array());
    }
    Files.write(root.resolve(name), out.toByteArray());
  }

  private static ByteBuffer little(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  // Castagnoli's polynomial bit by bit.
  private static int masked(byte[] bytes) {
    int crc = -1;
    for (byte b : bytes) {
      crc ^= b & 0xff;
      for (int k = 0; k < 8; k++) {
        crc = (crc & 1) == 0 ? crc >>> 1 : (crc >>> 1) ^ 0x82f63b78;
      }
    }
    crc = ~crc;
    return ((crc >>> 15) | (crc << 17)) + 0xa282ead8;
  }

  private static byte[] record(long label, byte[] image) {
    return example("image/encoded", bytes(image), "image/class/label", number(label));
  }

  private static byte[] example(String name, Feature feature, String other, Feature second) {
    return Example.newBuilder()
        .setFeatures(Features.newBuilder().putFeature(name, feature).putFeature(other, second))
        .build()
        .toByteArray();
  }

  private static Feature bytes(byte[] value) {
    return Feature.newBuilder()
        .setBytesList(BytesList.newBuilder().addValue(ByteString.copyFrom(value)))
        .build();
  }

  private static Feature number(long value) {
    return Feature.newBuilder().setInt64List(Int64List.newBuilder().addValue(value)).build();
  }
}
