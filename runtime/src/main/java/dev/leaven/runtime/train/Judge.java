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

  private interface Images {
    void judged(TrainingGraph.Judged batch, int place, int image);
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
    Scorer scorer = new Scorer();
    centre(
        stage,
        1,
        0,
        (batch, i, image) ->
            scorer.add(
                batch.probabilities()[i],
                batch.labels()[i],
                batch.losses()[i],
                batch.plainLosses()[i]));
    return scorer.scores();
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
          (batch, i, image) -> combination.add(image, batch.probabilities()[i]));
    }
    Scorer scorer = new Scorer();
    centre(
        stage,
        tta.passes() + 1,
        tta.passes(),
        (batch, i, image) -> {
          float[] combined = combination.result(image, batch.probabilities()[i]);
          scorer.add(
              combined,
              batch.labels()[i],
              crossEntropy(combined, batch.labels()[i], plan.smoothing().epsilon()),
              crossEntropy(combined, batch.labels()[i], 0));
        });
    return scorer.scores();
  }

  // The combined probabilities have no logits, so their loss is taken from the definition.
  private static double crossEntropy(float[] probabilities, int label, double epsilon) {
    double loss = 0;
    for (int k = 0; k < probabilities.length; k++) {
      double target = (k == label ? 1 - epsilon : 0) + epsilon / probabilities.length;
      if (target > 0) {
        loss -= target * Math.log(Math.max(probabilities[k], Float.MIN_NORMAL));
      }
    }
    return loss;
  }

  private void centre(Stage stage, int passes, int pass, Images images) {
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
        images);
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
      Images images) {
    passage.start(0);
    int done = 0;
    for (int number = 0; done < passage.images(); number++) {
      stop.check();
      int batchNumber = number;
      TrainingGraph.Judged batch = passage.step(done, () -> judge.apply(batchNumber));
      if (batch == null) {
        return;
      }
      for (int i = 0; i < batch.labels().length; i++) {
        images.judged(batch, i, passage.image(done + i));
      }
      done += batch.labels().length;
      listener.onJudged(pass * passage.images() + done, passes * passage.images());
    }
  }
}
