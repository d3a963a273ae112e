package dev.leaven.runtime.train;

import dev.leaven.runtime.data.DecodedImages;
import dev.leaven.runtime.data.Loader;
import dev.leaven.runtime.data.Pipeline;
import dev.leaven.runtime.evaluate.Scorer;
import dev.leaven.runtime.evaluate.Scores;
import dev.leaven.runtime.evaluate.TestTimeAugmentation;
import dev.leaven.runtime.graph.Keys;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Scores the model of a training graph on the validation images, plainly or with views. It leaves
 * by {@link StopSignal.Stopped} when the run is asked to stop: scores can be had again.
 */
final class Judge {

  private interface Batches {
    /** A batch was judged: the answers for these images, by their numbers. */
    void judged(TrainingGraph.Judged batch, int[] images);
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

  /** Scores the centre view of every image. */
  Scores plain(Stage stage) {
    Scorer scorer = Scorer.of(plan.task());
    centre(stage, 1, 0, (batch, images) -> add(scorer, batch));
    return scorer.scores();
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
          number -> graph.judgeView(stage.size(), view + number),
          (batch, images) -> {
            for (int i = 0; i < images.length; i++) {
              combination.add(images[i], batch.answers()[i]);
            }
          });
    }
    Scorer scorer = Scorer.of(plan.task());
    centre(
        stage,
        tta.passes() + 1,
        tta.passes(),
        (batch, images) -> {
          float[][] answers = new float[images.length][];
          for (int i = 0; i < answers.length; i++) {
            answers[i] = combination.result(images[i], batch.answers()[i]);
          }
          add(scorer, graph.judge(answers, batch.targets()));
        });
    return scorer.scores();
  }

  private void centre(Stage stage, int passes, int pass, Batches batches) {
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
        number -> graph.judge(),
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
        graph,
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
      IntFunction<TrainingGraph.Judged> judge,
      Batches batches) {
    passage.start(0);
    int done = 0;
    for (int number = 0; done < passage.images(); number++) {
      stop.check();
      int batchNumber = number;
      TrainingGraph.Judged batch = passage.step(done, () -> judge.apply(batchNumber));
      if (batch == null) {
        return;
      }
      int[] images = new int[batch.targets().length];
      for (int i = 0; i < images.length; i++) {
        images[i] = passage.image(done + i);
      }
      batches.judged(batch, images);
      done += images.length;
      listener.onJudged(pass * passage.images() + done, passes * passage.images());
    }
  }
}
