package dev.leaven.dsl.ablate;

import dev.leaven.runtime.run.TrainingListener;
import java.nio.file.Path;

/** Hears how an ablation proceeds. Every method does nothing unless overridden. */
public interface AblationListener {

  /**
   * An ablation starts or goes on.
   *
   * @param plan the variants and their cost, several lines
   * @param directory where it is written
   * @param done runs that earlier processes finished
   * @param runs how many there are
   */
  default void onStart(String plan, Path directory, int done, int runs) {}

  /**
   * A run starts or goes on.
   *
   * @param run which one
   * @return hears how the run proceeds
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
   * The ablation was asked to stop, and the run it was in has saved where it is.
   *
   * @param directory the same ablation in it goes on from there
   */
  default void onInterrupted(Path directory) {}

  /**
   * All runs are finished.
   *
   * @param ledger what came of them
   * @param directory where it is written
   */
  default void onEnd(Ledger ledger, Path directory) {}
}
