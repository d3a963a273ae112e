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
 * withSubScope} looks at every operation that the graph has: building a deep model that way takes
 * time with the square of its layers.
 */
public final class GraphOps {

  private GraphOps() {}

  /**
   * Operations that are added to a graph.
   *
   * @param graph where they go, whether or not it has operations already
   * @return with no prefix, device or control dependency
   */
  public static Ops of(Graph graph) {
    return Ops.create(new Environment(graph, new GraphScope(graph)));
  }

  /**
   * Every operation of a graph. Cost: a walk over the whole graph, so not for each layer of it.
   *
   * @param graph the graph
   * @return in the order of their making
   */
  public static List<GraphOperation> all(Graph graph) {
    List<GraphOperation> all = new ArrayList<>();
    graph.operations().forEachRemaining(all::add);
    return all;
  }

  // Ops can be made of an environment only, whose scope it takes; from then on it asks the scope.
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
