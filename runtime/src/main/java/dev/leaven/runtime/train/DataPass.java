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
 * A pass of the pipeline that goes on when images turn out to be damaged: it finds them, starts
 * again without them where the failed step began, and takes that step again.
 */
final class DataPass {

  /**
   * What the passes of a part of the data have in common.
   *
   * @param session of the graph
   * @param pipeline of the graph
   * @param opened the samples in native memory
   * @param decoded the decoded images of a stage, or null to decode them in each pass
   * @param corrupt which of the samples are damaged
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
   * @param decoded where the images are taken from; null for the opened samples
   * @param whole over all images, as if none were damaged
   * @param places how many of them are visited
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

  /** The number of images visited, which can become less while the pass goes on. */
  int images() {
    return order.length;
  }

  /** The index of the image at a place of the pass. */
  int image(int place) {
    return order[place];
  }

  /**
   * Starts the pipeline.
   *
   * @param done images visited before
   * @return this
   */
  DataPass start(int done) {
    source
        .pipeline()
        .start(source.session(), source.opened(), decoded, whole.over(order).from(done));
    return this;
  }

  /**
   * Takes a step on the next batch.
   *
   * @param done images visited before it
   * @param step the step, which changes nothing when it fails
   * @return what the step gave; null when the images left were all damaged
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
      // Where one batch after the other fails, it takes few rounds to see that too many do.
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
