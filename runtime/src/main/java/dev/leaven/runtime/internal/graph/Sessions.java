package dev.leaven.runtime.internal.graph;

import dev.leaven.runtime.graph.Precision;
import org.tensorflow.Graph;
import org.tensorflow.Session;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.proto.GPUOptions;
import org.tensorflow.proto.GraphOptions;
import org.tensorflow.proto.RewriterConfig;
import org.tensorflow.proto.RewriterConfig.MemOptType;
import org.tensorflow.proto.RewriterConfig.NumIterationsType;
import org.tensorflow.proto.RewriterConfig.Toggle;

/** Opens sessions with the settings for training. */
public final class Sessions {

  private Sessions() {}

  /**
   * Opens a session on a graph. On a GPU it takes memory as it is needed instead of all at once.
   *
   * @param graph the graph to run
   * @param precision the numbers to compute with; not {@link Precision#AUTO}
   * @return to be closed before the graph
   */
  public static Session open(Graph graph, Precision precision) {
    return open(graph, rewriter(precision));
  }

  /**
   * Opens a session for a graph that runs only a few times: it computes with the same kernels, but
   * TensorFlow prepares it in less than half the time.
   *
   * @param graph the graph to run
   * @param precision the numbers to compute with; not {@link Precision#AUTO}
   * @return to be closed before the graph
   */
  public static Session openToCheck(Graph graph, Precision precision) {
    return open(
        graph,
        rewriter(precision).toBuilder()
            .setConstantFolding(Toggle.OFF)
            .setArithmeticOptimization(Toggle.OFF)
            .setLayoutOptimizer(Toggle.OFF)
            .setLoopOptimization(Toggle.OFF)
            .setDependencyOptimization(Toggle.OFF)
            .setFunctionOptimization(Toggle.OFF)
            .setShapeOptimization(Toggle.OFF)
            .setCommonSubgraphElimination(Toggle.OFF)
            .setMemoryOptimization(MemOptType.NO_MEM_OPT)
            .setMetaOptimizerIterations(NumIterationsType.ONE)
            .build());
  }

  private static Session open(Graph graph, RewriterConfig rewriter) {
    ConfigProto config =
        ConfigProto.newBuilder()
            .setGpuOptions(GPUOptions.newBuilder().setAllowGrowth(true))
            .setAllowSoftPlacement(true)
            .setGraphOptions(GraphOptions.newBuilder().setRewriteOptions(rewriter))
            .build();
    return new Session(graph, config);
  }

  // TensorFlow inserts the casts itself and keeps what needs float32 in it. For float16 it does so
  // on GPUs only and ends the process elsewhere, so the layers contain those casts.
  private static RewriterConfig rewriter(Precision precision) {
    return switch (precision) {
      case AUTO -> throw new IllegalArgumentException("the precision must be decided first");
      case FLOAT32, FLOAT16 -> RewriterConfig.getDefaultInstance();
      case BFLOAT16 ->
          RewriterConfig.newBuilder().setAutoMixedPrecisionOnednnBfloat16(Toggle.ON).build();
    };
  }
}
