package dev.leaven.runtime.graph;

import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import org.tensorflow.Graph;
import org.tensorflow.GraphOperation;
import org.tensorflow.Operand;
import org.tensorflow.internal.c_api.global.tensorflow;

/**
 * Looks at a graph before it is differentiated and refuses what TensorFlow would differentiate
 * wrongly, or not at all, or by ending the process; the message names the layer, not a native code.
 */
public final class GraphAudit {

  private GraphAudit() {}

  /**
   * Checks every operation through which a loss depends on some inputs.
   *
   * @param graph the graph
   * @param loss what will be differentiated
   * @param inputs by what
   * @throws IllegalStateException when the gradient of an operation is missing or wrong
   */
  public static void check(Graph graph, Operand<?> loss, Collection<? extends Operand<?>> inputs) {
    Set<Operand<?>> from = new HashSet<>(inputs);
    Set<GraphOperation> between = new HashSet<>(graph.subgraphFrom(from));
    between.retainAll(graph.subgraphTo(Set.of(loss)));
    for (GraphOperation operation : between) {
      String reason = objection(operation);
      if (reason != null) {
        throw new IllegalStateException(
            "layer %s cannot be trained: %s".formatted(layer(operation.name()), reason));
      }
    }
  }

  private static String objection(GraphOperation operation) {
    String type = operation.type();
    switch (type) {
      case "VariableV2":
        return "TensorFlow ends the process when a reference variable is differentiated;"
            + " use a resource variable";
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
        return null;
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

  private static String layer(String operation) {
    int end = operation.lastIndexOf('/');
    return end < 0 ? operation : operation.substring(0, end);
  }
}
