package dev.leaven.runtime.plan;

import dev.leaven.runtime.Check;
import java.util.List;
import java.util.Optional;

/**
 * Ends a run at its time limit, after the step that reaches it.
 *
 * <p>The limit counts the epochs, validation included, in all processes that worked on the run; it
 * does not count building the graph and test-time augmentation. The epoch that reaches the limit
 * ends there and is validated, so a run takes a validation longer than its limit, and has at least
 * one epoch. Effect: the cost is known in advance. A schedule that goes down to zero does not get
 * there, which costs accuracy; use fewer epochs where you can. How far a run comes depends on the
 * machine, so it is not repeatable. Cost: none.
 *
 * @param minutes the minutes of training, above 0
 */
public record TimeLimit(double minutes) implements Stopping {

  /**
   * Checks the range.
   *
   * @throws IllegalArgumentException when it is outside its range
   */
  public TimeLimit {
    Check.positive("timeLimit", "minutes", minutes);
  }

  @Override
  public Optional<String> afterEpoch(List<EpochReport> history) {
    return afterStep(history, 0);
  }

  @Override
  public Optional<String> afterStep(List<EpochReport> history, double seconds) {
    double all = seconds + history.stream().mapToDouble(EpochReport::seconds).sum();
    return all < 60 * minutes ? Optional.empty() : Optional.of("the time limit of " + inWords());
  }

  @Override
  public String describe() {
    return "ends after %s of training".formatted(inWords());
  }

  private String inWords() {
    return "%s %s".formatted(Check.number(minutes), minutes == 1 ? "minute" : "minutes");
  }
}
