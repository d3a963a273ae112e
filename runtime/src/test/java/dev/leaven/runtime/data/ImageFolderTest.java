package dev.leaven.runtime.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leaven.runtime.TechniqueJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageFolderTest {

  @TempDir Path root;

  private TinyFiles tiny;

  @BeforeEach
  void start() {
    tiny = new TinyFiles(root);
  }

  @Test
  void takesTheSplitOfTheDataSet() {
    tiny.images("train/dog", 3).images("train/cat", 2).images("val/dog", 1).images("val/cat", 2);
    ImageData data = ImageFolder.of(root).load(1);
    assertThat(data.source()).isEqualTo(ImageFolder.of(root));
    assertThat(data.classNames()).containsExactly("cat", "dog");
    assertThat(data.channels()).isEqualTo(3);
    assertThat(data.skipped()).isEmpty();
    assertThat(names(data.train()))
        .containsExactly(
            "train/cat/0.jpg",
            "train/cat/1.jpg",
            "train/dog/0.jpg",
            "train/dog/1.jpg",
            "train/dog/2.jpg");
    assertThat(data.train().labels()).containsExactly(0, 0, 1, 1, 1);
    assertThat(names(data.valid()))
        .containsExactly("val/cat/0.jpg", "val/cat/1.jpg", "val/dog/0.jpg");
    assertThat(data.valid().labels()).containsExactly(0, 0, 1);
  }

  @Test
  void knowsFourNamesOfTheValidationFolderAndTakesTheFirst() {
    tiny.images("train/cat", 1).images("train/dog", 1);
    for (String name : List.of("test", "validation", "valid", "val")) {
      tiny.images(name + "/cat", 1);
      assertThat(names(ImageFolder.of(root).load(1).valid())).containsExactly(name + "/cat/0.jpg");
    }
  }

  @Test
  void aValidationClassMayBeMissing() {
    tiny.images("train/cat", 1).images("train/dog", 1).images("val/dog", 2);
    assertThat(ImageFolder.of(root).load(1).valid().labels()).containsExactly(1, 1);
  }

  @Test
  void splitsEveryClassWhereThereIsNoSplit() {
    tiny.images("cat", 10).images("dog", 5).images("eel", 2);
    ImageData data = ImageFolder.of(root).load(1);
    assertThat(IntStream.of(data.train().labels()))
        .containsExactly(0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2);
    assertThat(data.valid().labels()).containsExactly(0, 0, 1, 2);
    List<String> all = new ArrayList<>(names(data.train()));
    all.addAll(names(data.valid()));
    assertThat(all).doesNotHaveDuplicates().hasSize(17);
  }

  @Test
  void theSeedAndTheShareDecideTheSplit() {
    tiny.images("cat", 50).images("dog", 50);
    ImageFolder source = ImageFolder.of(root);
    assertThat(names(source.load(1).valid())).isEqualTo(names(source.load(1).valid()));
    assertThat(names(source.load(1).valid())).isNotEqualTo(names(source.load(2).valid()));
    assertThat(source.validFraction(0.1).load(1).valid().size()).isEqualTo(10);
  }

  @Test
  void findsImagesAtAnyDepthInTheOrderOfTheirNames() {
    tiny.images("dog", 1)
        .file("cat/z.PNG", TinyFiles.PNG)
        .file("cat/old/b.bmp", TinyFiles.BMP)
        .file("cat/old/a.gif", TinyFiles.GIF)
        .file("cat/a.jpeg", TinyFiles.JPEG);
    Samples.Files cats = ClassFolders.list(root).files(ClassFolders.list(root));
    assertThat(names(cats))
        .containsExactly("cat/a.jpeg", "cat/old/a.gif", "cat/old/b.bmp", "cat/z.PNG", "dog/0.jpg");
  }

  @Test
  void ignoresHiddenAndOtherFiles() {
    tiny.images("cat", 2)
        .images("dog", 2)
        .images(".cache", 1)
        .images("__MACOSX/cat", 1)
        .file("cat/._0.jpg", "")
        .file("cat/notes.txt", "cats")
        .file("cover.jpg", TinyFiles.JPEG);
    ImageData data = ImageFolder.of(root).load(1);
    assertThat(data.classNames()).containsExactly("cat", "dog");
    assertThat(data.train().size() + data.valid().size()).isEqualTo(4);
    assertThat(data.skipped()).isEmpty();
  }

  @Test
  void aLinkBackToItsOwnFolderIsNotFollowed() throws IOException {
    tiny.images("cat/deep", 2).images("dog", 2);
    Files.createSymbolicLink(root.resolve("cat/deep/up"), root.resolve("cat"));
    Files.createSymbolicLink(root.resolve("cat/here"), root.resolve("cat/deep"));
    Files.createSymbolicLink(root.resolve("dog/cats"), root.resolve("cat/deep"));
    ClassFolders folders = ClassFolders.list(root);
    assertThat(folders.images().get(1).size()).isEqualTo(4);
    assertThat(folders.images().get(0).size()).isLessThanOrEqualTo(4);
  }

  @Test
  void skipsUpToOnePercentOfBadFilesAndTellsWhich() {
    tiny.images("cat", 100).images("dog", 98).file("dog/z.jpg", "").file("dog/y.jpg", "<html>");
    ImageData data = ImageFolder.of(root).load(1);
    assertThat(data.skipped().keySet()).containsExactly("dog/y.jpg", "dog/z.jpg");
    assertThat(data.skipped())
        .containsEntry("dog/y.jpg", "is text")
        .containsEntry("dog/z.jpg", "is empty");
    assertThat(data.train().size() + data.valid().size()).isEqualTo(198);
  }

  @Test
  void namesClassesByTheirLabelsFile() {
    tiny.images("n02", 2)
        .images("n01", 2)
        .images("n03", 2)
        .file(
            "labels.csv",
            "\ufefffolder,name\r\nn02, \"Cat, big\"\r\nn01,Tench\nn99,Nobody\n\nnonsense\n");
    assertThat(ImageFolder.of(root).load(1).classNames())
        .containsExactly("Tench", "Cat, big", "n03");
  }

  @Test
  void isWrittenToJsonWithAPlainPathAndReadBack() {
    ImageFolder source = ImageFolder.of(root).validFraction(0.3);
    String json = TechniqueJson.write(source);
    assertThat(json)
        .isEqualTo(
            ("{\"technique\":\"ImageFolder\",\"path\":\"%s\","
                    + "\"split\":{\"technique\":\"FractionSplit\",\"fraction\":0.3}}")
                .formatted(root));
    assertThat(TechniqueJson.read(json, DataSource.class)).isEqualTo(source);
    assertThat(TechniqueJson.read(json, ImageFolder.class)).isEqualTo(source);
  }

  @Test
  void readsTheJsonOfATimeWithoutOtherSplits() {
    String json =
        "{\"technique\":\"ImageFolder\",\"path\":\"%s\",\"validFraction\":0.3}".formatted(root);
    assertThat(TechniqueJson.read(json, DataSource.class))
        .isEqualTo(ImageFolder.of(root).validFraction(0.3));
  }

  @Test
  void refusesJsonWithoutAPath() {
    assertThatThrownBy(
            () ->
                TechniqueJson.read(
                    "{\"technique\":\"ImageFolder\",\"validFraction\":0.3}", DataSource.class))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("not a DataSource in JSON: ImageFolder: path is missing");
  }

  @Test
  void makesItsPathAbsolute() {
    assertThat(ImageFolder.of("pets/../pets").path())
        .isEqualTo(Path.of("pets").toAbsolutePath().normalize());
    assertThat(ImageFolder.of("pets")).isEqualTo(ImageFolder.of(Path.of("./pets")));
    assertThat(ImageFolder.of("pets").split()).isEqualTo(new FractionSplit(0.2));
  }

  @Test
  void describesItself() {
    assertThat(ImageFolder.of("/data/pets").describe())
        .isEqualTo(
            "ImageFolder: %s, with its own split, or else 0.2 of each class for validation"
                .formatted(Path.of("/data/pets").toAbsolutePath()));
    assertThat(ImageFolder.of("/data/pets").split(new KFold(5, 0)).describe())
        .isEqualTo(
            "ImageFolder: %s, fold 0 of 5 for validation, counted from 0"
                .formatted(Path.of("/data/pets").toAbsolutePath()));
  }

  private List<String> names(Samples samples) {
    return ((Samples.Files) samples)
        .paths().stream().map(p -> root.relativize(p).toString().replace('\\', '/')).toList();
  }
}
