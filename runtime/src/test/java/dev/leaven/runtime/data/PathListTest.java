package dev.leaven.runtime.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class PathListTest {

  private static final Path ROOT = Path.of("/data").toAbsolutePath();

  @Test
  void isAListOfPaths() {
    PathList paths = PathList.of(ROOT, List.of("a/1.jpg", "Bär 熊.png", "", "c"));
    assertThat(paths)
        .containsExactly(
            ROOT.resolve("a").resolve("1.jpg"), ROOT.resolve("Bär 熊.png"), ROOT, ROOT.resolve("c"))
        .isEqualTo(List.copyOf(paths));
    assertThat(PathList.of(ROOT, List.of())).isEmpty();
  }

  @Test
  void picksInAnyOrderAndAgainFromWhatWasPicked() {
    PathList paths = PathList.of(ROOT, List.of("zero", "one", "two", "three"));
    PathList picked = paths.pick(new int[] {3, 1, 1});
    assertThat(picked)
        .containsExactly(ROOT.resolve("three"), ROOT.resolve("one"), ROOT.resolve("one"));
    assertThat(picked.pick(new int[] {0})).containsExactly(ROOT.resolve("three"));
  }

  @Test
  void gathersPartsInOrderHoweverLong() {
    PathList.Builder all = new PathList.Builder();
    for (int part = 0; part < 40; part++) {
      PathList.Builder some = new PathList.Builder();
      for (int i = 0; i < 40; i++) {
        some.add("%d/%s%d".formatted(part, "x".repeat(i), i));
      }
      all.addAll(some.trim());
    }
    PathList paths = all.build(ROOT);
    assertThat(paths).hasSize(1600);
    assertThat(paths.get(40 * 17 + 3)).isEqualTo(ROOT.resolve("17/xxx3"));
    assertThat(paths.name(1599)).isEqualTo("39/" + "x".repeat(39) + "39");
  }
}
