package dev.leaven.runtime.data;

import dev.leaven.runtime.graph.Feeds;
import dev.leaven.runtime.graph.Keys;
import java.util.Arrays;
import java.util.List;
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
 * decode and crop on all processors and hand over batches of bytes, none of which passes through
 * the Java heap.
 *
 * <p>The graph holds one pipeline. {@link #start} points it at some samples in some order, at some
 * size; it can be started again and again without rebuilding. What an image looks like depends on
 * its index and the pass's key alone, not on threads.
 */
public final class Pipeline {

  /**
   * One pass over some images.
   *
   * @param order the indexes to load, in order
   * @param batchSize images per batch
   * @param dropRemainder whether to leave out a last batch that is not full
   * @param side the side of the delivered images, in pixels
   * @param share the side of the square crop as a share of the shorter side, in (0, 1]
   * @param randomPlace whether the crop's place is drawn; if not it is the centre
   * @param key decides the drawn places, together with each index
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
     * @return a pass that differs in its order alone
     */
    public Pass over(int[] images) {
      return new Pass(images, batchSize, dropRemainder, side, share, randomPlace, key);
    }

    /**
     * The rest of this pass.
     *
     * @param done how many images are left out at its beginning
     * @return a pass over the others
     */
    public Pass from(int done) {
      return over(Arrays.copyOfRange(order, done, order.length));
    }

    /**
     * The same pass in other batches.
     *
     * @param images per batch
     * @return a pass that differs in its batch size alone
     */
    public Pass inBatchesOf(int images) {
      return new Pass(order, images, dropRemainder, side, share, randomPlace, key);
    }
  }

  // Every start of a pass would rewrite the pipeline's graph, the paths of all files included, and
  // take seconds for nothing: there is nothing to fuse, and its parallelism is given.
  private static final String OPTIONS =
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
  private final Op start;
  private final Operand<TUint8> images;
  private final Operand<TInt32> labels;
  private final Operand<TFloat64> waited;

  /**
   * Builds the pipeline.
   *
   * @param tf the graph it belongs to
   * @param loader reads one image; the samples of every pass must be of its kind
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

    List<Class<? extends TType>> types = List.of(TUint8.class, TInt32.class);
    Shape image = Shape.of(-1, -1, loader.channels());
    Shape batch = Shape.of(-1, -1, -1, loader.channels());
    List<Shape> one = List.of(image, Shape.scalar());
    List<Shape> many = List.of(batch, Shape.of(-1));

    List<Operand<?>> captured = new java.util.ArrayList<>(loader.captured(at));
    captured.addAll(List.of(side, at.dtypes.cast(share, TFloat32.class), randomPlace, key));
    ConcreteFunction load = loader.function();
    var indexes = at.data.tensorSliceDataset(List.of(order), List.of(Shape.scalar()));
    var loaded =
        at.data.parallelMapDataset(
            indexes,
            captured,
            at.constant((long) Runtime.getRuntime().availableProcessors()),
            load,
            types,
            one,
            ParallelMapDataset.deterministic("true"));
    var batched = at.data.batchDataset(loaded, batchSize, dropRemainder, types, many);
    var ahead = at.data.prefetchDataset(batched, at.constant(2L), types, many);
    var ready = at.data.optionsDataset(ahead, OPTIONS, types, many);
    var iterator = at.data.iterator("leaven", "", types, many);
    start = at.data.makeIterator(ready, iterator);

    // Reading the clock right before and after tells how long a step waits for its batch.
    var before = at.timestamp();
    IteratorGetNext next =
        at.withControlDependencies(before).data.iteratorGetNext(iterator, types, many);
    var after = at.withControlDependencies(next).timestamp();
    images = next.components().get(0).asOutput().expect(TUint8.class);
    labels = next.components().get(1).asOutput().expect(TInt32.class);
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
   * The next batch's labels.
   *
   * @return class numbers, {@code [batch]}
   */
  public Operand<TInt32> labels() {
    return labels;
  }

  /**
   * How long this step waited for its batch.
   *
   * @return seconds, a scalar
   */
  public Operand<TFloat64> waited() {
    return waited;
  }

  /**
   * Starts a pass; whatever was left of an earlier one is dropped.
   *
   * @param session the graph's session
   * @param samples what to load from, as {@link Loader#open} gave it
   * @param pass what to load and how
   */
  public void start(Session session, Loader.Opened samples, Pass pass) {
    try (Feeds feeds = new Feeds()) {
      long[] indexes = new long[pass.order().length];
      for (int i = 0; i < indexes.length; i++) {
        indexes[i] = pass.order()[i];
      }
      feeds
          .make(order, TInt64.vectorOf(indexes))
          .put(batchSize, (long) pass.batchSize())
          .put(dropRemainder, pass.dropRemainder())
          .put(side, pass.side())
          .put(share, pass.share())
          .put(randomPlace, pass.randomPlace())
          .put(key, Keys.key(pass.key(), "place"));
      samples.feed(feeds);
      feeds.runner(session).addTarget(start).run().close();
    }
  }
}
