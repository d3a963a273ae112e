package dev.leaven.runtime.train;

import dev.leaven.runtime.data.ImageData;
import dev.leaven.runtime.plan.Plan;
import dev.leaven.runtime.plan.Stage;
import dev.leaven.runtime.run.TrainingException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The images of one training step as the model sees them, next to their originals.
 *
 * <p>They come from the graph that training uses, with the step's own random numbers: a run of the
 * plan gives the model the same values in that step. (Where convolutions are computed in bfloat16,
 * the first one rounds them, by 1/256 at most.) No model is built and nothing is trained. A damaged
 * image is replaced as in a run. Cost: one batch is loaded; a second or two.
 *
 * @param plan the plan of the step
 * @param stageNumber its stage, from 1
 * @param step its number in the stage, from 1
 * @param mixed whether the batch is mixed
 * @param examples the first images of the batch, in its order; a mixed image is mixed with the next
 *     one of the batch
 */
public record Preview(Plan plan, int stageNumber, int step, boolean mixed, List<Example> examples) {

  private static final int USUAL_IMAGES = 8;
  private static final int WHITE = 255;

  /**
   * One image of the batch. Pixels are in the order row, column, channel.
   *
   * @param original the image as the pipeline loads it; height and width are the stage's {@code
   *     presize}
   * @param seen the model's input values; height and width are the stage's {@code size}
   * @param shown the same with normalization undone, rounded to bytes and clamped to their range
   * @param label the image's own target: 1 for each class that it has and 0 for the others, or its
   *     numbers
   * @param target the image's target after mixing and before label smoothing, in the unit of {@code
   *     label}
   */
  public record Example(
      byte[] original, float[] seen, byte[] shown, float[] label, float[] target) {}

  /** Keeps its own copy of the list. */
  public Preview {
    examples = List.copyOf(examples);
  }

  /**
   * Loads the batch of a step and processes it as training does.
   *
   * @param plan the plan
   * @param data the images that the plan was made for
   * @param previewStep which step, and the number of its images
   * @return values that depend only on the plan, the images and the step
   * @throws IllegalArgumentException when the plan has no such stage or step, or its batch has
   *     fewer images
   * @throws TrainingException when memory runs out, or too many images cannot be decoded
   */
  public static Preview of(Plan plan, ImageData data, PreviewStep previewStep) {
    within("stage", previewStep.stage(), plan.stages().size(), "the stages of the recipe");
    Stage stage = plan.stages().get(previewStep.stage() - 1);
    within(
        "step",
        previewStep.step(),
        stage.totalSteps(),
        "the steps of stage " + previewStep.stage());
    int images = previewStep.images().orElse(Math.min(USUAL_IMAGES, stage.batchSize()));
    within("images", images, stage.batchSize(), "the batch size of stage " + previewStep.stage());

    StepBatch batch = StepBatch.of(plan, data, previewStep.stage() - 1, previewStep.step() - 1);
    float[] restored = plan.model().normalize().inverse(batch.seen());
    int loaded = stage.presize() * stage.presize() * plan.data().channels();
    int size = stage.size() * stage.size() * plan.data().channels();
    List<Example> examples = new ArrayList<>();
    for (int i = 0; i < images; i++) {
      examples.add(
          new Example(
              Arrays.copyOfRange(batch.originals(), i * loaded, (i + 1) * loaded),
              Arrays.copyOfRange(batch.seen(), i * size, (i + 1) * size),
              bytes(Arrays.copyOfRange(restored, i * size, (i + 1) * size)),
              batch.labels()[i],
              batch.targets()[i]));
    }
    return new Preview(plan, previewStep.stage(), previewStep.step(), batch.mixed(), examples);
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
