package dev.leaven.runtime.internal.pipeline;

import dev.leaven.runtime.data.Samples;
import dev.leaven.runtime.data.Targets;
import dev.leaven.runtime.internal.tensorflow.Feeds;
import dev.leaven.runtime.transform.ItemResize;
import java.util.List;
import org.tensorflow.ConcreteFunction;
import org.tensorflow.Operand;
import org.tensorflow.Signature;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.StdArrays;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.TString;
import org.tensorflow.types.TUint8;
import org.tensorflow.types.family.TType;

/**
 * The function that turns an index into an image and its target, inside the graph.
 *
 * <p>Native memory holds the samples while the pipeline uses them: {@link #open} puts them there
 * and its result must be closed.
 */
public final class Loader {

  private final boolean files;
  private final int channels;
  private final ItemResize resize;
  private List<Placeholder<? extends TType>> fed = List.of();

  private Loader(boolean files, int channels, ItemResize resize) {
    this.files = files;
    this.channels = channels;
    this.resize = resize;
  }

  /**
   * A loader for samples like these; it cuts the largest square out of each image.
   *
   * @param samples files or pixels
   * @param channels 3 for colour, 1 for grey; files are converted to it
   * @return a loader for one graph
   */
  public static Loader of(Samples samples, int channels) {
    return of(samples, channels, new ItemResize());
  }

  /**
   * A loader for samples like these.
   *
   * @param samples files or pixels
   * @param channels 3 for colour, 1 for grey; files are converted to it
   * @param resize how an image becomes square
   * @return a loader for one graph
   */
  public static Loader of(Samples samples, int channels, ItemResize resize) {
    return new Loader(samples instanceof Samples.Files, channels, resize);
  }

  /**
   * The channels of the delivered images.
   *
   * @return 1 or 3
   */
  int channels() {
    return channels;
  }

  /** Samples in native memory. */
  public final class Opened implements AutoCloseable {

    private final Samples samples;
    private final Tensor content;
    private final Tensor targets;

    private Opened(Samples samples, Tensor content, Tensor targets) {
      this.samples = samples;
      this.content = content;
      this.targets = targets;
    }

    /**
     * The samples in native memory.
     *
     * @return the samples
     */
    public Samples samples() {
      return samples;
    }

    void feed(Feeds feeds) {
      feeds.lend(fed.get(0), content).lend(fed.get(1), targets);
    }

    @Override
    public void close() {
      content.close();
      targets.close();
    }
  }

  /**
   * Puts samples into native memory: the paths of files, or all pixels.
   *
   * @param samples samples of the kind that the loader was made for
   * @return samples to be closed when no pass uses them any more
   */
  public Opened open(Samples samples) {
    Tensor targets = rows(samples.targets());
    if (samples instanceof Samples.Files images && files) {
      String[] paths = images.paths().stream().map(path -> path.toString()).toArray(String[]::new);
      return new Opened(samples, TString.tensorOf(StdArrays.ndCopyOf(paths)), targets);
    }
    if (samples instanceof Samples.Pixels images && !files) {
      Shape shape = Shape.of(images.size(), images.height(), images.width(), images.channels());
      return new Opened(
          samples, TUint8.tensorOf(shape, DataBuffers.of(images.pixels(), true, false)), targets);
    }
    targets.close();
    throw new IllegalArgumentException(
        "training and validation images must both be files or both be in memory");
  }

  // A class number is a row of one float, which holds whole numbers up to 16 million exactly.
  private static Tensor rows(Targets targets) {
    if (targets instanceof Targets.Rows rows) {
      return TFloat32.tensorOf(
          Shape.of(rows.size(), rows.columns()), DataBuffers.of(rows.values(), true, false));
    }
    int[] classes = ((Targets.Labels) targets).classes();
    float[] column = new float[classes.length];
    for (int i = 0; i < column.length; i++) {
      column[i] = classes[i];
    }
    return TFloat32.tensorOf(Shape.of(column.length, 1), DataBuffers.of(column, true, false));
  }

  /**
   * The function's inputs besides the index, as operands of the training graph.
   *
   * @param tf the training graph
   * @return placeholders for content and targets
   */
  List<Operand<?>> captured(Ops tf) {
    Placeholder<? extends TType> content =
        files
            ? tf.placeholder(TString.class, Placeholder.shape(Shape.of(-1)))
            : tf.placeholder(TUint8.class, Placeholder.shape(Shape.of(-1, -1, -1, channels)));
    Placeholder<TFloat32> targets = targetRows(tf);
    fed = List.of(content, targets);
    return List.of(content, targets);
  }

  /**
   * The function itself: it maps index, content, targets, side, share, random place and key, in
   * this order, to image and target.
   *
   * @return a function to call for every index
   */
  ConcreteFunction function() {
    return ConcreteFunction.create(
        tf -> {
          Placeholder<TInt64> index = scalar(tf, TInt64.class);
          Placeholder<? extends TType> content =
              files
                  ? tf.placeholder(TString.class, Placeholder.shape(Shape.of(-1)))
                  : tf.placeholder(TUint8.class, Placeholder.shape(Shape.of(-1, -1, -1, channels)));
          Placeholder<TFloat32> targets = targetRows(tf);
          Placeholder<TInt32> side = scalar(tf, TInt32.class);
          Placeholder<TFloat32> share = scalar(tf, TFloat32.class);
          Placeholder<TBool> randomPlace = scalar(tf, TBool.class);
          Placeholder<TInt64> key = scalar(tf, TInt64.class);

          Operand<TFloat32> place = place(tf, index, randomPlace, key);
          Operand<TUint8> image =
              resize.apply(
                  tf, read(tf, content, index, resize.needed(tf, side, share)), side, share, place);
          Operand<TFloat32> target = tf.gather(targets, index, tf.constant(0));
          return Signature.builder("load")
              .input("a_index", index)
              .input("b_content", content)
              .input("c_targets", targets)
              .input("d_side", side)
              .input("e_share", share)
              .input("f_random", randomPlace)
              .input("g_key", key)
              .output("a_image", image)
              .output("b_target", target)
              .build();
        });
  }

  /**
   * The position of a square within the available range, x and y from 0 to 1: drawn, or in the
   * middle.
   */
  static Operand<TFloat32> place(
      Ops tf, Operand<TInt64> index, Operand<TBool> randomPlace, Operand<TInt64> key) {
    Operand<TFloat32> drawn =
        tf.random.statelessRandomUniform(
            tf.constant(new int[] {2}), tf.stack(List.of(key, index)), TFloat32.class);
    return tf.select(randomPlace, drawn, tf.constant(new float[] {0.5f, 0.5f}));
  }

  @SuppressWarnings("unchecked")
  Operand<TUint8> read(
      Ops tf,
      Placeholder<? extends TType> content,
      Operand<TInt64> index,
      Operand<TFloat32> needed) {
    if (!files) {
      return tf.gather((Operand<TUint8>) content, index, tf.constant(0));
    }
    Operand<TString> path = tf.gather((Operand<TString>) content, index, tf.constant(0));
    return Decoder.apply(tf, tf.io.readFile(path), channels, needed);
  }

  private static Placeholder<TFloat32> targetRows(Ops tf) {
    return tf.placeholder(TFloat32.class, Placeholder.shape(Shape.of(-1, -1)));
  }

  private static <T extends TType> Placeholder<T> scalar(Ops tf, Class<T> type) {
    return tf.placeholder(type, Placeholder.shape(Shape.scalar()));
  }
}
