package dev.leaven.runtime.interpret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class HeatMapTest {

  private static HeatMap map(int rows, int columns, float... heat) {
    return new HeatMap(0, 1, 2, 1, new byte[4], rows, columns, heat);
  }

  @Test
  void itIsEnlargedBetweenTheCentresOfItsCells() {
    // Centres at 0.5 and 1.5 of 2 cells lie at 1 and 3 of 4 pixels, whose centres are at 0.5 … 3.5.
    assertThat(map(1, 2, 0, 4).enlarged(4))
        .containsExactly(
            0, 0.25f, 0.75f, 1, 0, 0.25f, 0.75f, 1, 0, 0.25f, 0.75f, 1, 0, 0.25f, 0.75f, 1);
    assertThat(map(2, 1, 2, 4).enlarged(2)).containsExactly(0.5f, 0.5f, 1, 1);
  }

  @Test
  void whereNothingSpeaksForTheAnswerItIsZero() {
    assertThat(map(2, 2, 0, 0, 0, 0).enlarged(3)).containsOnly(0);
  }

  @Test
  void sizesAndValuesBelongTogether() {
    assertThatThrownBy(() -> map(2, 2, 1, 2))
        .hasMessage("a heat map of 2×2 over 2×2×1 has 2 values over 4");
  }
}
