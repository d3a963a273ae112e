package dev.leaven.runtime.train;

import dev.leaven.runtime.data.DecodedImages;
import dev.leaven.runtime.data.Loader;
import dev.leaven.runtime.data.Pipeline;
import dev.leaven.runtime.evaluate.Scorer;
import dev.leaven.runtime.evaluate.Scores;
import dev.leaven.runtime.evaluate.TestTimeAugmentation;
import dev.leaven.runtime.graph.Keys;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Scores the model of a training graph on the validation images, plainly or with views. It leaves
 * by {@link StopSignal.Stopped} when the run is asked to stop: scores can be had again.
 */
final class Judge {

  private interface Batches {
    /** A batch was judged, by one model or two: the answers for these images, by their numbers. */
    void judged(List<TrainingGraph.Judged> batch, int[] images);
  }

  private final Plan plan;
  private final TrainingGraph graph;
  private final Loader.Opened opened;
  private final Damage damage;
  private final DecodedParts decoded;
  private final TrainingListener listener;
  private final StopSignal stop;

  Judge(
      Plan plan,
      TrainingGraph graph,
      Loader.Opened opened,
      Damage damage,
      DecodedParts decoded,
      TrainingListener listener,
      StopSignal stop) {
    this.plan = plan;
    this.graph = graph;
    this.opened = opened;
    this.damage = damage;
    this.decoded = decoded;
    this.listener = listener;
    this.stop = stop;
  }

  /**
   * What an epoch's validation gave.
   *
   * @param trained by the trained weights
   * @param averaged by the averaged weights, if the plan has them
   */
  record Verdict(Scores trained, Optional<Scores> averaged) {}

  /** Scores the centre view of every image. */
  Verdict plain(Stage stage) {
    Scorer trained = Scorer.of(plan.task());
    Scorer averaged = Scorer.of(plan.task());
    centre(
        stage,
        1,
        0,
        graph::judgeEach,
        (batches, images) -> {
          add(trained, batches.get(0));
          batches.stream().skip(1).forEach(batch -> add(averaged, batch));
        });
    return new Verdict(trained.scores(), plan.averaging().map(averaging -> averaged.scores()));
  }

  private static void add(Scorer scorer, TrainingGraph.Judged batch) {
    for (int i = 0; i < batch.targets().length; i++) {
      scorer.add(batch.answers()[i], batch.targets()[i], batch.losses()[i], batch.plainLosses()[i]);
    }
  }

  /** Scores augmented views of every image, combined with its centre view. */
  Scores augmented(Stage stage, TestTimeAugmentation tta) {
    TestTimeAugmentation.Combination combination = tta.combination(plan.validImages());
    for (int pass = 0; pass < tta.passes(); pass++) {
      long key = Keys.key(Keys.key(Keys.key(plan.seed()), "tta"), pass);
      long view = (long) pass << 32;
      each(
          tta.passes() + 1,
          pass,
          passage(stage, null, stage.presize(), 1, true, key),
          number -> List.of(graph.judgeView(stage.size(), view + number)),
          (batches, images) -> {
            for (int i = 0; i < images.length; i++) {
              combination.add(images[i], batches.get(0).answers()[i]);
            }
          });
    }
    Scorer scorer = Scorer.of(plan.task());
    centre(
        stage,
        tta.passes() + 1,
        tta.passes(),
        () -> List.of(graph.judge()),
        (batches, images) -> {
          TrainingGraph.Judged batch = batches.get(0);
          float[][] answers = new float[images.length][];
          for (int i = 0; i < answers.length; i++) {
            answers[i] = combination.result(images[i], batch.answers()[i]);
          }
          add(scorer, graph.judge(answers, batch.targets()));
        });
    return scorer.scores();
  }

  private void centre(
      Stage stage,
      int passes,
      int pass,
      Supplier<List<TrainingGraph.Judged>> judge,
      Batches batches) {
    each(
        passes,
        pass,
        passage(
            stage,
            decoded.validation(stage),
            stage.size(),
            stage.centreShare(),
            false,
            plan.seed()),
        number -> judge.get(),
        batches);
  }

  private Passage passage(
      Stage stage,
      @Nullable DecodedImages images,
      int side,
      double share,
      boolean randomPlace,
      long key) {
    int[] all = IntStream.range(0, plan.validImages()).toArray();
    return new Passage(
        graph.session(),
        graph.pipeline(),
        opened,
        images,
        damage,
        DamagedFile.Part.VALIDATION,
        new Pipeline.Pass(all, stage.batchSize(), false, side, share, randomPlace, key),
        all.length);
  }

  private void each(
      int passes,
      int pass,
      Passage passage,
      IntFunction<List<TrainingGraph.Judged>> judge,
      Batches batches) {
    passage.start(0);
    int done = 0;
    for (int number = 0; done < passage.images(); number++) {
      stop.check();
      int batchNumber = number;
      List<TrainingGraph.Judged> batch = passage.step(done, () -> judge.apply(batchNumber));
      if (batch == null) {
        return;
      }
      int[] images = new int[batch.get(0).targets().length];
      for (int i = 0; i < images.length; i++) {
        images[i] = passage.image(done + i);
      }
      batches.judged(batch, images);
      done += images.length;
      listener.onJudged(pass * passage.images() + done, passes * passage.images());
    }
  }
}
