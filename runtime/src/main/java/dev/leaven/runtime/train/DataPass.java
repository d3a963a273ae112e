package dev.leaven.runtime.train;

import dev.leaven.runtime.data.Samples;
import dev.leaven.runtime.internal.pipeline.DecodeCheck;
import dev.leaven.runtime.internal.pipeline.DecodedImages;
import dev.leaven.runtime.internal.pipeline.Loader;
import dev.leaven.runtime.internal.pipeline.Pipeline;
import dev.leaven.runtime.internal.run.Failures;
import dev.leaven.runtime.plan.Stage;
import dev.leaven.runtime.run.DamagedFile;
import dev.leaven.runtime.run.TrainingException;
import java.util.Arrays;
import java.util.SortedMap;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.tensorflow.Session;

/**
 * A pass of the pipeline that continues when images are found to be damaged: it finds them, starts
 * again without them where the failed step began, and repeats that step.
 */
final class DataPass {

  /**
   * The common state of the passes over a part of the data.
   *
   * @param session the session of the graph
   * @param pipeline the pipeline of the graph
   * @param opened the samples in native memory
   * @param decoded the decoded images of a stage, or null to decode them in each pass
   * @param corrupt the damaged ones among the samples
   * @param part the part of the data that the samples are
   */
  record Source(
      Session session,
      Pipeline pipeline,
      Loader.Opened opened,
      Function<Stage, @Nullable DecodedImages> decoded,
      CorruptFiles corrupt,
      DamagedFile.Part part) {

    Samples samples() {
      return opened.samples();
    }
  }

  private final Source source;
  private final @Nullable DecodedImages decoded;
  private final Pipeline.Pass whole;
  private final int places;
  private int[] order;

  /**
   * Prepares a pass.
   *
   * @param decoded the decoded images to load; null for the opened samples
   * @param whole the pass over all images, as if none were damaged
   * @param places the number of images visited
   */
  DataPass(Source source, @Nullable DecodedImages decoded, Pipeline.Pass whole, int places) {
    this.source = source;
    this.decoded = decoded;
    this.whole = whole;
    this.places = places;
    order = order();
  }

  private int[] order() {
    int[] avoided = source.corrupt().avoided(source.part(), whole.order());
    return Arrays.copyOf(avoided, Math.min(places, avoided.length));
  }

  /** The number of images visited, which can decrease during the pass. */
  int images() {
    return order.length;
  }

  /** The index of the image at a position of the pass. */
  int image(int place) {
    return order[place];
  }

  /**
   * Starts the pipeline.
   *
   * @param done the number of images visited before
   * @return this
   */
  DataPass start(int done) {
    source
        .pipeline()
        .start(source.session(), source.opened(), decoded, whole.over(order).from(done));
    return this;
  }

  /**
   * Runs a step on the next batch.
   *
   * @param done the number of images visited before it
   * @param step the step, which changes nothing when it fails
   * @return the result of the step; null when the remaining images were all damaged
   * @throws TrainingException when it fails for another reason, or too many images are damaged
   */
  <T> @Nullable T step(int done, Supplier<T> step) {
    int suspects = whole.batchSize();
    while (done < order.length) {
      try {
        return step.get();
      } catch (RuntimeException e) {
        if (!Failures.mayBeTheData(e) || !found(done, suspects)) {
          throw Failures.explained(e);
        }
      }
      order = order();
      start(done);
      // Where every batch fails, few rounds are enough to find too many damaged files.
      suspects = Math.min(2 * suspects, order.length);
    }
    return null;
  }

  private boolean found(int done, int suspects) {
    if (!(source.samples() instanceof Samples.Files files)) {
      return false;
    }
    int[] suspected = Arrays.copyOfRange(order, done, Math.min(done + suspects, order.length));
    SortedMap<Integer, String> damaged;
    try {
      damaged =
          DecodeCheck.damaged(
              source.session(), source.pipeline(), source.opened(), files, whole.over(suspected));
    } catch (RuntimeException e) {
      throw Failures.explained(e);
    }
    return source.corrupt().add(source.part(), damaged);
  }
}
