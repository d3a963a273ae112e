package dev.leaven.runtime.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leaven.runtime.TechniqueJson;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IdxFolderTest {

  private static final String TRAIN_IMAGES = "train-images-idx3-ubyte";
  private static final String TRAIN_LABELS = "train-labels-idx1-ubyte";

  @TempDir Path root;

  @BeforeEach
  void writeThreeImagesOfTwoByThreePixels() throws IOException {
    write(TRAIN_IMAGES, images(2, 2, 3));
    write(TRAIN_LABELS, labels(7, 0));
    write("t10k-images-idx3-ubyte", images(1, 2, 3));
    write("t10k-labels-idx1-ubyte", labels(9));
  }

  @Test
  void readsTheFourFiles() {
    ImageData data = IdxFolder.of(root).load(1);
    assertThat(data.channels()).isEqualTo(1);
    assertThat(data.classNames()).containsExactly("0", "1", "2", "3", "4", "5", "6", "7", "8", "9");
    Samples.Pixels train = (Samples.Pixels) data.train();
    assertThat(train.pixels()).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11);
    assertThat(train.height()).isEqualTo(2);
    assertThat(train.width()).isEqualTo(3);
    assertThat(train.channels()).isEqualTo(1);
    assertThat(train.labels()).containsExactly(7, 0);
    assertThat(data.valid().labels()).containsExactly(9);
  }

  @Test
  void readsZippedFiles() throws IOException {
    byte[] plain = Files.readAllBytes(root.resolve(TRAIN_IMAGES));
    Files.delete(root.resolve(TRAIN_IMAGES));
    write(TRAIN_IMAGES + ".gz", zipped(plain));
    assertThat(((Samples.Pixels) IdxFolder.of(root).load(1).train()).pixels()).hasSize(12);
  }

  @Test
  void readsTheNamesOfTheClasses() throws IOException {
    Files.writeString(root.resolve("classes.txt"), "a\nb\nc\nd\ne\nf\ng\n\nh\ni\nT-shirt/top\r\n");
    assertThat(IdxFolder.of(root).load(1).classNames()).hasSize(10).endsWith("i", "T-shirt/top");
  }

  @Test
  void isWrittenToJsonAndReadBack() {
    IdxFolder source = IdxFolder.of(root.toString());
    String json = TechniqueJson.write(source);
    assertThat(json).isEqualTo("{\"technique\":\"IdxFolder\",\"path\":\"%s\"}".formatted(root));
    assertThat(TechniqueJson.read(json, DataSource.class)).isEqualTo(source);
    assertThat(source.describe()).isEqualTo("IdxFolder: " + root);
  }

  @Test
  void refusesAFolderWithoutAFile() throws IOException {
    Files.delete(root.resolve(TRAIN_LABELS));
    refuses(
        "%s: there is no train-labels-idx1-ubyte, plain or with .gz; put the four files of the data"
            + " set there");
  }

  @Test
  void refusesAnotherFormat() throws IOException {
    write(TRAIN_IMAGES, labels(7, 0));
    refuses(
        "%s/train-images-idx3-ubyte: is not an IDX file of images, because it begins with 00000801"
            + " instead of 00000803; put the right file there");
    write(TRAIN_LABELS, images(2, 2, 3));
    refuses(
        "%s/train-labels-idx1-ubyte: is not an IDX file of labels, because it begins with 00000803"
            + " instead of 00000801; put the right file there");
  }

  @Test
  void refusesATruncatedFile() throws IOException {
    write(TRAIN_IMAGES, Arrays.copyOf(images(2, 2, 3), 20));
    refuses(
        "%s/train-images-idx3-ubyte: holds 4 of the 12 bytes it announces; the file is damaged,"
            + " download it again");
    write(TRAIN_IMAGES, new byte[3]);
    refuses("%s/train-images-idx3-ubyte: ends too early; the file is damaged, download it again");
  }

  @Test
  void refusesATruncatedZip() throws IOException {
    Files.delete(root.resolve(TRAIN_IMAGES));
    byte[] zipped = zipped(images(2, 2, 3));
    write(TRAIN_IMAGES + ".gz", Arrays.copyOf(zipped, zipped.length - 12));
    refuses(
        "%s/train-images-idx3-ubyte.gz: ends too early; the file is damaged, download it again");
  }

  @Test
  void refusesWhatIsNoZip() throws IOException {
    Files.delete(root.resolve(TRAIN_IMAGES));
    write(TRAIN_IMAGES + ".gz", images(2, 2, 3));
    refuses("%s/train-images-idx3-ubyte.gz: is not a sound gzip file; download it again");
  }

  @Test
  void refusesImpossibleSizes() throws IOException {
    write(TRAIN_IMAGES, header(0x803, 2, 0, 3));
    refuses(
        "%s/train-images-idx3-ubyte: announces 2 images of 0x3 pixels; the file is damaged,"
            + " download it again");
    write(TRAIN_LABELS, header(0x801, -1));
    refuses(
        "%s/train-labels-idx1-ubyte: announces -1 labels; the file is damaged, download it again");
  }

  @Test
  void refusesMoreThanFitsIntoOneArray() throws IOException {
    write(TRAIN_IMAGES, header(0x803, 65536, 65536, 65536));
    refuses(
        "%s/train-images-idx3-ubyte: 65536 images of 65536x65536 pixels are more than the 2 GB that"
            + " fit into one array; save them as image files and use ImageFolder");
  }

  @Test
  void refusesDifferentNumbersOfImagesAndLabels() throws IOException {
    write(TRAIN_LABELS, labels(7, 0, 1));
    refuses(
        "%s/train-images-idx3-ubyte: 2 images, but 3 labels in train-labels-idx1-ubyte; take both"
            + " files from the same data set");
  }

  @Test
  void refusesALabelWithoutAClass() throws IOException {
    write(TRAIN_LABELS, labels(7, 200));
    refuses(
        "%1$s/train-labels-idx1-ubyte: image 1 has label 200, but there are 10 classes from 0; name"
            + " every class in %1$s/classes.txt, one a line");
  }

  @Test
  void refusesAnEmptyPart() throws IOException {
    write(TRAIN_IMAGES, images(0, 2, 3));
    write(TRAIN_LABELS, labels());
    refuses("IdxFolder: %s: 0 images for training and 1 for validation; both parts need some");
  }

  private void refuses(String message) {
    assertThatThrownBy(() -> IdxFolder.of(root).load(1))
        .isInstanceOf(DataException.class)
        .hasMessage(message.formatted(root));
  }

  private void write(String name, byte[] content) throws IOException {
    Files.write(root.resolve(name), content);
  }

  private static byte[] images(int count, int height, int width) {
    ByteBuffer file = ByteBuffer.allocate(16 + count * height * width);
    file.put(header(0x803, count, height, width));
    for (int i = 0; file.hasRemaining(); i++) {
      file.put((byte) i);
    }
    return file.array();
  }

  private static byte[] labels(int... labels) {
    ByteBuffer file = ByteBuffer.allocate(8 + labels.length).put(header(0x801, labels.length));
    for (int label : labels) {
      file.put((byte) label);
    }
    return file.array();
  }

  private static byte[] header(int... numbers) {
    ByteBuffer header = ByteBuffer.allocate(4 * numbers.length);
    for (int number : numbers) {
      header.putInt(number);
    }
    return header.array();
  }

  private static byte[] zipped(byte[] plain) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream zip = new GZIPOutputStream(bytes)) {
      zip.write(plain);
    }
    return bytes.toByteArray();
  }
}
