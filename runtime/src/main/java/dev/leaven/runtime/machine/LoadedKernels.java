package dev.leaven.runtime.machine;

import dev.leaven.runtime.graph.Kernels;
import dev.leaven.runtime.internal.tensorflow.GraphOps;
import java.util.List;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.RunOptions;
import org.tensorflow.types.TFloat32;

/** Loads TensorFlow with the chosen kernels, or finds out with which kernels it was loaded. */
final class LoadedKernels {

  private LoadedKernels() {}

  /**
   * Applies the decision to this process.
   *
   * @return the decision that is in effect
   * @throws MachineException when TensorFlow was loaded with kernels that are wrong here
   */
  static synchronized Decision use(Decision decided) {
    if (!NativeEnvironment.hasTensorFlow()) {
      return load(decided);
    }
    if (decided.kernels() == Kernels.CUDA) {
      // It uses these kernels however it was loaded.
      Kernels.chosen(Kernels.CUDA);
      return decided;
    }
    Kernels loaded = Kernels.ofProcess().orElseGet(LoadedKernels::found);
    Kernels.chosen(loaded);
    if (loaded == decided.kernels()) {
      return decided;
    }
    if (loaded == Kernels.PLAIN) {
      return Machine.plain(
          decided.precision(),
          "TensorFlow was loaded before with these; set %s=1 in the environment for faster ones"
              .formatted(Kernels.VARIABLE));
    }
    throw new MachineException(
        "TensorFlow was loaded before with oneDNN's kernels, which cannot be used here: %s; set"
                .formatted(decided.reason())
            + " %s=0 in the environment and start again".formatted(Kernels.VARIABLE));
  }

  private static Decision load(Decision decided) {
    try {
      NativeEnvironment.set(Kernels.VARIABLE, decided.kernels().value());
    } catch (LinkageError e) {
      boolean asked =
          Kernels.of(System.getenv(Kernels.VARIABLE))
              .filter(kernels -> kernels == decided.kernels())
              .isPresent();
      if (decided.kernels() == Kernels.PLAIN && !asked) {
        throw new MachineException(
            "TensorFlow must be loaded with its plain kernels (%s), but this system does not let"
                    .formatted(decided.reason())
                + " Java ask for them; set %s=0 in the environment and start again"
                    .formatted(Kernels.VARIABLE));
      }
      return decided;
    }
    Kernels.chosen(decided.kernels());
    return decided;
  }

  // A graph that TensorFlow has prepared shows which kernels it chooses by itself.
  static Kernels found() {
    try (Graph graph = new Graph();
        Session session = new Session(graph);
        TFloat32 values = TFloat32.tensorOf(Shape.of(1, 1, 1, 1))) {
      Ops tf = GraphOps.of(graph);
      Placeholder<TFloat32> input = tf.placeholder(TFloat32.class);
      Operand<TFloat32> output = tf.nn.conv2d(input, input, List.of(1L, 1L, 1L, 1L), "VALID");
      RunOptions options = RunOptions.newBuilder().setOutputPartitionGraphs(true).build();
      try (var run =
          session
              .runner()
              .feed(input, values)
              .fetch(output)
              .setOptions(options)
              .runAndFetchMetadata()) {
        boolean oneDnn =
            run.getMetadata().stream()
                .flatMap(metadata -> metadata.getPartitionGraphsList().stream())
                .map(GraphDef::getNodeList)
                .anyMatch(
                    nodes -> nodes.stream().anyMatch(node -> node.getOp().startsWith("_Mkl")));
        return oneDnn ? Kernels.ONEDNN : Kernels.PLAIN;
      }
    }
  }
}
