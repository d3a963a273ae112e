package dev.leaven.runtime.serve;

/** A request that gets no answer but a sentence, and HTTP's number for why. */
final class Refusal extends Exception {

  private static final long serialVersionUID = 1L;

  private final int status;

  Refusal(int status, String message) {
    super(message);
    this.status = status;
  }

  int status() {
    return status;
  }
}
