package dev.leaven.samples.own;

import dev.leaven.runtime.plan.EpochReport;
import dev.leaven.runtime.run.TrainingListener;
import java.io.PrintStream;

/** A callback of your own: it writes a line whenever an epoch was better than all before it. */
public final class BestSoFar implements TrainingListener {

  private final PrintStream out;

  /**
   * Writes to a stream.
   *
   * @param out where the lines go
   */
  public BestSoFar(PrintStream out) {
    this.out = out;
  }

  @Override
  public void onEpoch(EpochReport report, boolean best) {
    if (best) {
      out.printf(
          "epoch %d is the best so far: %s %.4f%n",
          report.epoch(),
          report.scores().primary().label(),
          report.scores().get(report.scores().primary()));
    }
  }
}
