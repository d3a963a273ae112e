package dev.leaven.dsl.ablate;

import dev.leaven.runtime.run.TrainingListener;
import java.nio.file.Path;

/** Is notified of the progress of an ablation. Every method does nothing unless overridden. */
public interface AblationListener {

  /**
   * An ablation starts or continues.
   *
   * @param plan the variants and their cost, several lines
   * @param directory where it is written
   * @param done the number of runs that earlier processes finished
   * @param runs the number of all runs
   */
  default void onStart(String plan, Path directory, int done, int runs) {}

  /**
   * A run starts or continues.
   *
   * @param run which one
   * @return a listener for the progress of the run
   */
  default TrainingListener onRun(AblationRun run) {
    return new TrainingListener() {};
  }

  /**
   * A run ended.
   *
   * @param run which one
   * @param result in words, for instance {@code "top-1 88.25 %"}
   * @param seconds of training
   */
  default void onRunEnd(AblationRun run, String result, double seconds) {}

  /**
   * The ablation was asked to stop, and the current run has saved its state.
   *
   * @param directory the same ablation in this directory continues from there
   */
  default void onInterrupted(Path directory) {}

  /**
   * All runs are finished.
   *
   * @param ledger their results
   * @param directory where it is written
   */
  default void onEnd(Ledger ledger, Path directory) {}
}
