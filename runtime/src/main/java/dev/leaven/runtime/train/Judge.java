package dev.leaven.runtime.train;

import dev.leaven.runtime.data.Loader;
import dev.leaven.runtime.data.Pipeline;
import dev.leaven.runtime.data.Samples;
import dev.leaven.runtime.evaluate.Scorer;
import dev.leaven.runtime.evaluate.Scores;
import dev.leaven.runtime.evaluate.TestTimeAugmentation;
import dev.leaven.runtime.graph.Keys;
import java.util.stream.IntStream;

/**
 * Scores the model of a training graph on the validation images, plainly or with views. It leaves
 * by {@link StopSignal.Stopped} when the run is asked to stop: scores can be had again.
 */
final class Judge {

  private interface Batches {
    void judged(TrainingGraph.Judged batch, int firstImage);
  }

  private final Plan plan;
  private final TrainingGraph graph;
  private final Samples samples;
  private final Loader.Opened opened;
  private final TrainingListener listener;
  private final StopSignal stop;
  private final int[] order;

  Judge(
      Plan plan,
      TrainingGraph graph,
      Samples samples,
      Loader.Opened opened,
      TrainingListener listener,
      StopSignal stop) {
    this.plan = plan;
    this.graph = graph;
    this.samples = samples;
    this.opened = opened;
    this.listener = listener;
    this.stop = stop;
    order = IntStream.range(0, samples.size()).toArray();
  }

  /** Scores the centre view of every image. */
  Scores plain(Stage stage) {
    Scorer scorer = Scorer.of(plan.task());
    centre(stage, 1, 0, (batch, first) -> add(scorer, batch));
    return scorer.scores();
  }

  private static void add(Scorer scorer, TrainingGraph.Judged batch) {
    for (int i = 0; i < batch.targets().length; i++) {
      scorer.add(batch.answers()[i], batch.targets()[i], batch.losses()[i], batch.plainLosses()[i]);
    }
  }

  /** Scores augmented views of every image, combined with its centre view. */
  Scores augmented(Stage stage, TestTimeAugmentation tta) {
    TestTimeAugmentation.Combination combination = tta.combination(samples.size());
    for (int pass = 0; pass < tta.passes(); pass++) {
      long key = Keys.key(Keys.key(Keys.key(plan.seed()), "tta"), pass);
      long view = (long) pass << 32;
      start(stage, stage.presize(), 1, true, key);
      int[] batches = {0};
      each(
          tta.passes() + 1,
          pass,
          () -> graph.judgeView(stage.size(), view + batches[0]++),
          (batch, first) -> {
            for (int i = 0; i < batch.targets().length; i++) {
              combination.add(first + i, batch.answers()[i]);
            }
          });
    }
    Scorer scorer = Scorer.of(plan.task());
    centre(
        stage,
        tta.passes() + 1,
        tta.passes(),
        (batch, first) -> {
          float[][] answers = new float[batch.answers().length][];
          for (int i = 0; i < answers.length; i++) {
            answers[i] = combination.result(first + i, batch.answers()[i]);
          }
          add(scorer, graph.judge(answers, batch.targets()));
        });
    return scorer.scores();
  }

  private void centre(Stage stage, int passes, int pass, Batches batches) {
    start(stage, stage.size(), (double) stage.size() / stage.validationSide(), false, plan.seed());
    each(passes, pass, graph::judge, batches);
  }

  private void start(Stage stage, int side, double share, boolean randomPlace, long key) {
    graph
        .pipeline()
        .start(
            graph.session(),
            opened,
            new Pipeline.Pass(order, stage.batchSize(), false, side, share, randomPlace, key));
  }

  private void each(
      int passes,
      int pass,
      java.util.function.Supplier<TrainingGraph.Judged> next,
      Batches batches) {
    int total = samples.size();
    for (int done = 0; done < total; ) {
      stop.check();
      int first = done;
      TrainingGraph.Judged batch = Failures.explain(samples, order, first, next);
      batches.judged(batch, first);
      done += batch.targets().length;
      listener.onJudged(pass * total + done, passes * total);
    }
  }
}
