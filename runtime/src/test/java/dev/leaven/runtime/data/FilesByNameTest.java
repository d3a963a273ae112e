package dev.leaven.runtime.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leaven.runtime.TechniqueJson;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FilesByNameTest {

  private static final String BREED = "^(.+)_\\d+\\.jpg$";

  @TempDir Path root;

  private TinyFiles tiny;

  @BeforeEach
  void start() {
    tiny = new TinyFiles(root);
    for (String name : List.of("pug_1", "pug_2", "more/great_dane_1", "great_dane_2", "pug_10")) {
      tiny.file(name + ".jpg", TinyFiles.JPEG);
    }
  }

  @Test
  void takesTheClassFromTheName() {
    tiny.file("notes_1.txt", "").file(".hidden_1.jpg", "");
    ImageData data = FilesByName.of(root, BREED).load(1);
    assertThat(data.classNames()).containsExactly("great_dane", "pug");
    assertThat(data.valid().labels()).containsExactly(0, 1);
    assertThat(data.train().labels()).containsExactly(0, 1, 1);
    assertThat(((Samples.Files) data.train()).paths())
        .filteredOn(path -> path.toString().contains("dane"))
        .first()
        .isIn(root.resolve("great_dane_2.jpg"), root.resolve("more/great_dane_1.jpg"));
  }

  @Test
  void isDividedAsItsSplitSays() {
    tiny.file("valid.txt", "pug_2.jpg\nmore/great_dane_1.jpg");
    ImageData data =
        FilesByName.of(root, BREED).split(new ListSplit(root.resolve("valid.txt"))).load(1);
    assertThat(((Samples.Files) data.valid()).paths())
        .containsExactly(root.resolve("more/great_dane_1.jpg"), root.resolve("pug_2.jpg"));
  }

  @Test
  void isWrittenToJsonAndReadBack() {
    FilesByName source = FilesByName.of(root, BREED).validFraction(0.4);
    assertThat(TechniqueJson.read(TechniqueJson.write(source), DataSource.class)).isEqualTo(source);
    assertThat(source.describe())
        .isEqualTo(
            "FilesByName: %s, classes named by %s, divided by FractionSplit: 0.4 of each class for validation"
                .formatted(root, BREED));
  }

  @Test
  void aFunctionLabelsFilesToo() {
    LabelledFiles source =
        LabelledFiles.of(root, file -> file.getFileName().toString().substring(0, 3));
    assertThat(source.load(1).classNames()).containsExactly("gre", "pug");
    assertThat(source.split(new KFold(2, 0)).load(1).valid().size()).isEqualTo(3);
    assertThat(source.describe())
        .isEqualTo(
            "LabelledFiles: %s, divided by FractionSplit: 0.2 of each class for validation"
                .formatted(root));
  }

  @Test
  void aFunctionIsNotWritten() {
    String json = TechniqueJson.write(LabelledFiles.of(root, Path::toString));
    assertThat(json).isEqualTo("{\"technique\":\"LabelledFiles\"}");
    DataSource read = TechniqueJson.read(json, DataSource.class);
    assertThat(read.describe()).isEqualTo("LabelledFiles: labelled by another program");
    refuses(
        read,
        "LabelledFiles: this run's files were labelled by the program that began it; pass them to"
            + " resume");
  }

  @Test
  void refusesWhatIsNoPattern() {
    assertThatThrownBy(() -> FilesByName.of(root, "^.+$"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("FilesByName: pattern must have one group in parentheses, but '^.+$' has 0");
    assertThatThrownBy(
            () -> TechniqueJson.read("{\"technique\":\"FilesByName\"}", DataSource.class))
        .hasMessage("not a DataSource in JSON: FilesByName: path is missing");
  }

  @Test
  void refusesNamesThatDoNotFit() {
    tiny.file("zebra.jpg", TinyFiles.JPEG);
    refuses(
        FilesByName.of(root, BREED),
        root
            + "/zebra.jpg: the pattern '"
            + BREED
            + "' finds no class in this name; change it so that it fits every file");
    refuses(
        LabelledFiles.of(root, file -> file.endsWith("zebra.jpg") ? " " : "x"),
        root + "/zebra.jpg: the function gives this file no label; let it give every file one");
  }

  @Test
  void refusesFoldersWithoutClasses() {
    refuses(
        FilesByName.of(root.resolve("none"), BREED),
        root + "/none: there is no such folder; check the path");
    refuses(
        FilesByName.of(root.resolve("pug_1.jpg"), BREED),
        root + "/pug_1.jpg: this is a file; name the folder that holds the images");
    tiny.folder("empty");
    refuses(
        FilesByName.of(root.resolve("empty"), BREED),
        root + "/empty: there are no images (jpg, jpeg, png, gif or bmp); check the path");
    refuses(
        FilesByName.of(root, "\\.(jpg)$"),
        root + ": every image is of class 'jpg', but a classifier needs at least 2 classes");
  }

  private static void refuses(DataSource source, String message) {
    assertThatThrownBy(() -> source.load(1)).isInstanceOf(DataException.class).hasMessage(message);
  }
}
