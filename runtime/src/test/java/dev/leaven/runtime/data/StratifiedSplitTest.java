package dev.leaven.runtime.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class StratifiedSplitTest {

  @Test
  void everyImageIsInExactlyOnePart() {
    StratifiedSplit split = StratifiedSplit.of(labels(50, 31, 7), 0.2, 1);
    assertThat(IntStream.concat(Arrays.stream(split.train()), Arrays.stream(split.valid())))
        .containsExactlyInAnyOrderElementsOf(IntStream.range(0, 88).boxed().toList());
    assertThat(split.train()).isSorted();
    assertThat(split.valid()).isSorted();
  }

  @Test
  void everyClassKeepsItsShare() {
    int[] labels = labels(500, 50, 5);
    assertThat(counts(labels, StratifiedSplit.of(labels, 0.2, 1).valid()))
        .containsExactly(100, 10, 1);
    assertThat(counts(labels, StratifiedSplit.of(labels, 0.5, 1).valid()))
        .containsExactly(250, 25, 3);
  }

  @Test
  void aClassOfTwoHasOneInEachPartWhateverTheShare() {
    int[] labels = labels(2, 3);
    assertThat(counts(labels, StratifiedSplit.of(labels, 0.001, 1).valid())).containsExactly(1, 1);
    assertThat(counts(labels, StratifiedSplit.of(labels, 0.999, 1).valid())).containsExactly(1, 2);
  }

  @Test
  void aClassOfOneTrains() {
    StratifiedSplit split = StratifiedSplit.of(new int[] {0, 1, 1}, 0.9, 1);
    assertThat(split.train()).contains(0);
    assertThat(split.valid()).hasSize(1);
  }

  @Test
  void theSeedDecides() {
    int[] labels = labels(100, 100);
    assertThat(StratifiedSplit.of(labels, 0.2, 1).valid())
        .isEqualTo(StratifiedSplit.of(labels, 0.2, 1).valid())
        .isNotEqualTo(StratifiedSplit.of(labels, 0.2, 2).valid());
  }

  @Test
  void classesAreDrawnIndependently() {
    int[] valid = StratifiedSplit.of(labels(100, 100), 0.5, 1).valid();
    int[] first = Arrays.stream(valid).filter(i -> i < 100).toArray();
    int[] second = Arrays.stream(valid).filter(i -> i >= 100).map(i -> i - 100).toArray();
    assertThat(first).hasSize(50).isNotEqualTo(second);
  }

  @Test
  void noImagesMakeTwoEmptyParts() {
    StratifiedSplit split = StratifiedSplit.of(new int[0], 0.2, 1);
    assertThat(split.train()).isEmpty();
    assertThat(split.valid()).isEmpty();
  }

  private static int[] labels(int... counts) {
    return IntStream.range(0, counts.length)
        .flatMap(k -> IntStream.generate(() -> k).limit(counts[k]))
        .toArray();
  }

  private static int[] counts(int[] labels, int[] positions) {
    int[] counts = new int[Arrays.stream(labels).max().orElseThrow() + 1];
    for (int i : positions) {
      counts[labels[i]]++;
    }
    return counts;
  }
}
