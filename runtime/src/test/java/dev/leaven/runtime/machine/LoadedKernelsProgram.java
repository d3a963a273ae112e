package dev.leaven.runtime.machine;

import dev.leaven.runtime.graph.Kernels;
import dev.leaven.runtime.graph.Precision;

/** Loads TensorFlow in a process of its own, which can be done only once in each. */
final class LoadedKernelsProgram {

  private LoadedKernelsProgram() {}

  /**
   * Prints the kernels of a prepared graph.
   *
   * @param arguments the kernels to load TensorFlow with; none to leave it to the environment
   */
  public static void main(String[] arguments) {
    if (arguments.length > 0) {
      Kernels wanted = Kernels.valueOf(arguments[0]);
      LoadedKernels.use(new Decision(wanted, Precision.FLOAT32, "a test says so"));
    }
    System.out.println("found " + LoadedKernels.found());
  }
}
