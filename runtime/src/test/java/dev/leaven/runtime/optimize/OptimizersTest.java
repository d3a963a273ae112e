package dev.leaven.runtime.optimize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.leaven.runtime.graph.GraphRun;
import dev.leaven.runtime.graph.Variable;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What every optimizer computes, against the formulas in double and PyTorch's own numbers. */
class OptimizersTest {

  private static final int STEPS = 10;

  private static final List<OptimizerRun.Weight> WEIGHTS =
      List.of(
          new OptimizerRun.Weight("matrix", Variable.Kind.WEIGHT, 1, GraphRun.numbers(1, 35), 7, 5),
          new OptimizerRun.Weight("norm", Variable.Kind.UNDECAYED, 1, ones(6), 6),
          new OptimizerRun.Weight("bias", Variable.Kind.UNDECAYED, 1, new float[5], 5),
          new OptimizerRun.Weight(
              "kernel", Variable.Kind.WEIGHT, 0.3, GraphRun.numbers(2, 180), 3, 3, 4, 5),
          new OptimizerRun.Weight("slow", Variable.Kind.UNDECAYED, 0.1, ones(3), 3),
          new OptimizerRun.Weight("zero", Variable.Kind.WEIGHT, 1, new float[8], 2, 4));

  private static float[] ones(int count) {
    float[] ones = new float[count];
    java.util.Arrays.fill(ones, 1);
    return ones;
  }

  static List<Optimizer> optimizers() {
    return List.of(
        new Adam(),
        new Adam(0.9, 0.999, 1e-3, 1),
        new AdamW(),
        new AdamW().weightDecay(0.5),
        new Sgd(),
        new Sgd().weightDecay(1),
        new Sgd(0.9).weightDecay(1),
        new Sgd(0.9).withNesterov().weightDecay(1),
        new RmsProp(),
        new RmsProp(0.9, 0.9, 1e-4, 0.5),
        new RAdam(),
        new RAdam(0.9, 0.9, 1e-2, 1),
        new RAdam(0.9, 0.5, 1e-5, 0),
        new Lamb(),
        new Lamb(0.9, 0.99, 1e-5, 1, true),
        new Lamb(0.9, 0.999, 1e-2, 0.01, false),
        new Lars(),
        new Lars(0.9, 0.02, true, 1e-8, 1, true),
        new Lars(0.9, 0.5, false, 1e-3, 1, false),
        new Lars(0, 0.5, false, 1e-3, 0.1, true),
        new Lion(),
        new Lion(0.8, 0.95, 1),
        new Lookahead(new Adam()),
        new Lookahead(new Sgd(0.9), 3, 0.8).weightDecay(1),
        new Lookahead(new Lion(), 1, 1),
        new Ranger(),
        new Ranger().weightDecay(1));
  }

  @ParameterizedTest
  @MethodSource("optimizers")
  void tenStepsFollowTheFormula(Optimizer optimizer) {
    List<OptimizerReference> references = new ArrayList<>();
    for (OptimizerRun.Weight weight : WEIGHTS) {
      boolean decays = weight.kind() == Variable.Kind.WEIGHT;
      references.add(new OptimizerReference(optimizer, decays, doubles(weight.begin())));
    }
    try (OptimizerRun run = new OptimizerRun(optimizer, WEIGHTS)) {
      for (int t = 1; t <= STEPS; t++) {
        // One-cycle moves the momentum as well.
        Schedule.Rates rates = new OneCycle().at((t - 1.0) / STEPS, 0.05);
        double beta1 = rates.momentum().orElseThrow();
        List<float[]> gradients = new ArrayList<>();
        for (int i = 0; i < WEIGHTS.size(); i++) {
          OptimizerRun.Weight weight = WEIGHTS.get(i);
          float[] gradient = gradient(t, i, weight.begin().length);
          gradients.add(gradient);
          references
              .get(i)
              .step(doubles(gradient), rates.learningRate() * weight.factor(), beta1, t);
        }
        run.step(t, rates.learningRate(), beta1, gradients);
      }
      for (int i = 0; i < WEIGHTS.size(); i++) {
        OptimizerRun.Weight weight = WEIGHTS.get(i);
        double[] begin = doubles(weight.begin());
        double[] expected = references.get(i).weights();
        double[] actual = run.weights(i);
        double moved = distance(expected, begin);
        assertThat(moved).as(weight.name()).isPositive();
        assertThat(distance(actual, expected)).as(weight.name()).isLessThan(1e-5 * norm(expected));
        // A 1e-5 of the way that it went, and not only of where it is, beside what float32 cannot
        // hold: the weight is rounded twice in a step, by its decay and by its move.
        double rounding = 2 * STEPS * 0x1p-25 * norm(begin);
        assertThat(distance(actual, expected))
            .as(weight.name())
            .isLessThan(1e-5 * moved + rounding);
      }
    }
  }

