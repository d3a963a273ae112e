package dev.leaven.runtime.internal.pipeline;

import dev.leaven.runtime.data.Targets;
import dev.leaven.runtime.internal.tensorflow.Feeds;
import dev.leaven.runtime.internal.tensorflow.Keys;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.tensorflow.ConcreteFunction;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.data.IteratorGetNext;
import org.tensorflow.op.data.ParallelMapDataset;
import org.tensorflow.proto.data.DatasetOptions;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TFloat64;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.TUint8;
import org.tensorflow.types.family.TType;

/**
 * Loads images in the graph, ahead of the steps that need them: TensorFlow's own data sets read,
 * decode and crop on all processors and deliver batches of bytes, none of which passes through the
 * Java heap.
 *
 * <p>The graph holds one pipeline. {@link #start} starts it on given samples, in a given order, at
 * a given size; it can be restarted without rebuilding. An image's pixels depend only on its index
 * and the pass's key, not on threads.
 */
public final class Pipeline {

  /**
   * One pass over some images.
   *
   * @param order the indexes to load, in order
   * @param batchSize images per batch
   * @param dropRemainder whether to drop a last batch that is not full
   * @param side height and width of the delivered images in pixels
   * @param share the size of the square crop as a fraction of the shorter side, in (0, 1]
   * @param randomPlace whether the crop's position is drawn; if not it is the centre
   * @param key determines the drawn positions, together with each index
   */
  public record Pass(
      int[] order,
      int batchSize,
      boolean dropRemainder,
      int side,
      double share,
      boolean randomPlace,
      long key) {

    /**
     * The same pass over other images.
     *
     * @param images their indexes, in order
     * @return a pass that differs only in its order
     */
    public Pass over(int[] images) {
      return new Pass(images, batchSize, dropRemainder, side, share, randomPlace, key);
    }

    /**
     * The rest of this pass.
     *
     * @param done the number of images to skip at its beginning
     * @return a pass over the remaining images
     */
    public Pass from(int done) {
      return over(Arrays.copyOfRange(order, done, order.length));
    }

    /**
     * The same pass in other batches.
     *
     * @param images per batch
     * @return a pass that differs only in its batch size
     */
    public Pass inBatchesOf(int images) {
      return new Pass(order, images, dropRemainder, side, share, randomPlace, key);
    }
  }

  // While one image waits for its file or for its turn, another is decoded: two per processor
  // deliver 1.14 times as many images as one.
  private static final int AT_ONCE = 2;

  // Otherwise every start of a pass would rewrite the pipeline's graph, the paths of all files
  // included. That takes seconds for nothing: there is nothing to fuse, and its parallelism is
  // given.
  static final String OPTIONS =
      DatasetOptions.Options.newBuilder()
          .setOptimizationOptions(
              DatasetOptions.OptimizationOptions.newBuilder().setApplyDefaultOptimizations(false))
          .setAutotuneOptions(DatasetOptions.AutotuneOptions.newBuilder().setEnabled(false))
          .build()
          .toByteString()
          .toStringUtf8();

  private final Loader loader;
  private final Placeholder<TInt64> order;
  private final Placeholder<TInt64> batchSize;
  private final Placeholder<TBool> dropRemainder;
  private final Placeholder<TInt32> side;
  private final Placeholder<TFloat64> share;
  private final Placeholder<TBool> randomPlace;
  private final Placeholder<TInt64> key;
  private final List<Operand<?>> decoded;
  private final Op start;
  private final Op startDecoded;
  private final Operand<TUint8> images;
  private final Operand<TFloat32> targets;
  private final Operand<TFloat64> waited;

