package dev.leaven.runtime.plan;

import dev.leaven.runtime.Technique;
import java.util.List;
import java.util.Optional;

/**
 * A rule that ends a run before its last epoch. What it ends is finished: test-time augmentation
 * and the summary follow, and there is nothing to resume.
 *
 * <p>A rule is a pure function of what the run has reported, so that a resumed run ends where one
 * that was never stopped does.
 */
public interface Stopping extends Technique {

  /**
   * Asked after every epoch but the last.
   *
   * @param history a report for each finished epoch, at least one
   * @return why the run ends here, in a few words; empty if it goes on
   */
  Optional<String> afterEpoch(List<EpochReport> history);

  /**
   * Asked after every step. An epoch that is ended here is shorter; its validation follows.
   *
   * @param history a report for each finished epoch
   * @param seconds how long the present epoch has taken so far
   * @return why the run ends here, in a few words; empty if it goes on
   */
  default Optional<String> afterStep(List<EpochReport> history, double seconds) {
    return Optional.empty();
  }
}
