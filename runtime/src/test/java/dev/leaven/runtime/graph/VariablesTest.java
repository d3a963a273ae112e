package dev.leaven.runtime.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.tensorflow.ndarray.Shape;

class VariablesTest {

  private final GraphRun run = new GraphRun();
  private final Variables variables = new Variables(run.tf());

  @AfterEach
  void close() {
    run.close();
  }

  private Variable weight(String name) {
    return variables.get(
        name, Shape.of(3, 3, 64, 64), Variable.Kind.WEIGHT, Initializer.kaimingNormal(9 * 64));
  }

  @Test
  void theFirstRequestMakesAVariableAndLaterOnesFindIt() {
    assertThat(weight("a")).isSameAs(weight("a"));
    assertThat(variables.all()).hasSize(1);
  }

  @Test
  void aNameHasOneShapeAndKind() {
    weight("a");
    assertThatThrownBy(
            () -> variables.get("a", Shape.of(2), Variable.Kind.UNDECAYED, Initializer.constant(0)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "variable a is a WEIGHT of shape [3, 3, 64, 64] and cannot be a UNDECAYED of shape [2]"
                + " as well");
  }

  @Test
  void kindsAreListedInTheOrderOfTheirMaking() {
    Shape one = Shape.of(1);
    Variable c = variables.get("c", one, Variable.Kind.UNDECAYED, Initializer.constant(0));
    variables.get("s", one, Variable.Kind.STATISTIC, Initializer.constant(0));
    variables.get("m", one, Variable.Kind.SLOT, Initializer.constant(0));
    Variable a = variables.get("a", one, Variable.Kind.WEIGHT, Initializer.constant(0));
    assertThat(variables.of(Variable.Kind::trained)).containsExactly(c, a);
  }

  @Test
  void kaimingWeightsHaveTheDeviationOfTheirFanIn() {
    Variable weight = weight("a");
    run.initialize(variables, 1);
    double[] values = run.fetch(weight.read(run.tf()));
    double square = Arrays.stream(values).map(v -> v * v).average().orElseThrow();
    // √(2/(3·3·64)) = 0.0589256; four standard errors of a deviation are 4·σ/√(2n).
    assertThat(Math.sqrt(square))
        .isCloseTo(0.0589256, within(4 * 0.0589256 / Math.sqrt(2.0 * values.length)));
    assertThat(Arrays.stream(values).average().orElseThrow())
        .isCloseTo(0, within(4 * 0.0589256 / Math.sqrt(values.length)));
    // Normal, not uniform or truncated: beyond 2σ lie 4.55 %, beyond 3σ 0.27 %; four standard
    // errors of a share p are 4·√(p/n).
    assertThat(beyond(values, 2)).isCloseTo(0.0455, within(4 * Math.sqrt(0.0455 / values.length)));
    assertThat(beyond(values, 3)).isCloseTo(0.0027, within(4 * Math.sqrt(0.0027 / values.length)));
  }

  private static double beyond(double[] values, int deviations) {
    return (double) Arrays.stream(values).filter(v -> Math.abs(v) > deviations * 0.0589256).count()
        / values.length;
  }

  @Test
  void aVariableBeginsByItsNameAndSeedAlone() {
    Variable b = weight("b");
    Variable a = weight("a");
    run.initialize(variables, 1);
    double[] first = run.fetch(a.read(run.tf()));
    assertThat(run.fetch(b.read(run.tf()))).isNotEqualTo(first);
    try (GraphRun other = new GraphRun()) {
      Variables alone = new Variables(other.tf());
      Variable same = alone.get("a", a.shape(), a.kind(), a.initial());
      other.initialize(alone, 1);
      assertThat(other.fetch(same.read(other.tf()))).isEqualTo(first);
      other.initialize(alone, 2);
      assertThat(other.fetch(same.read(other.tf()))).isNotEqualTo(first);
    }
  }

  @Test
  void aSnapshotCanBeAssignedAgain() {
    Variable a = variables.get("a", Shape.of(3), Variable.Kind.WEIGHT, Initializer.constant(0.5));
    Variable b = variables.get("b", Shape.scalar(), Variable.Kind.SLOT, Initializer.constant(2));
    run.initialize(variables, 1);
    try (Variables.Snapshot snapshot = variables.snapshot(run.session())) {
      assertThat(snapshot.variables()).containsExactly(a, b);
      assertThat(snapshot.value(a)).containsExactly(0.5f, 0.5f, 0.5f);
      assertThat(snapshot.value(b)).containsExactly(2f);
    }
    Map<String, FloatBuffer> values =
        Map.of("a", FloatBuffer.wrap(new float[] {1, -0f, 3}), "b", FloatBuffer.allocate(1));
    variables.assign(run.session(), values);
    assertThat(run.fetch(a.read(run.tf()))).containsExactly(1, -0.0, 3);
    assertThat(run.fetch(b.read(run.tf()))).containsExactly(0);
    assertThat(values.get("a").remaining()).as("the buffers are not consumed").isEqualTo(3);
  }

  @Test
  void firstValuesAreThoseOfTheOperation() {
    Variable random = weight("a");
    Variable same = variables.get("b", Shape.of(3), Variable.Kind.SLOT, Initializer.constant(2));
    run.initialize(variables, 7);
    double[] values = run.fetch(random.read(run.tf()));
    FirstValues first = variables.firstValues(variables.all(), 7);
    run.initialize(variables, 8);
    assertThat(run.fetch(random.read(run.tf()))).isNotEqualTo(values);
    first.give(run.session());
    assertThat(run.fetch(random.read(run.tf()))).isEqualTo(values);
    assertThat(run.fetch(same.read(run.tf()))).containsExactly(2, 2, 2);
  }

  @Test
  void aSnapshotStaysAsItWasWhileVariablesMoveOn() {
    Variable a = variables.get("a", Shape.of(3), Variable.Kind.WEIGHT, Initializer.constant(0.5));
    run.initialize(variables, 1);
    try (Variables.Snapshot snapshot = variables.snapshot(run.session())) {
      run.session()
          .run(run.tf().assignSubVariableOp(a.handle(), run.tf().constant(new float[] {1, 2, 3})));
      run.session()
          .run(
              run.tf()
                  .train
                  .resourceApplyGradientDescent(
                      a.handle(), run.tf().constant(1f), run.tf().constant(new float[] {1, 1, 1})));
      assertThat(snapshot.value(a)).containsExactly(0.5f, 0.5f, 0.5f);
    }
    assertThat(run.fetch(a.read(run.tf()))).containsExactly(-1.5, -2.5, -3.5);
  }

  @Test
  void variablesThatBeginAlikeDoNotStayAlike() {
    Variable a = variables.get("a", Shape.of(3), Variable.Kind.WEIGHT, Initializer.constant(0.5));
    Variable b = variables.get("b", Shape.of(3), Variable.Kind.WEIGHT, Initializer.constant(0.5));
    run.initialize(variables, 1);
    run.session()
        .run(run.tf().assignSubVariableOp(a.handle(), run.tf().constant(new float[] {1, 2, 3})));
    assertThat(run.fetch(b.read(run.tf()))).containsExactly(0.5, 0.5, 0.5);
  }
}
