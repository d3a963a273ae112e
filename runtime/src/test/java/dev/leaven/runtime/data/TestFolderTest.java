package dev.leaven.runtime.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TestFolderTest {

  private static final List<String> CLASSES = List.of("bird", "cat", "dog");

  @TempDir Path folder;

  private void images(String... names) throws IOException {
    for (String name : names) {
      Path file = folder.resolve(name);
      Files.createDirectories(file.getParent());
      try (var image = getClass().getResourceAsStream("images/colour.png")) {
        Files.copy(image, file);
      }
    }
  }

  private TestFolder.Found found() {
    return new TestFolder(folder).load(CLASSES);
  }

  @Test
  void allImagesAreNumberedByTheModelsClasses() throws IOException {
    images("dog/1.png", "cat/2.png", "dog/3.png");
    TestFolder.Found found = found();
    assertThat(found.validation()).isFalse();
    assertThat(found.images().labels()).containsExactly(1, 2, 2);
    assertThat(found.images().paths().get(0)).isEqualTo(folder.resolve("cat/2.png"));
  }

  @Test
  void aValidationPartIsTakenAlone() throws IOException {
    images("train/dog/1.png", "train/cat/1.png", "valid/bird/2.png");
    TestFolder.Found found = found();
    assertThat(found.validation()).isTrue();
    assertThat(found.folder()).isEqualTo(folder.resolve("valid"));
    assertThat(found.images().labels()).containsExactly(0);
  }

  @Test
  void aTableMayNameTheFolders() throws IOException {
    images("n01/1.png", "n02/2.png");
    Files.writeString(folder.resolve("labels.csv"), "n01,dog\nn02,bird\n");
    assertThat(found().images().labels()).containsExactly(2, 0);
  }

  @Test
  void anUnknownClassIsRefused() throws IOException {
    images("dog/1.png", "fish/2.png");
    assertThatThrownBy(this::found)
        .isInstanceOf(DataException.class)
        .hasMessage(
            ("%s: the model has no class 'fish', but bird, cat, dog; rename the folder to the"
                    + " class it shows, or delete it")
                .formatted(folder));
  }

  @Test
  void aFolderWithoutImagesIsRefused() throws IOException {
    assertThatThrownBy(this::found)
        .hasMessageStartingWith("%s: the folder is empty".formatted(folder));
    Files.createDirectories(folder.resolve("dog"));
    assertThatThrownBy(this::found)
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith("%s: there are no images".formatted(folder));
    assertThatThrownBy(() -> new TestFolder(folder.resolve("none")).load(CLASSES))
        .hasMessageContaining("there is no such folder");
  }

  @Test
  void aFileThatIsNoImageIsLeftOutOrRefused() throws IOException {
    for (int i = 0; i < 100; i++) {
      images("dog/%d.png".formatted(i));
    }
    Files.writeString(folder.resolve("dog/text.jpg"), "text");
    assertThat(found().images().size()).isEqualTo(100);
    assertThat(found().skipped()).containsOnlyKeys("dog/text.jpg");
    Files.writeString(folder.resolve("dog/more.jpg"), "text");
    assertThatThrownBy(this::found).hasMessageContaining("cannot be used");
  }
}
