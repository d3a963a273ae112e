package dev.leaven.runtime.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leaven.runtime.TechniqueJson;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FlowersFolderTest {

  @TempDir Path root;

  @BeforeEach
  void writeSevenFlowers() throws IOException {
    for (int id = 1; id <= 7; id++) {
      new TinyFiles(root).file("jpg/image_0000%d.jpg".formatted(id), TinyFiles.JPEG);
    }
    labels(77, 77, 1, 102, 1, 5, 102);
    split(new int[] {6, 2}, new int[] {3, 4}, new int[] {7, 1, 5});
  }

  @Test
  void trainsOnTheFirstPartAndValidatesOnTheSecond() {
    ImageData data = FlowersFolder.of(root.toString()).load(1);
    assertThat(data.classNames()).hasSize(102).doesNotHaveDuplicates();
    assertThat(data.train().labels()).containsExactly(4, 76);
    assertThat(data.valid().labels()).containsExactly(0, 101);
    assertThat(((Samples.Files) data.train()).paths())
        .containsExactly(root.resolve("jpg/image_00006.jpg"), root.resolve("jpg/image_00002.jpg"));
    assertThat(data.channels()).isEqualTo(3);
    assertThat(data.skipped()).isEmpty();
  }

  @Test
  void validatesOnTheTestImagesOnlyWhereAsked() {
    ImageData data = FlowersFolder.of(root).onTest().load(1);
    assertThat(data.train().labels()).containsExactly(4, 76, 0, 101);
    assertThat(data.valid().labels()).containsExactly(101, 76, 0);
    assertThat(((Samples.Files) data.valid()).paths().get(0))
        .isEqualTo(root.resolve("jpg/image_00007.jpg"));
  }

  @Test
  void namesTheClassesInTheOrderOfTheirLabels() {
    // Places that the stored copies of TensorFlow Datasets, torchvision and cat_to_name.json share.
    assertThat(FlowerNames.ALL.get(1 - 1)).isEqualTo("pink primrose");
    assertThat(FlowerNames.ALL.get(12 - 1)).isEqualTo("colt's foot");
    assertThat(FlowerNames.ALL.get(51 - 1)).isEqualTo("petunia");
    assertThat(FlowerNames.ALL.get(77 - 1)).isEqualTo("passion flower");
    assertThat(FlowerNames.ALL.get(102 - 1)).isEqualTo("blackberry lily");
  }

  @Test
  void isWrittenToJsonAndReadBack() {
    FlowersFolder source = FlowersFolder.of(root).onTest();
    assertThat(TechniqueJson.read(TechniqueJson.write(source), DataSource.class)).isEqualTo(source);
    assertThat(source.describe())
        .isEqualTo("FlowersFolder: %s, the test images for validation", root);
    assertThat(FlowersFolder.of(root).describe()).isEqualTo("FlowersFolder: " + root);
  }

  @Test
  void refusesAFolderWithoutAFileOfMatlab() throws IOException {
    Files.delete(root.resolve("setid.mat"));
    String rest =
        "there is no such file; put imagelabels.mat and setid.mat of the 102 flowers of Oxford"
            + " there, and unpack 102flowers.tgz into ";
    refuses("%1$s/setid.mat: " + rest + "%1$s");
    Files.delete(root.resolve("imagelabels.mat"));
    refuses("%1$s/imagelabels.mat: " + rest + "%1$s");
  }

  @Test
  void refusesATruncatedFileOfMatlab() throws IOException {
    Path file = root.resolve("setid.mat");
    byte[] whole = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(whole, whole.length - 10));
    refuses("%s/setid.mat: ends too early; the file is damaged, download it again");
  }

  @Test
  void refusesAFileWithoutItsMatrix() throws IOException {
    Files.copy(root.resolve("imagelabels.mat"), root.resolve("labels"));
    Files.delete(root.resolve("imagelabels.mat"));
    Files.copy(root.resolve("setid.mat"), root.resolve("imagelabels.mat"));
    refuses("%s/imagelabels.mat: has no matrix 'labels'; put the file of the 102 flowers there");
  }

  @Test
  void refusesALabelWithoutAName() throws IOException {
    labels(77, 77, 1, 103, 1, 5, 102);
    refuses(
        "%s/imagelabels.mat: image 4 has label 103, but there are 102 classes from 1; download it"
            + " again");
    labels(77, 0, 1, 102, 1, 5, 102);
    refuses(
        "%s/imagelabels.mat: image 2 has label 0, but there are 102 classes from 1; download it"
            + " again");
  }

  @Test
  void refusesAnIdWithoutALabel() throws IOException {
    split(new int[] {6, 2}, new int[] {8, 4}, new int[] {7});
    refuses(
        "%s/setid.mat: 'valid' names image 8, but imagelabels.mat has labels for images 1 to 7;"
            + " download both again");
    split(new int[] {6, 0}, new int[] {3, 4}, new int[] {7});
    refuses(
        "%s/setid.mat: 'trnid' names image 0, but imagelabels.mat has labels for images 1 to 7;"
            + " download both again");
  }

  @Test
  void refusesAnImageInTwoParts() throws IOException {
    split(new int[] {6, 2}, new int[] {3, 2}, new int[] {7});
    refuses("%s/setid.mat: 'valid' names image 2, which is named before; download it again");
  }

  @Test
  void refusesAnIdWithoutItsImage() throws IOException {
    Files.delete(root.resolve("jpg/image_00003.jpg"));
    refuses(
        "%s: 1 of 4 image files (25 %%) cannot be used, where at most 1 %% is skipped:"
            + " jpg/image_00003.jpg cannot be read; replace or delete them");
  }

  @Test
  void refusesNoPath() {
    String json = "{\"technique\":\"FlowersFolder\",\"test\":false}";
    assertThatThrownBy(() -> TechniqueJson.read(json, DataSource.class))
        .hasMessage("not a DataSource in JSON: FlowersFolder: path is missing");
  }

  private void labels(int... labels) throws IOException {
    write("imagelabels.mat", new MatBytes(ByteOrder.LITTLE_ENDIAN).compressed("labels", 2, labels));
  }

  private void split(int[] train, int[] valid, int[] test) throws IOException {
    write(
        "setid.mat",
        new MatBytes(ByteOrder.LITTLE_ENDIAN)
            .compressed("trnid", 4, train)
            .compressed("valid", 4, valid)
            .compressed("tstid", 4, test));
  }

  private void write(String name, MatBytes content) throws IOException {
    Files.write(root.resolve(name), content.bytes());
  }

  private void refuses(String message) {
    assertThatThrownBy(() -> FlowersFolder.of(root).load(1))
        .isInstanceOf(DataException.class)
        .hasMessage(message.formatted(root));
  }
}
