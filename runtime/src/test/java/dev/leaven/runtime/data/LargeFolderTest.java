package dev.leaven.runtime.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What must not grow with the number of files: memory for each, and looks at them. */
@Tag("slow")
class LargeFolderTest {

  private static final int CLASSES = 101;
  private static final int PER_CLASS = 1000;

  // Two long parts, as data sets have them: 52 bytes below the root.
  private static final String NAME = "n%08d/ILSVRC2012_train_%08d_and_some.JPEG";

  private static Path root;

  @BeforeAll
  static void writeMoreFilesThanAreAllLookedAt() throws IOException {
    root = Files.createTempDirectory("large");
    for (int k = 0; k < CLASSES; k++) {
      Path first = root.resolve(NAME.formatted(k, 0));
      Files.createDirectory(first.getParent());
      Files.write(first, TinyFiles.JPEG);
      for (int i = 1; i < PER_CLASS; i++) {
        Files.createLink(root.resolve(NAME.formatted(k, i)), first);
      }
    }
  }

  // A temporary folder of JUnit's is deleted too slowly for so many files.
  @AfterAll
  static void delete() throws IOException {
    for (int k = 0; k < CLASSES; k++) {
      for (int i = 0; i < PER_CLASS; i++) {
        Files.delete(root.resolve(NAME.formatted(k, i)));
      }
      Files.delete(root.resolve(NAME.formatted(k, 0)).getParent());
    }
    Files.delete(root);
  }

  @Test
  void aMillionFilesFitIntoAHundredMegabytes() {
    ImageFolder.of(root).load(1);
    long before = used();
    ImageData data = ImageFolder.of(root).load(1);
    long bytes = used() - before;
    assertThat(data.train().size() + data.valid().size()).isEqualTo(CLASSES * PER_CLASS);
    // 52 for the name and 12 for where it begins and ends and its label: 63 measured, where paths
    // as objects took 200.
    assertThat(bytes / (CLASSES * PER_CLASS)).isLessThan(100);
    assertThat(Files.exists(((Samples.Files) data.train()).paths().get(70_000))).isTrue();
  }

  @Test
  void twentyThousandAreLookedAtSpreadOverAll() {
    int n = CLASSES * PER_CLASS;
    List<Path> missing =
        PathList.of(root, IntStream.range(0, n).mapToObj(i -> "none/" + i).toList());
    Map<String, String> skipped = new LinkedHashMap<>();
    int[] good = FileCheck.good(root, missing, skipped);
    assertThat(skipped).hasSize(20_000);
    assertThat(good).hasSize(n - 20_000);
    int[] looks =
        skipped.keySet().stream().mapToInt(name -> Integer.parseInt(name.substring(5))).toArray();
    for (int i = 0; i < looks.length; i++) {
      assertThat((long) looks[i] * 20_000 / n).isBetween(i - 1L, i + 1L);
    }
    Map<String, String> again = new LinkedHashMap<>();
    FileCheck.good(root, missing, again);
    assertThat(again).isEqualTo(skipped);
    assertThatThrownBy(() -> FileCheck.refuseMany(root, skipped, FileCheck.looks(n)))
        .hasMessageStartingWith(root + ": 20000 of 20000 image files (100 %) cannot be used");
  }

  @Test
  void ofAHundredThousandEachIsLookedAt() {
    assertThat(FileCheck.looks(100_000)).isEqualTo(100_000);
    assertThat(FileCheck.looks(100_001)).isEqualTo(20_000);
  }

  private static long used() {
    for (int i = 0; i < 3; i++) {
      System.gc();
    }
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }
}
