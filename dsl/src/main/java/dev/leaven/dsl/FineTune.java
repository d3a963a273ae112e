package dev.leaven.dsl;

import dev.leaven.runtime.optimize.FrozenNorms;
import dev.leaven.runtime.optimize.OneCycle;
import java.util.List;

/**
 * The two stages of fastai's {@code fine_tune}: one epoch in which only the head and the norms
 * learn, then all groups with discriminative rates.
 */
final class FineTune {

  private static final double LOWEST = 1.0 / 100;
  private static final double LOWEST_FROZEN = 1.0 / 10;
  private static final OneCycle HEAD = new OneCycle(25, 1e5, 0.99, 0.95, 0.85);
  private static final OneCycle ALL = new OneCycle(5, 1e5, 0.3, 0.95, 0.85);

  private FineTune() {}

  /** The stages that replace one stage and keep only its size and batch size. */
  static List<StageSpec> stages(StageSpec replaced, int epochs, double learningRate) {
    StageSpec stage = new StageSpec(replaced.size()).batch(replaced.batchSize());
    StageSpec head =
        stage
            .epochs(1)
            .learningRate(learningRate)
            .schedule(HEAD)
            .groups(new GroupSpec(GroupSpec.BODY, FrozenNorms.NONE, LOWEST_FROZEN, false));
    StageSpec all =
        stage
            .epochs(epochs)
            .learningRate(learningRate / 2)
            .schedule(ALL)
            .groups(new GroupSpec(0, FrozenNorms.NONE, LOWEST, true));
    return List.of(head, all);
  }

  /** Whether two successive stages are those of one {@code fineTune}. */
  static boolean is(StageSpec head, StageSpec all) {
    return all.epochs() != null
        && head.learningRate() != null
        && stages(head, all.epochs(), head.learningRate()).equals(List.of(head, all));
  }
}
