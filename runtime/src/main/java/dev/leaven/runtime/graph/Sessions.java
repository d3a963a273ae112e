package dev.leaven.runtime.graph;

import org.tensorflow.Graph;
import org.tensorflow.Session;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.proto.GPUOptions;

/** Opens sessions the way that training wants them. */
public final class Sessions {

  private Sessions() {}

  /**
   * Opens a session on a graph. On a GPU it takes memory as it is needed instead of all at once.
   *
   * @param graph the graph to run
   * @return to be closed before the graph
   */
  public static Session open(Graph graph) {
    ConfigProto config =
        ConfigProto.newBuilder()
            .setGpuOptions(GPUOptions.newBuilder().setAllowGrowth(true))
            .setAllowSoftPlacement(true)
            .build();
    return new Session(graph, config);
  }
}
