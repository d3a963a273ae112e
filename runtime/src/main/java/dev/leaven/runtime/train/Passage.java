package dev.leaven.runtime.train;

import dev.leaven.runtime.data.Samples;
import dev.leaven.runtime.internal.pipeline.DecodeCheck;
import dev.leaven.runtime.internal.pipeline.DecodedImages;
import dev.leaven.runtime.internal.pipeline.Loader;
import dev.leaven.runtime.internal.pipeline.Pipeline;
import dev.leaven.runtime.internal.run.Failures;
import dev.leaven.runtime.run.DamagedFile;
import dev.leaven.runtime.run.TrainingException;
import java.util.Arrays;
import java.util.SortedMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.tensorflow.Session;

/**
 * A pass of the pipeline that goes on when images turn out to be damaged: it finds them, starts
 * again without them where the failed step began, and takes that step again.
 */
final class Passage {

  private final Session session;
  private final Pipeline pipeline;
  private final Loader.Opened opened;
  private final @Nullable DecodedImages decoded;
  private final CorruptFiles corrupt;
  private final DamagedFile.Part part;
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
  Passage(
      Session session,
      Pipeline pipeline,
      Loader.Opened opened,
      @Nullable DecodedImages decoded,
      CorruptFiles corrupt,
      DamagedFile.Part part,
      Pipeline.Pass whole,
      int places) {
    this.session = session;
    this.pipeline = pipeline;
    this.opened = opened;
    this.decoded = decoded;
    this.corrupt = corrupt;
    this.part = part;
    this.whole = whole;
    this.places = places;
    order = order();
  }

  private int[] order() {
    int[] avoided = corrupt.avoided(part, whole.order());
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
  Passage start(int done) {
    pipeline.start(session, opened, decoded, whole.over(order).from(done));
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
    if (!(corrupt.samples(part) instanceof Samples.Files files)) {
      return false;
    }
    int[] suspected = Arrays.copyOfRange(order, done, Math.min(done + suspects, order.length));
    SortedMap<Integer, String> damaged;
    try {
      damaged = DecodeCheck.damaged(session, pipeline, opened, files, whole.over(suspected));
    } catch (RuntimeException e) {
      throw Failures.explained(e);
    }
    return corrupt.add(part, damaged);
  }
}
