package dev.leaven.runtime.train;

import dev.leaven.runtime.Task;
import dev.leaven.runtime.data.ImageData;
import dev.leaven.runtime.data.Loader;
import dev.leaven.runtime.data.Samples;
import dev.leaven.runtime.graph.Feeds;
import dev.leaven.runtime.graph.Precision;
import dev.leaven.runtime.graph.Sessions;
import dev.leaven.runtime.graph.Values;
import dev.leaven.runtime.mix.Batch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TUint8;

/**
 * The images of one training step as the model sees them, beside what they were made of.
 *
 * <p>They come from the graph that training uses, with the step's own random numbers: a run of the
 * plan sees the same values in that step. (Where convolutions are computed in bfloat16, the first
 * one rounds them, by 1/256 at most.) No model is built and nothing is trained. Cost: one batch is
 * loaded; a second or two.
 *
 * @param plan the plan whose step it is
 * @param stageNumber its stage, from 1
 * @param step its number in the stage, from 1
 * @param mixed whether the batch is mixed
 * @param examples the first images of the batch, in its order; the partner of an image that is
 *     mixed is the next one of the batch
 */
public record Preview(Plan plan, int stageNumber, int step, boolean mixed, List<Example> examples) {

  private static final int USUAL_IMAGES = 8;
  private static final int WHITE = 255;

  /**
   * One image of the batch. Pixels are in the order row, column, channel.
   *
   * @param original the image as the pipeline loads it, with a side of the stage's {@code presize}
   * @param seen the values that the model gets, with a side of the stage's {@code size}
   * @param shown the same with normalization undone, rounded to bytes and kept within them
   * @param label the image's own target: 1 for each class that it has and 0 for the others, or its
   *     numbers
   * @param target what is learned for it after mixing and before label smoothing, in the unit of
   *     {@code label}
   */
  public record Example(
      byte[] original, float[] seen, byte[] shown, float[] label, float[] target) {}

  /** Keeps its own list. */
  public Preview {
    examples = List.copyOf(examples);
  }

  /**
   * Loads the batch of a step and makes of it what training makes.
   *
   * @param plan what would be trained
   * @param data the images that the plan was made for
   * @param excerpt which step, and how many of its images
   * @return values that depend on the plan, the images and the step alone
   * @throws IllegalArgumentException when the plan has no such stage or step, or its batch not that
   *     many images
   * @throws TrainingException when an image cannot be decoded, or memory runs out
   */
  public static Preview of(Plan plan, ImageData data, Excerpt excerpt) {
    within("stage", excerpt.stage(), plan.stages().size(), "the stages of the recipe");
    Stage stage = plan.stages().get(excerpt.stage() - 1);
    within("step", excerpt.step(), stage.totalSteps(), "the steps of stage " + excerpt.stage());
    int images = excerpt.images().orElse(Math.min(USUAL_IMAGES, stage.batchSize()));
    within("images", images, stage.batchSize(), "the batch size of stage " + excerpt.stage());

    Course course = new Course(plan);
    int epochOfStage = (excerpt.step() - 1) / stage.steps();
    int epoch = course.firstEpoch(excerpt.stage() - 1) + epochOfStage;
    int first = (excerpt.step() - 1) % stage.steps() * stage.batchSize();
    int[] order =
        Arrays.copyOfRange(
            course.order(data.train().targets(), epoch), first, first + stage.batchSize());
    long global = course.stepsBefore(excerpt.stage() - 1) + excerpt.step() - 1;
    boolean mixed = plan.mixes(epoch);

    Samples samples = data.train();
    Loader loader = Loader.of(samples, plan.channels());
    try (Graph graph = new Graph();
        Loader.Opened opened = loader.open(samples);
        Session session = Sessions.open(graph, Precision.FLOAT32)) {
      Ops tf = Ops.create(graph);
      BatchGraph batches = new BatchGraph(tf, plan, loader);
      Batch batch = batches.training(tf);
      boolean classes = plan.task() == Task.CLASSIFICATION;
      // One operand cannot be fetched twice, and without mixing both are the same.
      Operand<TFloat32> labels =
          tf.identity(classes ? batches.targets() : batches.pipeline().targets());
      Operand<TFloat32> targets =
          tf.identity(
              plan.targetScale()
                  .map(scale -> scale.unscaled(tf, batch.targets()))
                  .orElse(batch.targets()));
      batches.pipeline().start(session, opened, course.pass(stage, order, epoch));
      try (Feeds feeds = batches.feed(new Feeds(), stage.size(), global, mixed);
          Result result =
              Failures.explain(
                  samples,
                  order,
                  0,
                  () ->
                      feeds
                          .runner(session)
                          .fetch(batches.pipeline().images())
                          .fetch(batch.images())
                          .fetch(labels)
                          .fetch(targets)
                          .run())) {
        byte[] originals = Values.of((TUint8) result.get(0));
        float[] seen = Values.of((TFloat32) result.get(1));
        float[] restored = plan.normalize().inverse(seen);
        float[][] own = Values.rows((TFloat32) result.get(2));
        float[][] learned = Values.rows((TFloat32) result.get(3));
        int loaded = stage.presize() * stage.presize() * plan.channels();
        int size = stage.size() * stage.size() * plan.channels();
        List<Example> examples = new ArrayList<>();
        for (int i = 0; i < images; i++) {
          examples.add(
              new Example(
                  Arrays.copyOfRange(originals, i * loaded, (i + 1) * loaded),
                  Arrays.copyOfRange(seen, i * size, (i + 1) * size),
                  bytes(Arrays.copyOfRange(restored, i * size, (i + 1) * size)),
                  own[i],
                  learned[i]));
        }
        return new Preview(plan, excerpt.stage(), excerpt.step(), mixed, examples);
      }
    }
  }

  private static void within(String name, int value, int most, String what) {
    if (value > most) {
      throw new IllegalArgumentException(
          "preview: %s must be between 1 and %d, %s, but is %d".formatted(name, most, what, value));
    }
  }

  private static byte[] bytes(float[] values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) Math.round(Math.max(0, Math.min(1, values[i])) * WHITE);
    }
    return bytes;
  }

  /**
   * The stage of the step.
   *
   * @return one of the plan's
   */
  public Stage stage() {
    return plan.stages().get(stageNumber - 1);
  }
}
