package dev.leaven.runtime.internal.tensorflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.DeviceSpec;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.Session;
import org.tensorflow.op.Ops;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.types.TFloat32;

class GraphOpsTest {

  private static GraphDef built(Function<Graph, Ops> operations, long seed) {
    try (Graph graph = new Graph()) {
      List<Ops> scopes = new ArrayList<>(List.of(operations.apply(graph)));
      List<Operand<TFloat32>> values = new ArrayList<>();
      values.add(scopes.get(0).constant(1f));
      Random random = new Random(seed);
      // None begins with another: TensorFlow takes "ab_3" for a "b_3" in the scope "a".
      String[] names = {"a", "b", "c.1", "layer", "x-y"};
      for (int i = 0; i < 300; i++) {
        Ops at = scopes.get(random.nextInt(scopes.size()));
        Operand<TFloat32> value = values.get(random.nextInt(values.size()));
        String name = names[random.nextInt(names.length)];
        switch (random.nextInt(6)) {
          case 0 -> scopes.add(at.withSubScope(name));
          case 1 -> scopes.add(at.withName(name));
          case 2 -> scopes.add(at.withControlDependencies(value));
          case 3 ->
              scopes.add(
                  at.withDevice(
                      DeviceSpec.newBuilder()
                          .deviceIndex(0)
                          .deviceType(DeviceSpec.DeviceType.CPU)
                          .build()));
          case 4 -> values.add(at.constant((float) i));
          default -> values.add(at.math.add(value, at.identity(value)));
        }
      }
      return graph.toGraphDef();
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void makesTheGraphThatTensorFlowsOwnScopesMake(long seed) {
    assertThat(built(GraphOps::of, seed)).isEqualTo(built(Ops::create, seed));
  }

  @Test
  void numbersNamesThatAreTaken() {
    try (Graph graph = new Graph()) {
      Ops tf = GraphOps.of(graph);
      assertThat(tf.constant(1).op().name()).isEqualTo("Const");
      assertThat(tf.constant(2).op().name()).isEqualTo("Const_1");
      Ops first = tf.withSubScope("layer");
      Ops second = tf.withSubScope("layer");
      assertThat(first.constant(1).op().name()).isEqualTo("layer/Const");
      assertThat(second.constant(1).op().name()).isEqualTo("layer_1/Const");
      assertThat(first.constant(1).op().name()).isEqualTo("layer/Const_1");
      assertThat(first.withSubScope("inner").constant(1).op().name())
          .isEqualTo("layer/inner/Const");
      assertThat(first.withName("mine").constant(1).op().name()).isEqualTo("layer/mine");
      assertThat(first.withName("mine").constant(1).op().name()).isEqualTo("layer/mine_1");
    }
  }

  @Test
  void knowsWhatOthersHaveAddedMeanwhile() {
    try (Graph graph = new Graph();
        Graph other = new Graph()) {
      Ops before = GraphOps.of(graph);
      Operand<TFloat32> x = before.withName("x").constant(2f);
      Operand<TFloat32> y = before.math.square(x);
      Output<?> gradient =
          graph
              .addGradients(
                  "slope", new Output<?>[] {y.asOutput()}, new Output<?>[] {x.asOutput()}, null)[0];
      GraphOps.of(other).withName("x").constant(3f);
      graph.importGraphDef(other.toGraphDef(), "slope");
      String made = gradient.op().name().substring("slope/".length());
      for (Ops tf : List.of(before, GraphOps.of(graph))) {
        Ops at = tf.withSubScope("slope");
        assertThat(at.withName(made).constant(1f).op().name()).startsWith("slope").contains(made);
        assertThat(at.withName("x").constant(1f).op().name()).startsWith("slope").contains("x");
      }
    }
  }

  @Test
  void twoOfOneGraphDoNotCollide() {
    try (Graph graph = new Graph()) {
      Ops one = GraphOps.of(graph);
      Ops two = GraphOps.of(graph);
      assertThat(one.withSubScope("a").constant(1).op().name()).isEqualTo("a/Const");
      assertThat(two.withSubScope("a").constant(1).op().name()).isEqualTo("a/Const_1");
      assertThat(one.withSubScope("a").constant(1).op().name()).isEqualTo("a_1/Const");
    }
  }

  @Test
  void scopesNamedAfterAnOperationHaveItsPrefix() {
    try (Graph graph = new Graph()) {
      Ops tf = GraphOps.of(graph);
      Ops named = tf.withSubScope("outer").withName("mask");
      assertThat(named.scope().withNameAsSubScope("other").makeOpName("Add"))
          .isEqualTo("outer/mask/Add");
      assertThat(tf.scope().withNameAsSubScope("other").makeOpName("Add")).isEqualTo("other/Add");
      assertThat(tf.withSubScope("outer").scope().makeUnique("id")).isEqualTo("id");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "_a", "a/b", "a b", "-a", "ä"})
  void refusesNamesThatTensorFlowRefuses(String name) {
    try (Graph graph = new Graph()) {
      Ops tf = GraphOps.of(graph);
      assertThatThrownBy(() -> tf.withSubScope(name))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(
              "'%s' cannot name an operation: names have letters, digits, '_', '-' and '.', and"
                      .formatted(name)
                  + " begin with a letter, a digit or '.'");
      assertThatThrownBy(() -> tf.withName(name)).isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> Ops.create(graph).withName(name))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void initialOperationsRunBeforeAllOthers() {
    try (Graph graph = new Graph();
        Session session = new Session(graph)) {
      Ops tf = GraphOps.of(graph);
      Operand<TFloat32> ordinary = tf.constant(1f);
      Ops first = tf.withControlDependencies(ordinary).withInitScope();
      var handle = first.varHandleOp(TFloat32.class, org.tensorflow.ndarray.Shape.scalar());
      var assigned = first.assignVariableOp(handle, first.constant(7f));
      assertThat(graph.isInitializer(assigned.op())).isTrue();
      // What comes after the initialization need not wait for it.
      Ops after = tf.withControlDependencies(assigned);
      Operand<TFloat32> read = after.readVariableOp(handle, TFloat32.class);
      assertThat(graph.toGraphDef().getNodeList())
          .filteredOn(node -> node.getName().equals(read.op().name()))
          .allSatisfy(node -> assertThat(node.getInputList()).hasSize(1));
      try (var result = session.runner().fetch(read).run()) {
        assertThat(((TFloat32) result.get(0)).getFloat()).isEqualTo(7f);
      }
      assertThatThrownBy(() -> first.withControlDependencies(ordinary))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("does not belong to the graph's initialization");
    }
  }

  @Test
  void whatIsWaitedForIsOfTheSameGraph() {
    try (Graph graph = new Graph();
        Graph other = new Graph()) {
      Operand<TFloat32> elsewhere = GraphOps.of(other).constant(1f);
      assertThatThrownBy(() -> GraphOps.of(graph).withControlDependencies(elsewhere))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }
}
