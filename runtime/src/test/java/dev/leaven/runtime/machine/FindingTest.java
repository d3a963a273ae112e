package dev.leaven.runtime.machine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leaven.runtime.machine.Finding.Kind;
import dev.leaven.runtime.machine.LayerTests.Deviation;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FindingTest {

  private static final LayerShape SHAPE = LayerShape.of(MadeUpChecker.LAYER);
  private static final double ALLOWED = 1e-4;

  private static Finding of(double output, double gradient, boolean repeated) {
    return Finding.of(SHAPE, new Deviation(output, gradient, repeated), ALLOWED);
  }

  @Test
  void isRightUpToWhatIsAllowed() {
    assertThat(of(ALLOWED, ALLOWED, true)).isEqualTo(Finding.RIGHT);
    assertThat(of(0, 0, true)).isEqualTo(Finding.RIGHT);
    assertThat(of(Math.nextUp(ALLOWED), 0, true).kind()).isEqualTo(Kind.WRONG);
    assertThat(of(0, Math.nextUp(ALLOWED), true).kind()).isEqualTo(Kind.WRONG_GRADIENT);
  }

  @ParameterizedTest
  @ValueSource(doubles = {Double.POSITIVE_INFINITY, Double.NaN})
  void whatIsNotANumberIsWrong(double deviation) {
    assertThat(of(deviation, 0, true).kind()).isEqualTo(Kind.WRONG);
    assertThat(of(0, deviation, true).kind()).isEqualTo(Kind.WRONG_GRADIENT);
  }

  @Test
  void theWorseFaultIsNamed() {
    assertThat(of(1, 1, true).kind()).isEqualTo(Kind.WRONG);
    assertThat(of(0, 0, false).kind()).isEqualTo(Kind.UNREPEATABLE);
    assertThat(of(1, 1, false).kind()).isEqualTo(Kind.UNREPEATABLE);
  }

  @ParameterizedTest
  @CsvSource({
    "0.00012, 0.012 % of the largest value",
    "0.0461, 4.6 % of the largest value",
    "0.46, 46 % of the largest value",
    "0.999, 100 % of the largest value",
    "3.217, 322 % of the largest value",
    "10, 1000 % of the largest value",
    "10.1, more than ten times the largest value",
    "Infinity, more than ten times the largest value",
  })
  void saysHowFarItIsOff(double deviation, String said) {
    assertThat(of(deviation, 0, true).describe())
        .isEqualTo("a 3×3 convolution of 144 to 32 channels at 7 px is off by " + said);
    assertThat(of(0, deviation, true).describe())
        .isEqualTo(
            "the gradient of a 3×3 convolution of 144 to 32 channels at 7 px is off by " + said);
  }

  @Test
  void saysTheOtherFaults() {
    assertThat(of(0, 0, false).describe())
        .isEqualTo(
            "a 3×3 convolution of 144 to 32 channels at 7 px gives another result each time");
    assertThat(Finding.RIGHT.describe()).isEqualTo("every layer checked is correct");
    assertThat(Finding.unchecked("there was no time").describe()).isEqualTo("there was no time");
    assertThat(new Finding(Kind.DIED, "a pool", "signal 11").describe())
        .isEqualTo("a pool ends the process with signal 11");
  }

  @Test
  void theWorstIsTheFirstOfTheWorstKind() {
    assertThat(Finding.worst(List.of())).isEqualTo(Finding.RIGHT);
    List<Finding> findings = new ArrayList<>();
    for (Kind kind : Kind.values()) {
      findings.add(new Finding(kind, "first", ""));
      assertThat(Finding.worst(findings).kind()).isEqualTo(kind);
    }
    Collections.reverse(findings);
    findings.add(new Finding(Kind.DIED, "second", ""));
    assertThat(Finding.worst(findings)).isEqualTo(new Finding(Kind.DIED, "first", ""));
  }

  @ParameterizedTest
  @CsvSource({
    "RIGHT, true, true",
    "WRONG_GRADIENT, false, true",
    "UNCHECKED, false, false",
    "TIMED_OUT, false, false",
    "FAILED, false, false",
    "WRONG, false, false",
    "UNREPEATABLE, false, false",
    "DIED, false, false",
  })
  void saysWhatMayBeDone(Kind kind, boolean training, boolean inference) {
    Finding finding = new Finding(kind, "a layer", "");
    assertThat(finding.allowsTraining()).isEqualTo(training);
    assertThat(finding.allowsInference()).isEqualTo(inference);
  }
}
