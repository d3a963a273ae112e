package dev.leaven.runtime.train;

import dev.leaven.runtime.data.DecodedCache;
import dev.leaven.runtime.data.Samples;
import dev.leaven.runtime.internal.pipeline.DecodedFormat;
import dev.leaven.runtime.internal.pipeline.DecodedImages;
import dev.leaven.runtime.internal.run.Failures;
import dev.leaven.runtime.internal.run.RunDirectory;
import dev.leaven.runtime.internal.step.ViewCrop;
import dev.leaven.runtime.plan.Plan;
import dev.leaven.runtime.plan.Stage;
import dev.leaven.runtime.run.DamagedFile.Part;
import dev.leaven.runtime.run.TrainingException;
import dev.leaven.runtime.run.TrainingListener;
import java.io.IOException;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The decoded images of a run whose plan has a cache, for the current stage. They are decoded
 * before they are first used, so every pass reads the same bytes.
 */
final class DecodedParts implements AutoCloseable {

  private record Held(DecodedFormat format, DecodedImages images) {}

  private final Plan plan;
  private final CorruptFiles corrupt;
  private final TrainingListener listener;
  private final StopSignal stop;
  private final Map<Part, Held> held = new EnumMap<>(Part.class);

  DecodedParts(RunContext run) {
    plan = run.plan();
    corrupt = run.corrupt();
    listener = run.listener();
    stop = run.stop();
  }

  /**
   * The training images of a stage.
   *
   * @return null when the plan has no cache
   * @throws StopSignal.Stopped when the run is asked to stop before they are decoded
   */
  @Nullable DecodedImages training(Stage stage) {
    return get(Part.TRAINING, DecodedFormat.whole(plan.data().channels(), stage.presize()));
  }

  /**
   * The validation images of a stage, for the plain evaluation.
   *
   * @return null when the plan has no cache
   * @throws StopSignal.Stopped when the run is asked to stop before they are decoded
   */
  @Nullable DecodedImages validation(Stage stage) {
    ViewCrop centre = ViewCrop.centre(stage);
    return get(
        Part.VALIDATION,
        new DecodedFormat(plan.data().channels(), centre.square(), centre.fraction()));
  }

  private @Nullable DecodedImages get(Part part, DecodedFormat format) {
    if (plan.data().cache() == DecodedCache.NONE
        || !(corrupt.samples(part) instanceof Samples.Files files)) {
      return null;
    }
    Held before = held.get(part);
    if (before != null && before.format().equals(format)) {
      return before.images();
    }
    release(part);
    listener.onPhase(
        "decoding the %s images to %d px, once for the stage".formatted(part, format.side()));
    try {
      DecodedImages images = DecodedImages.of(plan.data().cache(), files, format, new Watch(part));
      held.put(part, new Held(format, images));
      return images;
    } catch (IOException e) {
      throw new TrainingException(
          ("the decoded images cannot be written: %s; make room, set LEAVEN_HOME to a folder on"
                  + " another disk, or train without the cache")
              .formatted(RunDirectory.reason(e)),
          e);
    } catch (RuntimeException e) {
      throw Failures.explained(e);
    }
  }

  private final class Watch implements DecodedImages.Listener {

    private final Part part;

    private Watch(Part part) {
      this.part = part;
    }

    @Override
    public void decoded(int done) {
      stop.check();
      listener.onDecoded(done, corrupt.samples(part).size());
    }

    @Override
    public void damaged(int index, String problem) {
      corrupt.add(part, Map.of(index, problem));
    }
  }

  private void release(Part part) {
    Held before = held.remove(part);
    if (before != null) {
      before.images().close();
    }
  }

  @Override
  public void close() {
    for (Part part : Part.values()) {
      release(part);
    }
  }
}
