package dev.leaven.runtime.plan;

import dev.leaven.runtime.Technique;
import java.util.List;
import java.util.Optional;

/**
 * A rule that ends a run before its last epoch. The run is then finished: test-time augmentation
 * and the summary follow, and there is nothing to resume.
 *
 * <p>A rule is a pure function of the run's reports, so a resumed run ends at the same step as an
 * uninterrupted one.
 */
public interface Stopping extends Technique {

  /**
   * Called after every epoch but the last.
   *
   * @param history a report for each finished epoch, at least one
   * @return why the run ends here, in a few words; empty if it continues
   */
  Optional<String> afterEpoch(List<EpochReport> history);

  /**
   * Called after every step. An epoch that is ended here is shorter; its validation follows.
   *
   * @param history a report for each finished epoch
   * @param seconds the time that the current epoch has taken so far
   * @return why the run ends here, in a few words; empty if it continues
   */
  default Optional<String> afterStep(List<EpochReport> history, double seconds) {
    return Optional.empty();
  }
}
