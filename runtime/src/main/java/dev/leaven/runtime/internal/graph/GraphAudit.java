package dev.leaven.runtime.internal.graph;

import dev.leaven.runtime.graph.Precision;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.tensorflow.Graph;
import org.tensorflow.GraphOperation;
import org.tensorflow.Operand;
import org.tensorflow.Operation;
import org.tensorflow.internal.c_api.global.tensorflow;
import org.tensorflow.ndarray.Shape;

/**
 * Checks a graph before it is differentiated. It refuses operations that TensorFlow would
 * differentiate wrongly, or not at all, or with a crash of the process; the message names the
 * layer, not a native code.
 */
public final class GraphAudit {

  private static final Set<String> STOPS =
      Set.of("Shape", "ShapeN", "Size", "Rank", "StopGradient");

  private GraphAudit() {}

  /**
   * Checks every operation through which a loss depends on some inputs.
   *
   * @param graph the graph
   * @param loss the value that will be differentiated
   * @param inputs the values by which it will be differentiated
   * @param precision that of the session that will run it
   * @throws IllegalStateException when the gradient of an operation is missing or wrong
   */
  public static void check(
      Graph graph, Operand<?> loss, Collection<? extends Operand<?>> inputs, Precision precision) {
    for (Operand<?> input : inputs) {
      if (input.op().type().equals("VariableV2")) {
        refuse(
            input.op().name(),
            "TensorFlow ends the process when a reference variable is differentiated;"
                + " use a resource variable");
      }
    }
    // A subgraph leaves out the operations that bound it; the loss is differentiated too.
    Set<Operation> needed = new HashSet<>(graph.subgraphTo(Set.of(loss)));
    needed.add(loss.op());
    for (GraphOperation operation : reached(inputs)) {
      String reason = needed.contains(operation) ? objection(operation, precision) : null;
      if (reason != null) {
        refuse(operation.name(), reason);
      }
    }
  }

  // A gradient stops at an operation that blocks it: only the shape of a dropout's mask depends on
  // the weights.
  private static Set<GraphOperation> reached(Collection<? extends Operand<?>> inputs) {
    Set<GraphOperation> reached = new HashSet<>();
    Deque<GraphOperation> waiting = new ArrayDeque<>();
    inputs.forEach(input -> waiting.addAll(consumers((GraphOperation) input.op())));
    while (!waiting.isEmpty()) {
      GraphOperation operation = waiting.remove();
      if (reached.add(operation) && !STOPS.contains(operation.type())) {
        waiting.addAll(consumers(operation));
      }
    }
    return reached;
  }

  private static Set<GraphOperation> consumers(GraphOperation operation) {
    Set<GraphOperation> consumers = new HashSet<>();
    for (int i = 0; i < operation.numOutputs(); i++) {
      consumers.addAll(operation.consumers(i));
    }
    return consumers;
  }

  private static void refuse(String operation, String reason) {
    throw new IllegalStateException(
        "layer %s cannot be trained: %s".formatted(layer(operation), reason));
  }

  private static @Nullable String objection(GraphOperation operation, Precision precision) {
    String type = operation.type();
    switch (type) {
      case "Conv2D":
      case "DepthwiseConv2dNative":
        for (long dilation : operation.attributes().getAttrIntList("dilations")) {
          if (dilation != 1) {
            return "the gradient of a dilated %s is wrong; use SpaceToBatchND".formatted(type);
          }
        }
        if (operation.attributes().getAttrString("padding").equals("EXPLICIT")) {
          return "the gradient of explicit padding fails; pad first and use VALID";
        }
        return type.equals("Conv2D") ? trap(operation, precision) : null;
      case "LogSoftmax":
        return operation.input(0).shape().numDimensions() == 2
            ? null
            : "the gradient of LogSoftmax is right for rank 2 only; reshape first";
      case "SoftmaxCrossEntropyWithLogits":
        return operation
                .attributes()
                .getAttrType("T")
                .equals(org.tensorflow.proto.DataType.DT_FLOAT)
            ? null
            : "its logits must be cast to float32 for the loss";
      case "VarHandleOp":
        return null;
      default:
        return tensorflow.TFJ_HasGradient(type)
            ? null
            : "TensorFlow has no gradient for the operation " + type;
    }
  }

  // Operations that oneDNN's kernels compute wrongly on some processors.
  private static @Nullable String trap(GraphOperation operation, Precision precision) {
    Shape filter = operation.input(1).shape();
    if (filter.numDimensions() != 4) {
      return null;
    }
    boolean strided = operation.attributes().getAttrIntList("strides")[1] > 1;
    if (strided && filter.get(0) == 1 && filter.get(1) == 1) {
      return "a 1×1 convolution with a stride is differentiated wrongly on some processors; slice"
          + " its input with the stride first";
    }
    long channels = filter.get(2);
    if (precision == Precision.BFLOAT16 && channels > 1 && channels % 2 == 1) {
      return "a convolution of %d channels is computed wrongly in bfloat16 on some processors; pad"
              .formatted(channels)
          + " the channels to an even number";
    }
    return null;
  }

  private static String layer(String operation) {
    int end = operation.lastIndexOf('/');
    return end < 0 ? operation : operation.substring(0, end);
  }
}
