package dev.leaven.runtime.machine;

/** Says why nothing can be computed correctly here, and what to do. */
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