  // From 1e-3 to 1, with signs that change: small squares are where ε counts.
  private static float[] gradient(int t, int weight, int size) {
    float[] gradient = GraphRun.numbers(100L * t + weight, size);
    for (int i = 0; i < size; i++) {
      gradient[i] *= i % 3 == 0 ? 1 : i % 3 == 1 ? 0.05f : 0.001f;
    }
    return gradient;
  }

  private static double[] doubles(float[] values) {
    double[] doubles = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      doubles[i] = values[i];
    }
    return doubles;
  }

  private static double distance(double[] a, double[] b) {
    double most = 0;
    for (int i = 0; i < a.length; i++) {
      most = Math.max(most, Math.abs(a[i] - b[i]));
    }
    return most;
  }

  private static double norm(double[] a) {
    return distance(a, new double[a.length]);
  }

  // torch 1.13 in float64, ten steps at 0.01 from (1, -0.5, 0.25) with gᵢ = ((7t + 3i) mod 11 -
  // 5)/8.
  static Stream<Arguments> pytorch() {
    return Stream.of(
        Arguments.of(new AdamW(), List.of(0.96687021166, -0.53027048858, 0.266387660197)),
        Arguments.of(new Sgd(), List.of(0.99375, -0.5025, 0.25125)),
        Arguments.of(new Sgd(0.9), List.of(0.961684823153, -0.532750766756, 0.270647400446)),
        Arguments.of(
            new Sgd(0.9).withNesterov(), List.of(0.959266340837, -0.531975690081, 0.269832660402)),
        Arguments.of(new RmsProp(), List.of(0.884667785453, -0.568298966789, 0.312924080359)),
        // With an ε of 1e-12, which PyTorch puts elsewhere.
        Arguments.of(
            new RAdam(0.9, 0.99, 1e-12, 0),
            List.of(0.991782941481, -0.514595550822, 0.254210833353)));
  }

  @ParameterizedTest
  @MethodSource("pytorch")
  void tenStepsArePyTorchs(Optimizer optimizer, List<Double> expected) {
    OptimizerRun.Weight weight =
        new OptimizerRun.Weight("p", Variable.Kind.WEIGHT, 1, new float[] {1, -.5f, .25f}, 3);
    try (OptimizerRun run = new OptimizerRun(optimizer, List.of(weight))) {
      for (int t = 1; t <= STEPS; t++) {
        float[] gradient = new float[3];
        for (int i = 0; i < 3; i++) {
          gradient[i] = ((t * 7 + i * 3) % 11 - 5) / 8f;
        }
        run.step(t, 0.01, optimizer.momentum(), List.of(gradient));
      }
      double[] actual = run.weights(0);
      for (int i = 0; i < 3; i++) {
        // Ten steps in float32, each with a rounding of 6e-8 of weights of 1 and less.
        assertThat(actual[i]).isCloseTo(expected.get(i), within(6e-7));
      }
    }
  }

  static Stream<Arguments> memories() {
    return Stream.of(
        Arguments.of(new Adam(), List.of("p.adam.m", "p.adam.v")),
        Arguments.of(new Sgd(), List.of()),
        Arguments.of(new Sgd(0.9), List.of("p.sgd.m")),
        Arguments.of(new RmsProp(), List.of("p.rmsprop.s", "p.rmsprop.m", "p.rmsprop.v")),
        Arguments.of(new Lars(), List.of("p.lars.m")),
        Arguments.of(new Lion(), List.of("p.lion.m")),
        Arguments.of(new Ranger(), List.of("p.lookahead.slow", "p.radam.m", "p.radam.v")));
  }

  @ParameterizedTest
  @MethodSource("memories")
  void allMemoryIsInSlots(Optimizer optimizer, List<String> slots) {
    OptimizerRun.Weight weight =
        new OptimizerRun.Weight("p", Variable.Kind.WEIGHT, 1, new float[3], 3);
    try (OptimizerRun run = new OptimizerRun(optimizer, List.of(weight))) {
      assertThat(run.slots()).containsExactlyElementsOf(slots);
    }
  }

  @Test
  void aPlainSgdHasNoMomentumFromTheScheduleEither() {
    OptimizerRun.Weight weight =
        new OptimizerRun.Weight("p", Variable.Kind.WEIGHT, 1, new float[] {1}, 1);
    try (OptimizerRun run = new OptimizerRun(new Sgd(), List.of(weight))) {
      run.step(1, 0.5, 0.95, List.of(new float[] {1}));
      run.step(2, 0.5, 0.95, List.of(new float[] {0}));
      assertThat(run.weights(0)).containsExactly(0.5);
    }
  }

  @ParameterizedTest
  @MethodSource("optimizers")
  void takesAnotherWeightDecay(Optimizer optimizer) {
    Optimizer strong = optimizer.weightDecay(0.25);
    assertThat(strong).hasSameClassAs(optimizer).isEqualTo(optimizer.weightDecay(0.25));
    assertThat(strong.describe()).contains("weight decay 0.25");
    assertThat(strong.momentum()).isEqualTo(optimizer.momentum());
  }

  @Test
  void refusesParametersOutOfTheirRanges() {
    refuses(
        () -> new AdamW(1, .9, 1, 0), "adamW: momentum must be between 0 and 0.999999, but is 1");
    refuses(() -> new Sgd(-1), "sgd: momentum must be between 0 and 0.999999, but is -1");
    refuses(() -> new Sgd().withNesterov(), "sgd: nesterov needs a momentum above 0, but it is 0");
    refuses(
        () -> new RmsProp(0, 1, 1, 0),
        "rmsProp: squaredMomentum must be between 0 and 0.999999, but is 1");
    refuses(() -> new RAdam(0, 0, 0, 0), "rAdam: epsilon must be above 0, but is 0");
    refuses(() -> new Lamb().weightDecay(2), "lamb: weightDecay must be between 0 and 1, but is 2");
    refuses(() -> new Lars(.9, 0, true, 1e-8, 0, false), "lars: trust must be above 0, but is 0");
    refuses(() -> new Lion(.9, 1, 0), "lion: memory must be between 0 and 0.999999, but is 1");
    refuses(() -> new Lookahead(new Adam(), 0, .5), "lookahead: k must be at least 1, but is 0");
    refuses(
        () -> new Lookahead(new Adam(), 6, 1.5),
        "lookahead: alpha must be between 0 and 1, but is 1.5");
    refuses(
        () -> new Lookahead(new Ranger()),
        "lookahead: Ranger looks ahead already; give the optimizer in it");
    refuses(() -> new Ranger(.9, .9, -1, 0), "ranger: epsilon must be above 0, but is -1");
  }

  private static void refuses(Supplier<Optimizer> made, String message) {
    assertThatThrownBy(made::get).isInstanceOf(IllegalArgumentException.class).hasMessage(message);
  }
}
