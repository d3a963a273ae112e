package dev.leaven.runtime.internal.tensorflow;

import java.util.ArrayList;
import java.util.List;
import org.tensorflow.ConcreteFunction;
import org.tensorflow.ExecutionEnvironment;
import org.tensorflow.Graph;
import org.tensorflow.GraphOperation;
import org.tensorflow.Operation;
import org.tensorflow.OperationBuilder;
import org.tensorflow.op.Ops;
import org.tensorflow.op.Scope;

/**
 * TensorFlow's operations for a graph, at a cost that does not grow with the graph.
 *
 * <p>{@code Ops.create(graph)} makes the same operations under the same names, but its {@code
 * withSubScope} visits every operation of the graph: the time to build a model that way grows with
 * the square of its layers.
 */
public final class GraphOps {

  private GraphOps() {}

  /**
   * Operations that are added to a graph.
   *
   * @param graph the graph, with or without existing operations
   * @return with no prefix, device or control dependency
   */
  public static Ops of(Graph graph) {
    return Ops.create(new Environment(graph, new GraphScope(graph)));
  }

  /**
   * Every operation of a graph. Cost: a walk over the whole graph, so do not call it for each
   * layer.
   *
   * @param graph the graph
   * @return in the order of creation
   */
  public static List<GraphOperation> all(Graph graph) {
    List<GraphOperation> all = new ArrayList<>();
    graph.operations().forEachRemaining(all::add);
    return all;
  }

  // Ops can be created only from an environment, whose scope it takes; from then on it uses the
  // scope.
  private record Environment(Graph graph, Scope baseScope) implements ExecutionEnvironment {

    @Override
    public OperationBuilder opBuilder(String type, String name, Scope scope) {
      return graph.opBuilder(type, name, scope);
    }

    @Override
    public void attachFunction(ConcreteFunction function) {
      graph.attachFunction(function);
    }

    @Override
    public void checkInput(Operation input) {
      graph.checkInput(input);
    }

    @Override
    public Types environmentType() {
      return graph.environmentType();
    }

    @Override
    public boolean isInitializer(Operation operation) {
      return graph.isInitializer(operation);
    }
  }
}
