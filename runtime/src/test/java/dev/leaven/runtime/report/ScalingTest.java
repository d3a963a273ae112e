package dev.leaven.runtime.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ScalingTest {

  private static byte[] bytes(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return bytes;
  }

  @Test
  void smallImagesKeepTheirPixels() {
    assertThat(Scaling.square(bytes(10, 200, 30, 40), 2, 1, 4))
        .isEqualTo(bytes(10, 10, 200, 200, 10, 10, 200, 200, 30, 30, 40, 40, 30, 30, 40, 40));
  }

  @Test
  void largeImagesBecomeMeansOfAreas() {
    byte[] colours = new byte[4 * 4 * 3];
    for (int i = 0; i < colours.length; i++) {
      colours[i] = (byte) (i % 3 == 0 ? 4 * (i / 3) : 250);
    }
    // Red is 4 times the number of the pixel: the mean of 0, 1, 4 and 5 is 2.5, times 4.
    assertThat(Scaling.square(colours, 4, 3, 2))
        .isEqualTo(bytes(10, 250, 250, 18, 250, 250, 42, 250, 250, 50, 250, 250));
    // From 3 to 2: a result's pixel is one and a half wide, so the weights are 2/3 and 1/3.
    assertThat(Scaling.square(bytes(90, 0, 0, 0, 0, 0, 0, 0, 180), 3, 1, 2))
        .isEqualTo(bytes(40, 0, 0, 80));
  }

  @Test
  void anImageOfTheRightSizeIsLeftAlone() {
    byte[] pixels = bytes(1, 2, 3, 4);
    assertThat(Scaling.square(pixels, 2, 1, 2)).isSameAs(pixels);
  }
}