  /**
   * Builds the pipeline.
   *
   * @param tf the graph it belongs to
   * @param loader reads one image; the samples of every pass must be of the kind it was made for
   */
  public Pipeline(Ops tf, Loader loader) {
    Ops at = tf.withSubScope("pipeline");
    this.loader = loader;
    order = at.placeholder(TInt64.class, Placeholder.shape(Shape.of(-1)));
    batchSize = at.placeholder(TInt64.class, Placeholder.shape(Shape.scalar()));
    dropRemainder = at.placeholder(TBool.class, Placeholder.shape(Shape.scalar()));
    side = at.placeholder(TInt32.class, Placeholder.shape(Shape.scalar()));
    share = at.placeholder(TFloat64.class, Placeholder.shape(Shape.scalar()));
    randomPlace = at.placeholder(TBool.class, Placeholder.shape(Shape.scalar()));
    key = at.placeholder(TInt64.class, Placeholder.shape(Shape.scalar()));

    List<Class<? extends TType>> types = List.of(TUint8.class, TFloat32.class);
    Shape image = Shape.of(-1, -1, loader.channels());
    Shape batch = Shape.of(-1, -1, -1, loader.channels());
    List<Shape> one = List.of(image, Shape.of(-1));
    List<Shape> many = List.of(batch, Shape.of(-1, -1));

    List<Operand<?>> samples = loader.captured(at);
    List<Operand<?>> captured = new ArrayList<>(samples);
    captured.addAll(List.of(side, at.dtypes.cast(share, TFloat32.class), randomPlace, key));
    decoded = DecodedReader.placeholders(at);
    List<Operand<?>> capturedDecoded =
        new ArrayList<>(List.of(samples.get(1), side, randomPlace, key));
    capturedDecoded.addAll(decoded);
    var indexes = at.data.tensorSliceDataset(List.of(order), List.of(Shape.scalar()));
    var iterator = at.data.iterator("leaven", "", types, many);
    BiFunction<List<Operand<?>>, ConcreteFunction, Op> passes =
        (inputs, function) -> {
          var loaded =
              at.data.parallelMapDataset(
                  indexes,
                  inputs,
                  at.constant((long) AT_ONCE * Runtime.getRuntime().availableProcessors()),
                  function,
                  types,
                  one,
                  ParallelMapDataset.deterministic("true"));
          var batched = at.data.batchDataset(loaded, batchSize, dropRemainder, types, many);
          var ahead = at.data.prefetchDataset(batched, at.constant(2L), types, many);
          var ready = at.data.optionsDataset(ahead, OPTIONS, types, many);
          return at.data.makeIterator(ready, iterator);
        };
    start = passes.apply(captured, loader.function());
    startDecoded = passes.apply(capturedDecoded, new DecodedReader(loader.channels()).function());

    // The clock before and after gives the time that a step waits for its batch.
    var before = at.timestamp();
    IteratorGetNext next =
        at.withControlDependencies(before).data.iteratorGetNext(iterator, types, many);
    var after = at.withControlDependencies(next).timestamp();
    images = next.components().get(0).asOutput().expect(TUint8.class);
    targets = next.components().get(1).asOutput().expect(TFloat32.class);
    waited = at.math.sub(after.ts(), before.ts());
  }

  /**
   * The next batch's images.
   *
   * @return bytes, {@code [batch, side, side, channels]}
   */
  public Operand<TUint8> images() {
    return images;
  }

  /**
   * The next batch's targets.
   *
   * @return {@code [batch, columns]}: for {@link Targets.Labels} one column of class numbers
   */
  public Operand<TFloat32> targets() {
    return targets;
  }

  /**
   * The time that this step waited for its batch.
   *
   * @return seconds, a scalar
   */
  public Operand<TFloat64> waited() {
    return waited;
  }

  /**
   * Starts a pass; the rest of an earlier pass is dropped.
   *
   * @param session the graph's session
   * @param samples the samples to load from, as {@link Loader#open} returned them
   * @param pass what to load and how
   */
  public void start(Session session, Loader.Opened samples, Pass pass) {
    start(session, samples, null, pass);
  }

  /**
   * Starts a pass over decoded images; the rest of an earlier pass is dropped.
   *
   * @param session the graph's session
   * @param samples the samples that were decoded, for their labels
   * @param images the decoded images; null to load them from the samples
   * @param pass what to load and how; decoded images have a side of their own and no share
   */
  public void start(
      Session session, Loader.Opened samples, @Nullable DecodedImages images, Pass pass) {
    try (Feeds feeds = new Feeds()) {
      long[] indexes = IntStream.of(pass.order()).asLongStream().toArray();
      feeds
          .make(order, TInt64.vectorOf(indexes))
          .put(batchSize, (long) pass.batchSize())
          .put(dropRemainder, pass.dropRemainder())
          .put(side, pass.side())
          .put(share, pass.share())
          .put(randomPlace, pass.randomPlace())
          .put(key, Keys.key(pass.key(), "place"));
      samples.feed(feeds);
      if (images != null) {
        images.feed(feeds, decoded);
      }
      feeds.runner(session).addTarget(images == null ? start : startDecoded).run().close();
    }
  }
}
