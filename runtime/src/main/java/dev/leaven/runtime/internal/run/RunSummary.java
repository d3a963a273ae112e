package dev.leaven.runtime.internal.run;

import dev.leaven.runtime.TechniqueJson;
import dev.leaven.runtime.evaluate.Metric;
import dev.leaven.runtime.plan.EpochReport;
import dev.leaven.runtime.run.RunResult;
import java.util.LinkedHashMap;
import java.util.Map;

/** The result of a run, in a few lines of JSON for programs that compare runs. */
final class RunSummary {

  private RunSummary() {}

  static String json(RunResult run) {
    Map<String, Object> summary = new LinkedHashMap<>();
    summary.put("finished", run.finished());
    summary.put("recipeHash", run.plan().recipeHash());
    summary.put("seed", run.plan().seed());
    summary.put("epochs", run.history().size());
    summary.put("valid", run.scores());
    Metric metric = run.scores().primary();
    EpochReport best = EpochReport.best(run.history()).orElseThrow();
    summary.put("best", best.scores().get(metric));
    summary.put("bestEpoch", best.epoch());
    run.ended().ifPresent(reason -> summary.put("ended", reason));
    run.tta().ifPresent(scores -> summary.put("tta", scores));
    run.evaluatedAt().ifPresent(scores -> summary.put("evaluatedAt", scores));
    if (!run.damaged().isEmpty()) {
      summary.put("damaged", run.damaged());
    }
    // Only the epochs: several processes may work on a run, and this sum is the same in each of
    // them.
    summary.put("epochSeconds", run.history().stream().mapToDouble(EpochReport::seconds).sum());
    return TechniqueJson.writePretty(summary);
  }
}
