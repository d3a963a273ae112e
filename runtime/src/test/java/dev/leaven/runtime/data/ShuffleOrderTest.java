package dev.leaven.runtime.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ShuffleOrderTest {

  @Test
  void everyNumberComesOnce() {
    for (int n : new int[] {0, 1, 2, 3, 1000}) {
      int[] order = ShuffleOrder.shuffled(7, 0, n);
      Arrays.sort(order);
      assertThat(order).isEqualTo(IntStream.range(0, n).toArray());
    }
  }

  @Test
  void theSameKeyGivesTheSameOrder() {
    assertThat(ShuffleOrder.shuffled(7, 3, 100)).isEqualTo(ShuffleOrder.shuffled(7, 3, 100));
  }

  // Written down once: a checkpoint must go on in the same order on another Java version.
  @Test
  void theOrderStaysWhatItIs() {
    assertThat(ShuffleOrder.shuffled(42, 1, 10)).containsExactly(1, 0, 7, 9, 4, 8, 6, 3, 2, 5);
  }

  @Test
  void neighbouringSeedsEpochsAndPurposesShareNothing() {
    int[] order = ShuffleOrder.shuffled(7, 3, 1000);
    assertThat(agreements(order, ShuffleOrder.shuffled(7, 4, 1000))).isLessThan(10);
    assertThat(agreements(order, ShuffleOrder.shuffled(8, 3, 1000))).isLessThan(10);
    assertThat(agreements(order, ShuffleOrder.shuffled(3, 7, 1000))).isLessThan(10);
    assertThat(agreements(order, ShuffleOrder.shuffled(7, ShuffleOrder.Purpose.SPLIT, 3, 1000)))
        .isLessThan(10);
  }

  @Test
  void everyNumberIsAsLikelyInEveryPlace() {
    int n = 8;
    int rounds = 8000;
    int[][] seen = new int[n][n];
    for (int epoch = 0; epoch < rounds; epoch++) {
      int[] order = ShuffleOrder.shuffled(1, epoch, n);
      for (int place = 0; place < n; place++) {
        seen[place][order[place]]++;
      }
    }
    double expected = (double) rounds / n;
    double chiSquare = 0;
    for (int[] row : seen) {
      for (int count : row) {
        chiSquare += (count - expected) * (count - expected) / expected;
      }
    }
    // 49 degrees of freedom: below 85 in 999 of 1000 cases, above 24 likewise.
    assertThat(chiSquare).isBetween(23.0, 86.0);
  }

  @Test
  void refusesNegativeNumbers() {
    assertThatThrownBy(() -> ShuffleOrder.shuffled(1, -1, 3))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("ShuffleOrder.shuffled: epoch must be at least 0, but is -1");
    assertThatThrownBy(() -> ShuffleOrder.shuffled(1, 0, -3))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("ShuffleOrder.shuffled: n must be at least 0, but is -3");
  }

  private static long agreements(int[] a, int[] b) {
    return IntStream.range(0, a.length).filter(i -> a[i] == b[i]).count();
  }
}
