package dev.leaven.runtime.run;

/** What a {@link TrainingListener} may do to a run. Safe to use from any thread. */
public interface RunControl {

  /**
   * Ends the run after the present step, as Ctrl-C does: it is saved where it is, unfinished, and
   * can be resumed.
   */
  void stop();
}
