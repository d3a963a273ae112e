package dev.leaven.runtime.train;

import dev.leaven.runtime.evaluate.Scorer;
import dev.leaven.runtime.evaluate.Scores;
import dev.leaven.runtime.evaluate.TestTimeViews;
import dev.leaven.runtime.evaluate.View;
import dev.leaven.runtime.evaluate.ViewCombination;
import dev.leaven.runtime.internal.pipeline.DecodedImages;
import dev.leaven.runtime.internal.pipeline.Pipeline;
import dev.leaven.runtime.internal.step.InferenceGraph;
import dev.leaven.runtime.internal.step.ViewCrop;
import dev.leaven.runtime.internal.tensorflow.Keys;
import dev.leaven.runtime.plan.Plan;
import dev.leaven.runtime.plan.Stage;
import dev.leaven.runtime.run.TrainingListener;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.tensorflow.Session;

/**
 * Evaluates images with an inference graph, plainly or with views. On a stop request it leaves by
 * {@link StopSignal.Stopped}: predictions can be repeated.
 */
final class Evaluator {

  /** Receives a model's prediction for each image. */
  interface PredictionListener {

    /**
     * An image was evaluated.
     *
     * @param image its number among the samples
     * @param prediction probabilities, or numbers in the targets' unit
     * @param target the target as the data has it
     * @param loss the loss against the target of training
     * @param plainLoss the loss against the target as it is
     */
    void predicted(int image, float[] prediction, float[] target, float loss, float plainLoss);
  }

  /** Ignores all predictions. */
  static final PredictionListener IGNORE = (image, prediction, target, loss, plainLoss) -> {};

  private interface Batches {
    /**
     * Called when a batch was evaluated, by one model or two, with the predictions by the numbers
     * of their images.
     */
    void evaluated(List<InferenceGraph.BatchPredictions> batch, int[] images);
  }

  private final Plan plan;
  private final InferenceGraph graph;
  private final Session session;
  private final DataPass.Source source;
  private final TrainingListener listener;
  private final Runnable stopCheck;

  Evaluator(
      Plan plan,
      InferenceGraph graph,
      DataPass.Source source,
      TrainingListener listener,
      Runnable stopCheck) {
    this.plan = plan;
    this.graph = graph;
    this.session = source.session();
    this.source = source;
    this.listener = listener;
    this.stopCheck = stopCheck;
  }

  /**
   * The result of an epoch's validation.
   *
   * @param trained the scores by the trained weights
   * @param averaged the scores by the averaged weights, if the plan has them
   */
  record ValidationScores(Scores trained, Optional<Scores> averaged) {}

  /** Scores the centre view of every image, by both models if there are two. */
  ValidationScores scores(Stage stage) {
    Scorer trained = Scorer.of(plan.data().task());
    Scorer averaged = Scorer.of(plan.data().task());
    centre(
        stage,
        1,
        0,
        () -> graph.evaluateEach(session),
        (batches, numbers) -> {
          tell(into(trained), batches.get(0), numbers);
          batches.stream().skip(1).forEach(batch -> tell(into(averaged), batch, numbers));
        });
    return new ValidationScores(
        trained.scores(), plan.step().averaging().map(averaging -> averaged.scores()));
  }

  private static PredictionListener into(Scorer scorer) {
    return (image, prediction, target, loss, plainLoss) ->
        scorer.add(prediction, target, loss, plainLoss);
  }

  /** Evaluates the centre view of every image, by the averaged weights if there are any. */
  void centre(Stage stage, PredictionListener listener) {
    centre(
        stage,
        1,
        0,
        () -> List.of(graph.evaluate(session)),
        (batches, numbers) -> tell(listener, batches.get(0), numbers));
  }

