package dev.leaven.runtime.machine;

import dev.leaven.runtime.graph.Kernels;
import java.io.IOException;

/** Computes layers where nothing is lost if that ends the process. */
@FunctionalInterface
interface Checker {

  /**
   * Computes layers and compares them with float64.
   *
   * @param kernels those to compute with
   * @param request which layers, in which precisions
   * @return what was found, as far as the layers could be computed
   * @throws IOException when no process can be started, or it ends before its first layer
   */
  CheckReply check(Kernels kernels, CheckRequest request) throws IOException;
}
