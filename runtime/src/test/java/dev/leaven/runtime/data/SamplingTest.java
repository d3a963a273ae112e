package dev.leaven.runtime.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leaven.runtime.Task;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SamplingTest {

  /** 40 of class 0, 7 of class 1, none of class 2, 3 of class 3. */
  private static final int[] LABELS = new int[50];

  static {
    Arrays.fill(LABELS, 40, 47, 1);
    Arrays.fill(LABELS, 47, 50, 3);
  }

  private static final Targets TARGETS = new Targets.Labels(LABELS);

  static List<Sampling> all() {
    return List.of(new Shuffled(), new Repeated(3), new Balanced());
  }

  @ParameterizedTest
  @MethodSource("all")
  void anEpochIsAPureFunctionOfSeedAndNumber(Sampling sampling) {
    int[] order = sampling.order(TARGETS, 5, 2);
    assertThat(order).hasSize(sampling.length(50)).isEqualTo(sampling.order(TARGETS, 5, 2));
    assertThat(order).isNotEqualTo(sampling.order(TARGETS, 5, 3));
    assertThat(order).isNotEqualTo(sampling.order(TARGETS, 6, 2));
    assertThat(Arrays.stream(order)).allMatch(i -> i >= 0 && i < 50);
  }

  @Test
  void shuffledVisitsEveryImageOnce() {
    assertThat(new Shuffled().order(TARGETS, 1, 0)).doesNotHaveDuplicates().hasSize(50);
  }

  @Test
  void repeatedVisitsEveryImageSoOftenInARow() {
    int[] order = new Repeated(3).order(TARGETS, 1, 0);
    int[] once = new Shuffled().order(TARGETS, 1, 0);
    for (int i = 0; i < order.length; i++) {
      assertThat(order[i]).isEqualTo(once[i / 3]);
    }
  }

  @Test
  void balancedVisitsEveryPresentClassAsOften() {
    for (int epoch = 0; epoch < 4; epoch++) {
      int[] counts = new int[4];
      for (int i : new Balanced().order(TARGETS, 1, epoch)) {
        counts[LABELS[i]]++;
      }
      // 50 over three classes: 17, 17 and 16.
      assertThat(counts[2]).isZero();
      assertThat(List.of(counts[0], counts[1], counts[3])).containsExactlyInAnyOrder(17, 17, 16);
    }
  }

  @Test
  void balancedLeavesNoImageOutAndRepeatsNoneBeforeTheOthers() {
    Set<Integer> seen = new HashSet<>();
    for (int epoch = 0; epoch < 3; epoch++) {
      int[] order = new Balanced().order(TARGETS, 1, epoch);
      int[] rare = new int[50];
      for (int i : order) {
        rare[i]++;
        seen.add(i);
      }
      // 16 or 17 visits to three images are five or six each.
      assertThat(List.of(rare[47], rare[48], rare[49])).allMatch(n -> n == 5 || n == 6);
    }
    // Three epochs of at least 16 visits to the 40 images of class 0.
    assertThat(seen).hasSize(50);
  }

  @Test
  void balancedNeedsOneClassForEachImage() {
    Targets rows = new Targets.Rows(Task.MULTI_LABEL, new float[] {1, 1, 0, 1}, 2);
    assertThatThrownBy(() -> new Balanced().check(rows))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "balanced: classes can only be balanced where every image has one class; leave it out");
    assertThatThrownBy(() -> new Repeated(0))
        .hasMessage("repeat: times must be between 1 and 100, but is 0");
  }
}