  /**
   * Evaluates views of every image, combined with its centre view, and the centre view itself.
   *
   * @param combined receives the combined predictions
   * @param plain receives the predictions for the centre view
   */
  void views(
      Stage stage, TestTimeViews tta, PredictionListener combined, PredictionListener plain) {
    List<View> views = tta.views();
    int passes = views.size() + 1;
    ViewCombination combination = tta.combination(source.samples().size());
    for (int pass = 0; pass < views.size(); pass++) {
      ViewPass viewed = viewPass(stage, views.get(pass), pass);
      each(
          passes,
          pass,
          viewed.passage(),
          viewed.evaluate(),
          (batches, numbers) -> {
            for (int i = 0; i < numbers.length; i++) {
              combination.add(numbers[i], batches.get(0).answers()[i]);
            }
          });
    }
    centre(
        stage,
        passes,
        passes - 1,
        () -> List.of(graph.evaluate(session)),
        (batches, numbers) -> {
          InferenceGraph.BatchPredictions batch = batches.get(0);
          float[][] answers = new float[numbers.length][];
          for (int i = 0; i < answers.length; i++) {
            answers[i] = combination.result(numbers[i], batch.answers()[i]);
          }
          tell(plain, batch, numbers);
          tell(combined, graph.evaluate(session, answers, batch.targets()), numbers);
        });
  }

  /** How the images of a view are loaded, and how a batch of them is evaluated by its number. */
  private record ViewPass(
      DataPass passage, IntFunction<List<InferenceGraph.BatchPredictions>> evaluate) {}

  private ViewPass viewPass(Stage stage, View view, int pass) {
    if (view instanceof View.Fixed fixed) {
      ViewCrop crop = ViewCrop.of(stage, fixed);
      return new ViewPass(passage(stage, crop), number -> List.of(graph.evaluate(session, crop)));
    }
    long key = Keys.key(Keys.key(Keys.key(plan.seed()), "tta"), pass);
    long drawn = (long) pass << 32;
    return new ViewPass(
        passage(stage, null, stage.presize(), 1, true, key),
        number -> List.of(graph.evaluateView(session, stage.size(), drawn + number)));
  }

  private static void tell(
      PredictionListener listener, InferenceGraph.BatchPredictions batch, int[] numbers) {
    for (int i = 0; i < numbers.length; i++) {
      listener.predicted(
          numbers[i],
          batch.answers()[i],
          batch.targets()[i],
          batch.losses()[i],
          batch.plainLosses()[i]);
    }
  }

  private void centre(
      Stage stage,
      int passes,
      int pass,
      Supplier<List<InferenceGraph.BatchPredictions>> evaluate,
      Batches batches) {
    each(passes, pass, passage(stage, ViewCrop.centre(stage)), number -> evaluate.get(), batches);
  }

  private DataPass passage(Stage stage, ViewCrop crop) {
    // Images are not cached for a single pass at a different size.
    boolean kept = plan.stages().contains(stage) && crop.sharesSquare(ViewCrop.centre(stage));
    return passage(
        stage,
        kept ? source.decoded().apply(stage) : null,
        crop.square(),
        crop.fraction(),
        false,
        plan.seed());
  }

  private DataPass passage(
      Stage stage,
      @Nullable DecodedImages decoded,
      int side,
      double share,
      boolean randomPlace,
      long key) {
    int[] all = IntStream.range(0, source.samples().size()).toArray();
    return new DataPass(
        source,
        decoded,
        new Pipeline.Pass(all, stage.batchSize(), false, side, share, randomPlace, key),
        all.length);
  }

  private void each(
      int passes,
      int pass,
      DataPass passage,
      IntFunction<List<InferenceGraph.BatchPredictions>> evaluate,
      Batches batches) {
    passage.start(0);
    int done = 0;
    for (int number = 0; done < passage.images(); number++) {
      stopCheck.run();
      int batchNumber = number;
      List<InferenceGraph.BatchPredictions> batch =
          passage.step(done, () -> evaluate.apply(batchNumber));
      if (batch == null) {
        return;
      }
      int[] numbers = new int[batch.get(0).targets().length];
      for (int i = 0; i < numbers.length; i++) {
        numbers[i] = passage.image(done + i);
      }
      batches.evaluated(batch, numbers);
      done += numbers.length;
      listener.onEvaluated(pass * passage.images() + done, passes * passage.images());
    }
  }
}
