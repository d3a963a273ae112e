package dev.leaven.samples.benchmark;

import dev.leaven.runtime.data.DecodedCache;
import dev.leaven.runtime.data.ImageFolder;
import dev.leaven.runtime.data.Samples;
import dev.leaven.runtime.data.ShuffleOrder;
import dev.leaven.runtime.graph.Precision;
import dev.leaven.runtime.internal.graph.Sessions;
import dev.leaven.runtime.internal.pipeline.DecodedFormat;
import dev.leaven.runtime.internal.pipeline.DecodedImages;
import dev.leaven.runtime.internal.pipeline.Loader;
import dev.leaven.runtime.internal.pipeline.Pipeline;
import dev.leaven.runtime.internal.tensorflow.GraphOps;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.tensorflow.Graph;
import org.tensorflow.Session;

/**
 * Measures how many images per second the training pipeline delivers, in batches of 64 bytes per
 * channel and pixel, to a consumer that only takes them: from the files of a folder, from decoded
 * images in memory, and from decoded images on disk.
 */
public final class PipelineThroughput {

  private static final int BATCH = 64;
  private static final int MOST_IMAGES = 10_000;
  private static final int SIDE = 128;
  // What training on 128 px loads, to crop it on the device.
  private static final int PRESIZE = 148;

  private final Samples.Files files;

  private PipelineThroughput(Samples.Files files) {
    this.files = files;
  }

  /**
   * Prints a line for each source: its name, a tab, images per second.
   *
   * @param arguments a folder of images with a folder for each class
   * @throws IOException when the decoded images cannot be written
   */
  public static void main(String[] arguments) throws IOException {
    var data = ImageFolder.of(Path.of(arguments[0])).load(42);
    new PipelineThroughput((Samples.Files) data.train()).measure();
  }

  private void measure() throws IOException {
    try (Graph graph = new Graph();
        Session session = Sessions.open(graph, Precision.FLOAT32)) {
      Loader loader = Loader.of(files, 3);
      Pipeline pipeline = new Pipeline(GraphOps.of(graph), loader);
      try (Loader.Opened opened = loader.open(files)) {
        // One pass is not counted: it reads the files from the disk, and the code is cold.
        pass(session, pipeline, opened, null, SIDE, false);
        say("Leaven, files, centre, 128 px", pass(session, pipeline, opened, null, SIDE, false));
        say("Leaven, files, random, 148 px", pass(session, pipeline, opened, null, PRESIZE, true));
        for (DecodedCache cache : new DecodedCache[] {DecodedCache.MEMORY, DecodedCache.DISK}) {
          DecodedFormat format = DecodedFormat.whole(3, PRESIZE);
          try (DecodedImages images = DecodedImages.of(cache, files, format, new Silent())) {
            pass(session, pipeline, opened, images, PRESIZE, true);
            say(
                "Leaven, %s, random, 148 px".formatted(cache.name().toLowerCase(Locale.ROOT)),
                pass(session, pipeline, opened, images, PRESIZE, true));
          }
        }
      }
    }
  }

  private double pass(
      Session session,
      Pipeline pipeline,
      Loader.Opened opened,
      @Nullable DecodedImages images,
      int side,
      boolean random) {
    int[] all = ShuffleOrder.shuffled(42, 0, files.size());
    int batches = Math.min(all.length, MOST_IMAGES) / BATCH;
    int[] order = Arrays.copyOf(all, batches * BATCH);
    pipeline.start(
        session, opened, images, new Pipeline.Pass(order, BATCH, true, side, 1, random, 42));
    // As in the other benchmarks, the clock starts with the first batch there.
    session.runner().addTarget(pipeline.images()).run().close();
    long begun = System.nanoTime();
    for (int i = 1; i < batches; i++) {
      session.runner().addTarget(pipeline.images()).run().close();
    }
    return (batches - 1.0) * BATCH * 1e9 / (System.nanoTime() - begun);
  }

  private static void say(String what, double imagesPerSecond) {
    System.out.printf(Locale.ROOT, "%s\t%.0f%n", what, imagesPerSecond);
  }

  /** Fails on damaged images: a folder for measurements should have none. */
  private static final class Silent implements DecodedImages.Listener {
    @Override
    public void decoded(int done) {}

    @Override
    public void damaged(int index, String problem) {
      throw new IllegalStateException("image %d %s".formatted(index, problem));
    }
  }
}
