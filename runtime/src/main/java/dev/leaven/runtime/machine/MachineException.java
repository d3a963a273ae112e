package dev.leaven.runtime.machine;

/**
 * Nothing on this machine computes a model correctly. The message names the layer and what to do.
 */
public final class MachineException extends RuntimeException {

  /**
   * Makes an exception.
   *
   * @param message one sentence for people
   */
  public MachineException(String message) {
    super(message);
  }
}
