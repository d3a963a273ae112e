package dev.leaven.runtime.export;

import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.tensorflow.TensorFlow;
import org.tensorflow.proto.CollectionDef;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.SavedModel;
import org.tensorflow.proto.SignatureDef;
import org.tensorflow.proto.TensorInfo;

/** A graph with its signatures in the form that TensorFlow's loaders read. */
final class SavedModelGraph {

  private static final String TAG = "serve";
  private static final String INITIALIZER = "restore_weights";

  // Where loaders look for the operation that they run once.
  private static final String MAIN_OPERATION = "saved_model_main_op";

  private SavedModelGraph() {}

  /**
   * The content of a SavedModel's file.
   *
   * @param frozen the graph
   * @param signatures its signatures
   * @param precision how its weights are stored
   */
  static byte[] of(
      FrozenGraph frozen, Map<String, SignatureDef> signatures, WeightPrecision precision) {
    GraphDef graph = frozen.graph(operations(signatures), precision, INITIALIZER);
    MetaGraphDef.Builder meta =
        MetaGraphDef.newBuilder()
            .setMetaInfoDef(
                MetaGraphDef.MetaInfoDef.newBuilder()
                    .addTags(TAG)
                    .setTensorflowVersion(TensorFlow.version()))
            .setGraphDef(graph)
            .putAllSignatureDef(signatures);
    if (graph.getNodeList().stream().anyMatch(node -> node.getName().equals(INITIALIZER))) {
      meta.putCollectionDef(
          MAIN_OPERATION,
          CollectionDef.newBuilder()
              .setNodeList(CollectionDef.NodeList.newBuilder().addValue(INITIALIZER))
              .build());
    }
    return SavedModel.newBuilder()
        .setSavedModelSchemaVersion(1)
        .addMetaGraphs(meta)
        .build()
        .toByteArray();
  }

  private static Set<String> operations(Map<String, SignatureDef> signatures) {
    return signatures.values().stream()
        .flatMap(
            signature ->
                Stream.concat(
                    signature.getInputsMap().values().stream(),
                    signature.getOutputsMap().values().stream()))
        .map(TensorInfo::getName)
        .map(name -> name.substring(0, name.indexOf(':')))
        .collect(Collectors.toSet());
  }
}
