package dev.leaven.runtime.data;

import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageFolderErrorsTest {

  @TempDir Path root;

  private TinyFiles tiny;

  @BeforeEach
  void start() {
    tiny = new TinyFiles(root);
  }

  @Test
  void theShareForValidationIsOutOfRange() {
    for (String share : new String[] {"0", "1", "-0.1", "NaN"}) {
      assertThatThrownBy(() -> ImageFolder.of("x").validFraction(Double.parseDouble(share)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("ImageFolder: validFraction must be above 0 and below 1, but is %s", share);
    }
  }

  @Test
  void aFolderWithASplitIsDividedAnew() {
    tiny.images("train/cat", 5).images("train/dog", 5).images("val/cat", 2);
    assertThatThrownBy(() -> ImageFolder.of(root).split(new KFold(5, 0)).load(1))
        .isInstanceOf(DataException.class)
        .hasMessage(
            "%1$s: the folder has a split of its own, val, so it cannot be divided by KFold; leave"
                + " the split out, or point ImageFolder at %1$s/train to divide that",
            root);
  }

  @Test
  void theFolderIsMissing() {
    refuses(root.resolve("none"), "%s/none: there is no such folder; check the path");
  }

  @Test
  void thePathIsAFile() {
    tiny.file("data.zip", "PK");
    refuses(
        root.resolve("data.zip"),
        "%s/data.zip: this is a file; name the folder that holds a folder of images for each"
            + " class");
  }

  @Test
  void twoClassesDifferInTheCaseOfLettersOnly() throws IOException {
    tiny.images("cat", 5).images("dog", 5).images("Cat", 5);
    assumeFalse(Files.isSameFile(root.resolve("cat"), root.resolve("Cat")));
    refuses(
        "%s: the class folders 'Cat' and 'cat' differ in the case of letters only; rename one, or"
            + " move its images into the other");
  }

  @Test
  void theFolderIsEmpty() {
    tiny.file(".DS_Store", "");
    refuses("%s: the folder is empty; make a folder of images in it for each class");
  }

  @Test
  void imagesLieDirectlyInTheFolder() {
    tiny.file("a.jpg", TinyFiles.JPEG).file("b.png", TinyFiles.PNG).file("list.txt", "a b");
    refuses(
        "%s: 2 images lie directly in the folder; move those of each class into a folder of its"
            + " own, named like the class");
  }

  @Test
  void thereAreOnlyOtherFiles() {
    tiny.file("list.txt", "a b");
    refuses("%s: there are no class folders; make a folder of images in it for each class");
  }

  @Test
  void aClassHasNoImages() {
    tiny.images("cat", 2).folder("dog").images("eel", 2);
    refuses(
        "%s: class 'dog' has no images (jpg, jpeg, png, gif or bmp); add some or delete its"
            + " folder");
  }

  @Test
  void aClassHasNoImagesAfterTheBadOnesAreSkipped() {
    tiny.images("cat", 199).file("dog/0.jpg", "");
    refuses(
        "%s: class 'dog' has no images (jpg, jpeg, png, gif or bmp); add some or delete its"
            + " folder");
  }

  @Test
  void thereIsOneClassOnly() {
    tiny.images("cat", 5);
    refuses(
        "%s: there is only one class folder, 'cat', but a classifier needs at least 2; make a"
            + " folder of images for each class");
  }

  @Test
  void thePathIsOneFolderTooHigh() {
    tiny.images("train/cat", 5).images("train/dog", 5);
    refuses(
        "%1$s: there is only one class folder, 'train', but a classifier needs at least 2; point"
            + " ImageFolder at %1$s/train to split it");
  }

  @Test
  void moreThanOnePercentAreNotImages() {
    tiny.images("cat", 100)
        .images("dog", 95)
        .file("cat/bad1.jpg", "")
        .file("cat/bad2.png", "<html>")
        .file("dog/bad3.gif", "RIFF\0\0\0\0WEBP")
        .file("dog/bad4.bmp", "")
        .file("dog/bad5.jpg", "");
    refuses(
        "%s: 5 of 200 image files (2.5 %%) cannot be used, where at most 1 %% is skipped:"
            + " cat/bad1.jpg is empty, cat/bad2.png is text, dog/bad3.gif is a WebP image, and 2"
            + " more; replace or delete them");
  }

  @Test
  void aSingleBadFileOfFewIsMoreThanOnePercent() {
    tiny.images("cat", 10).images("dog", 9).file("dog/bad.jpg", "");
    refuses(
        "%s: 1 of 20 image files (5 %%) cannot be used, where at most 1 %% is skipped: dog/bad.jpg"
            + " is empty; replace or delete them");
  }

  @Test
  void badFilesAreCountedOverBothParts() {
    tiny.images("train/cat", 2)
        .images("train/dog", 2)
        .images("val/cat", 1)
        .file("val/cat/b.jpg", "");
    refuses(
        "%s: 1 of 6 image files (16.67 %%) cannot be used, where at most 1 %% is skipped:"
            + " val/cat/b.jpg is empty; replace or delete them");
  }

  @Test
  void aValidationClassIsNotTrained() {
    tiny.images("train/cat", 2).images("train/dog", 2).images("val/cta", 1);
    refuses("%1$s/val: class 'cta' is not in %1$s/train; add it there or delete this folder");
  }

  @Test
  void everyClassHasASingleImage() {
    tiny.images("cat", 1).images("dog", 1);
    refuses(
        "%s: no image is left for validation, because every class has only one; add images to the"
            + " classes");
  }

  @Test
  void theValidationFolderHasNoImages() {
    tiny.images("train/cat", 2).images("train/dog", 2).folder("val/cat");
    refuses(
        "%1$s: no image is left for validation; put images into %1$s/val, or point ImageFolder at"
            + " %1$s/train to split it");
  }

  @Test
  void aClassIsALinkBackToAllClasses() throws IOException {
    tiny.images("cat", 2).images("dog", 2);
    Files.createSymbolicLink(root.resolve("again"), root);
    refuses("%s/again: this link leads back to the folder that it is in; delete it");
  }

  @Test
  void aLinkToNothingIsNoImage() throws IOException {
    tiny.images("cat", 2).images("dog", 1);
    Files.createSymbolicLink(root.resolve("dog/a.jpg"), root.resolve("dog/b.jpg"));
    Files.createSymbolicLink(root.resolve("dog/b.jpg"), root.resolve("dog/a.jpg"));
    refuses(
        "%s: 2 of 5 image files (40 %%) cannot be used, where at most 1 %% is skipped: dog/a.jpg"
            + " cannot be read, dog/b.jpg cannot be read; replace or delete them");
  }

  @Test
  void aFolderOrAFileMayNotBeRead() throws IOException {
    tiny.images("cat", 2).images("dog", 1).file("dog/locked.jpg", TinyFiles.JPEG);
    Path file = root.resolve("dog/locked.jpg");
    Files.setPosixFilePermissions(file, Set.of());
    assumeFalse(Files.isReadable(file), "this user may read everything");
    refuses(
        "%s: 1 of 4 image files (25 %%) cannot be used, where at most 1 %% is skipped: dog/locked.jpg"
            + " cannot be read; replace or delete them");
    Files.setPosixFilePermissions(root.resolve("dog"), Set.of());
    try {
      refuses("%s/dog: cannot be read, because access is denied; change its permissions");
    } finally {
      Files.setPosixFilePermissions(
          root.resolve("dog"), PosixFilePermissions.fromString("rwxr-xr-x"));
    }
  }

  @Test
  void theLabelsFileGivesTwoClassesOneName() {
    tiny.images("n01", 2).images("n02", 2).file("labels.csv", "n01,crane\nn02,crane\n");
    refuses(
        "%s/labels.csv: the folders 'n01' and 'n02' are both named 'crane'; give each class its own"
            + " name");
  }

  @Test
  void theLabelsFileIsNotUtf8() throws IOException {
    tiny.images("n01", 2).images("n02", 2);
    Files.write(root.resolve("labels.csv"), "n01,Bär".getBytes(StandardCharsets.ISO_8859_1));
    refuses("%s/labels.csv: cannot be read, because it is not UTF-8 text; save it as UTF-8");
  }

  private void refuses(String message) {
    refuses(root, message);
  }

  private void refuses(Path path, String message) {
    assertThatThrownBy(() -> ImageFolder.of(path).load(1))
        .isInstanceOf(DataException.class)
        .hasMessage(message.formatted(root));
  }
}
