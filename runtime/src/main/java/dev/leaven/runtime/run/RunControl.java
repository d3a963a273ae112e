package dev.leaven.runtime.run;

/** What a {@link TrainingListener} may do to a run. Safe to use from any thread. */
public interface RunControl {

  /**
   * Ends the run after the current step, as Ctrl-C does: it is saved at that step, unfinished, and
   * can be resumed.
   */
  void stop();
}
