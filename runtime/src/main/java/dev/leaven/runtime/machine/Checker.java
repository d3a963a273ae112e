package dev.leaven.runtime.machine;

import dev.leaven.runtime.graph.Kernels;
import java.io.IOException;

/** Computes layers in a place where a crash of the process loses nothing. */
@FunctionalInterface
interface Checker {

  /**
   * Computes layers and compares them with float64.
   *
   * @param kernels the kernels to compute with
   * @param request the layers and precisions to check
   * @return the findings, as far as the layers could be computed
   * @throws IOException when no process can be started, or it ends before its first layer
   */
  CheckReply check(Kernels kernels, CheckRequest request) throws IOException;
}
