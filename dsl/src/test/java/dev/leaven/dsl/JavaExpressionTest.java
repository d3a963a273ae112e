package dev.leaven.dsl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leaven.runtime.Technique;
import dev.leaven.runtime.mix.MixUp;
import dev.leaven.runtime.models.XResNet;
import dev.leaven.runtime.nn.Activation;
import dev.leaven.runtime.optimize.Adam;
import dev.leaven.runtime.optimize.Sgd;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class JavaExpressionTest {

  static Stream<Arguments> techniques() {
    return Stream.of(
        Arguments.of(new XResNet(), "new XResNet()"),
        Arguments.of(new XResNet(18), "new XResNet(18)"),
        Arguments.of(new XResNet(50).mish(), "new XResNet().mish()"),
        Arguments.of(
            new XResNet(34).withBlurPool().widen(0.5).mish().withSelfAttention(),
            "new XResNet(34).widen(0.5).mish().withSelfAttention().withBlurPool()"),
        Arguments.of(
            new XResNet(18).activation(Activation.SILU).dropout(0.1),
            "new XResNet(18).activation(Activation.SILU).dropout(0.1)"),
        Arguments.of(new MixUp(), "new MixUp()"),
        Arguments.of(new MixUp(0.2), "new MixUp(0.2)"),
        Arguments.of(new MixUp(0.2, true, false), "new MixUp(0.2, true, false)"),
        Arguments.of(new Adam().weightDecay(0.1), "new Adam().weightDecay(0.1)"),
        Arguments.of(new Sgd(0.9), "new Sgd(0.9)"));
  }

  @ParameterizedTest
  @MethodSource("techniques")
  void isTheShortestWayToWriteIt(Record technique, String text) {
    assertThat(JavaExpression.of(technique)).isEqualTo(text);
  }

  /** A technique of a user, whose methods cannot set all that its constructor can. */
  record Own(int size, boolean deepens, double rate) implements Technique {
    @Override
    public String describe() {
      return "own";
    }

    Own(int size) {
      this(size, false, 1);
    }

    public Own deep() {
      return new Own(size, true, rate);
    }

    public Own doubled() {
      return new Own(2 * size, deepens, rate);
    }
  }

  @Test
  void methodsThatSetOnlyAPartAreNotEnough() {
    assertThat(JavaExpression.of(new Own(3).deep())).isEqualTo("new Own(3).deep()");
    assertThat(JavaExpression.of(new Own(3, true, 2))).isEqualTo("new Own(3, true, 2)");
  }
}
