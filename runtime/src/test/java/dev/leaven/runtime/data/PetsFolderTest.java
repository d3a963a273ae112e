package dev.leaven.runtime.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leaven.runtime.TechniqueJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PetsFolderTest {

  @TempDir Path root;

  @BeforeEach
  void writeFivePets() throws IOException {
    Files.createDirectories(root.resolve("images"));
    Files.createDirectories(root.resolve("annotations"));
    for (String name :
        new String[] {"Bombay_1", "american_bulldog_7", "Abyssinian_100", "Bombay_2"}) {
      Files.write(root.resolve("images").resolve(name + ".jpg"), TinyFiles.JPEG);
    }
    Files.write(root.resolve("images/american_bulldog_8.jpg"), TinyFiles.PNG);
    list("trainval.txt", "Abyssinian_100 1 1 1\namerican_bulldog_7 2 2 1\nBombay_1 8 1 2\n");
    list(
        "test.txt", "#Image CLASS-ID SPECIES BREED ID\nBombay_2 8 1 2\namerican_bulldog_8 2 2 1\n");
  }

  @Test
  void takesTheBreedFromTheNameAndTheSplitFromTheLists() {
    ImageData data = PetsFolder.of(root).load(1);
    assertThat(data.classNames()).containsExactly("Abyssinian", "american_bulldog", "Bombay");
    assertThat(data.train().labels()).containsExactly(0, 1, 2);
    assertThat(data.valid().labels()).containsExactly(2, 1);
    assertThat(((Samples.Files) data.valid()).paths())
        .containsExactly(
            root.resolve("images/Bombay_2.jpg"), root.resolve("images/american_bulldog_8.jpg"));
    assertThat(data.skipped()).isEmpty();
  }

  @Test
  void isWrittenToJsonAndReadBack() {
    PetsFolder source = PetsFolder.of(root);
    assertThat(TechniqueJson.read(TechniqueJson.write(source), DataSource.class)).isEqualTo(source);
    assertThat(source.describe()).isEqualTo("PetsFolder: " + root);
  }

  @Test
  void refusesAFolderWithoutAList() throws IOException {
    Files.delete(root.resolve("annotations/test.txt"));
    refuses(
        "%1$s/annotations/test.txt: there is no such list; unpack images.tar.gz and"
            + " annotations.tar.gz of the Oxford pets into %1$s");
  }

  @Test
  void refusesAListThatNamesFilesElsewhere() throws IOException {
    list("test.txt", "../secret_1 1 1 1\n");
    refuses(
        "%s/annotations/test.txt: '../secret_1' is no breed, underscore and number; download the"
            + " list again");
  }

  @Test
  void refusesABreedThatIsNotTrainedOn() throws IOException {
    list("test.txt", "Sphynx_1 34 1 12\n");
    refuses(
        "%s/annotations/test.txt: the breed of 'Sphynx_1' is not in trainval.txt; download both"
            + " lists again");
  }

  @Test
  void refusesMissingImages() throws IOException {
    Files.delete(root.resolve("images/Bombay_2.jpg"));
    refuses(
        "%s: 1 of 5 image files (20 %%) cannot be used, where at most 1 %% is skipped:"
            + " images/Bombay_2.jpg cannot be read; replace or delete them");
  }

  private void list(String name, String text) throws IOException {
    Files.writeString(root.resolve("annotations").resolve(name), text);
  }

  private void refuses(String message) {
    assertThatThrownBy(() -> PetsFolder.of(root).load(1))
        .isInstanceOf(DataException.class)
        .hasMessage(message.formatted(root));
  }
}
