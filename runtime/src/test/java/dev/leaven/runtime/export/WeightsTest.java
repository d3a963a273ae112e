package dev.leaven.runtime.export;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WeightsTest {

  @ParameterizedTest
  // From numpy: hex(np.float16(x).view(np.uint16)).
  @CsvSource({
    "0, 0", "1, 3c00", "-2, c000", "0.1, 2e66", "65504, 7bff", "6.103515625e-5, 400",
    "6.1e-5, 3ff", "5.9604645e-8, 1", "2.9802322e-8, 0", "3e-8, 1", "-1e-9, 8000",
        "1.0004883, 3c00",
    "1.0014648, 3c02", "0.33333334, 3555", "3.1415927, 4248", "-1234.5, e4d2"
  })
  void aHalfIsTheNearest(float value, String expected) {
    assertThat(Integer.toHexString(Weights.half(value) & 0xffff)).isEqualTo(expected);
  }

  @Test
  void quantizedWeightsAreOffByHalfAStepAtMost() {
    Random random = new Random(1);
    float[] values = new float[300];
    for (int i = 0; i < values.length; i++) {
      // The second channel is a hundred times as large, the third is zero.
      values[i] = i % 3 == 2 ? 0 : (float) random.nextGaussian() * (i % 3 == 0 ? 0.01f : 1);
    }
    Weights weights = new Weights(new long[] {10, 10, 3}, values);
    float[] scales = weights.scales();
    byte[] bytes = weights.quantized(scales);
    assertThat(scales[2]).isEqualTo(1);
    assertThat(bytes).contains(-127, 127).doesNotContain(-128);
    for (int i = 0; i < values.length; i++) {
      // And the rounding of the quotient.
      assertThat(Math.abs(bytes[i] * scales[i % 3] - values[i]))
          .isLessThanOrEqualTo(scales[i % 3] * 0.5001f);
    }
  }
}
