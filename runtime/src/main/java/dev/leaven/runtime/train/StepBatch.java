package dev.leaven.runtime.train;

import dev.leaven.runtime.Task;
import dev.leaven.runtime.data.DecodedCache;
import dev.leaven.runtime.data.ImageData;
import dev.leaven.runtime.data.Samples;
import dev.leaven.runtime.graph.Precision;
import dev.leaven.runtime.internal.graph.Sessions;
import dev.leaven.runtime.internal.pipeline.DecodedFormat;
import dev.leaven.runtime.internal.pipeline.DecodedImages;
import dev.leaven.runtime.internal.pipeline.Loader;
import dev.leaven.runtime.internal.pipeline.Pipeline;
import dev.leaven.runtime.internal.plan.Timeline;
import dev.leaven.runtime.internal.run.Failures;
import dev.leaven.runtime.internal.step.BatchGraph;
import dev.leaven.runtime.internal.tensorflow.Feeds;
import dev.leaven.runtime.internal.tensorflow.GraphOps;
import dev.leaven.runtime.internal.tensorflow.Values;
import dev.leaven.runtime.mix.Batch;
import dev.leaven.runtime.plan.Plan;
import dev.leaven.runtime.plan.Stage;
import dev.leaven.runtime.run.DamagedFile.Part;
import dev.leaven.runtime.run.TrainingListener;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TUint8;

/**
 * The complete first batch of one training step without a run: the step's images by the run's order
 * and keys, through the graph of the run. Images are in C order.
 *
 * @param mixed whether the batch is mixed
 * @param originals the images from the pipeline
 * @param seen the model's input
 * @param labels the targets before they are mixed, {@code [batch][outputs]}
 * @param targets the targets after mixing, in the same unit and not smoothed
 */
record StepBatch(
    boolean mixed, byte[] originals, float[] seen, float[][] labels, float[][] targets) {

  /**
   * Loads a batch.
   *
   * @param number the stage, from 0
   * @param step the step of that stage, from 0
   */
  static StepBatch of(Plan plan, ImageData data, int number, int step) {
    Timeline timeline = new Timeline(plan);
    Stage stage = plan.stages().get(number);
    int epoch = timeline.firstEpoch(number) + step / stage.steps();
    int firstBatch = step % stage.steps() * stage.accumulate();
    int first = firstBatch * stage.batchSize();
    Pipeline.Pass pass = BatchGraph.pass(plan, stage, data.train().targets(), epoch);
    boolean mixed = plan.mixes(epoch);
    CorruptFiles corrupt = new CorruptFiles(data, List.of(), new TrainingListener() {});
    Loader loader = Loader.of(data.train(), plan.data().channels(), plan.image().itemResize());
    try (Graph graph = new Graph();
        Loader.Opened opened = loader.open(data.train());
        DecodedImages decoded = decoded(plan, data.train(), corrupt, stage, pass.order(), first);
        Session session = Sessions.open(graph, Precision.FLOAT32)) {
      Ops tf = GraphOps.of(graph);
      BatchGraph batches = new BatchGraph(tf, plan, loader);
      Batch batch = batches.training(tf);
      boolean classes = plan.data().task() == Task.CLASSIFICATION;
      // One operand cannot be fetched twice, and without mixing both are the same.
      Operand<TFloat32> labels =
          tf.identity(classes ? batches.targets() : batches.pipeline().targets());
      Operand<TFloat32> targets =
          tf.identity(
              plan.target()
                  .scale()
                  .map(scale -> scale.unscaled(tf, batch.targets()))
                  .orElse(batch.targets()));
      DataPass passage =
          new DataPass(
              new DataPass.Source(
                  session, batches.pipeline(), opened, any -> decoded, corrupt, Part.TRAINING),
              decoded,
              pass,
              first + stage.batchSize());
      long global = timeline.firstBatch(epoch) + firstBatch;
      try (Feeds feeds = batches.feed(new Feeds(), stage.size(), global, mixed);
          Result result =
              Objects.requireNonNull(
                  passage
                      .start(first)
                      .step(
                          first,
                          () ->
                              feeds
                                  .runner(session)
                                  .fetch(batches.pipeline().images())
                                  .fetch(batch.images())
                                  .fetch(labels)
                                  .fetch(targets)
                                  .run()))) {
        return new StepBatch(
            mixed,
            Values.of((TUint8) result.get(0)),
            Values.of((TFloat32) result.get(1)),
            Values.rows((TFloat32) result.get(2)),
            Values.rows((TFloat32) result.get(3)));
      }
    }
  }

  // The images of this batch as in a run's cache, each damaged image replaced as in the run.
  private static @Nullable DecodedImages decoded(
      Plan plan, Samples samples, CorruptFiles corrupt, Stage stage, int[] order, int first) {
    if (plan.data().cache() == DecodedCache.NONE || !(samples instanceof Samples.Files files)) {
      return null;
    }
    DecodedFormat format = DecodedFormat.whole(plan.data().channels(), stage.presize());
    while (true) {
      int[] batch =
          Arrays.copyOfRange(
              corrupt.avoided(Part.TRAINING, order), first, first + stage.batchSize());
      boolean[] found = new boolean[1];
      DecodedImages.Listener listener =
          new DecodedImages.Listener() {
            @Override
            public void decoded(int done) {}

            @Override
            public void damaged(int index, String problem) {
              found[0] |= corrupt.add(Part.TRAINING, Map.of(index, problem));
            }
          };
      DecodedImages images;
      try {
        images = DecodedImages.some(files, batch, format, listener);
      } catch (RuntimeException e) {
        throw Failures.explained(e);
      }
      if (!found[0]) {
        return images;
      }
      images.close();
    }
  }
}
