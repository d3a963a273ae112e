package dev.leaven.runtime.export;

import dev.leaven.runtime.data.Decoder;
import dev.leaven.runtime.evaluate.TestTimeAugmentation;
import dev.leaven.runtime.graph.Keys;
import dev.leaven.runtime.graph.Randomness;
import dev.leaven.runtime.train.Plan;
import dev.leaven.runtime.train.Stage;
import dev.leaven.runtime.train.Views;
import java.util.List;
import org.tensorflow.ConcreteFunction;
import org.tensorflow.Operand;
import org.tensorflow.Signature;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TString;
import org.tensorflow.types.TUint8;
import org.tensorflow.types.family.TType;

/**
 * What an exported model makes of images before its first layer: the views that evaluation has, by
 * the code of the pipeline. Each image is decoded and resized by itself, so that images of any
 * sizes go into one batch.
 */
final class ImageViews {

  /** One image, as an element of what a signature is given, becomes all of its pixels. */
  private interface Source {
    Operand<TUint8> pixels(Ops tf, Operand<? extends TType> element, Operand<TFloat32> needed);
  }

  private final Plan plan;
  private final int size;
  private final float share;
  private final int presize;

  /**
   * Views of images.
   *
   * @param plan how the model's images are made
   * @param stage of which size they are
   */
  ImageViews(Plan plan, Stage stage) {
    this.plan = plan;
    size = stage.size();
    share = (float) stage.centreShare();
    presize = stage.presize();
  }

  /**
   * The centre of each image, as validation sees it.
   *
   * @param images the bytes of files, {@code [batch]}, or pixels, {@code [batch, height, width,
   *     channels]}
   * @return normalised, {@code [batch, size, size, channels]}
   */
  Operand<TFloat32> centre(Ops tf, Operand<? extends TType> images) {
    Operand<TUint8> squares =
        each(tf, images, TUint8.class, Shape.of(size, size, plan.channels()), this::centreOf);
    return plan.normalize().apply(tf, unit(tf, squares));
  }

  /** How many views {@link #augmented} makes of an image. */
  int count() {
    return plan.tta().map(TestTimeAugmentation::passes).orElse(1);
  }

  /**
   * How the views are combined; without test-time augmentation in the plan, evenly with a mirror.
   */
  TestTimeAugmentation combination() {
    return plan.tta().orElse(new TestTimeAugmentation(1, 0.5, false));
  }

  /**
   * Augmented views of each image, the same ones for every image: drawn by fixed keys, so that an
   * answer does not depend on what else is in the batch. A plan without test-time augmentation has
   * the mirrored centre as its only one.
   *
   * @param images as for {@link #centre}
   * @return normalised, {@code [batch · count, size, size, channels]}, the views of an image side
   *     by side
   */
  Operand<TFloat32> augmented(Ops tf, Operand<? extends TType> images) {
    if (plan.tta().isEmpty()) {
      return tf.reverse(centre(tf, images), tf.array(2));
    }
    Operand<TFloat32> views =
        each(
            tf,
            images,
            TFloat32.class,
            Shape.of(count(), size, size, plan.channels()),
            this::viewsOf);
    return tf.reshape(views, tf.array(-1, size, size, plan.channels()));
  }

  private interface View<T extends TType> {
    Operand<T> of(Ops tf, Operand<? extends TType> element, Source source);
  }

  private <T extends TType> Operand<T> each(
      Ops tf, Operand<? extends TType> images, Class<T> type, Shape shape, View<T> view) {
    boolean files = images.asOutput().type() == TString.class;
    Source source =
        files
            ? (in, element, needed) ->
                Decoder.apply(in, element.asOutput().expect(TString.class), plan.channels(), needed)
            : (in, element, needed) -> element.asOutput().expect(TUint8.class);
    ConcreteFunction function =
        ConcreteFunction.create(
            in -> {
              Placeholder<? extends TType> element =
                  files
                      ? in.placeholder(TString.class, Placeholder.shape(Shape.scalar()))
                      : in.placeholder(
                          TUint8.class, Placeholder.shape(Shape.of(-1, -1, plan.channels())));
              return Signature.builder("view")
                  .input("a_image", element)
                  .output("a_view", view.of(in, element, source))
                  .build();
            });
    return tf.mapDefun(List.of(images), List.of(), List.of(type), List.of(shape), function)
        .output()
        .get(0)
        .asOutput()
        .expect(type);
  }

  private Operand<TUint8> centreOf(Ops tf, Operand<? extends TType> element, Source source) {
    Operand<TInt32> side = tf.constant(size);
    Operand<TFloat32> shown = tf.constant(share);
    Operand<TFloat32> needed = plan.itemResize().needed(tf, side, shown);
    return plan.itemResize()
        .apply(
            tf,
            source.pixels(tf, element, needed),
            side,
            shown,
            tf.constant(new float[] {0.5f, 0.5f}));
  }

  private Operand<TFloat32> viewsOf(Ops tf, Operand<? extends TType> element, Source source) {
    Operand<TInt32> side = tf.constant(presize);
    Operand<TFloat32> whole = tf.constant(1f);
    Operand<TUint8> image = source.pixels(tf, element, plan.itemResize().needed(tf, side, whole));
    Operand<TFloat32> places = tf.constant(Shape.of(count(), 2), DataBuffers.of(places()));
    ConcreteFunction at =
        ConcreteFunction.create(
            in -> {
              Placeholder<TFloat32> place =
                  in.placeholder(TFloat32.class, Placeholder.shape(Shape.of(2)));
              Placeholder<TUint8> pixels =
                  in.placeholder(
                      TUint8.class, Placeholder.shape(Shape.of(-1, -1, plan.channels())));
              return Signature.builder("place")
                  .input("a_place", place)
                  .input("b_pixels", pixels)
                  .output(
                      "a_square",
                      plan.itemResize()
                          .apply(in, pixels, in.constant(presize), in.constant(1f), place))
                  .build();
            });
    Operand<TUint8> squares =
        tf.mapDefun(
                List.of(places),
                List.of(image),
                List.of(TUint8.class),
                List.of(Shape.of(presize, presize, plan.channels())),
                at)
            .output()
            .get(0)
            .asOutput()
            .expect(TUint8.class);
    Randomness randomness = Randomness.of(tf, plan.seed(), tf.constant(0L)).purpose("tta");
    return Views.apply(tf, plan, unit(tf, squares), tf.constant(size), randomness);
  }

  // Where the square of each view lies in its image, x and y.
  private float[] places() {
    float[] places = new float[2 * count()];
    long key = Keys.key(Keys.key(plan.seed()), "exported views");
    for (int i = 0; i < places.length; i++) {
      places[i] = (Keys.key(key, i) >>> 40) * 0x1p-24f;
    }
    return places;
  }

  private static Operand<TFloat32> unit(Ops tf, Operand<TUint8> pixels) {
    return tf.math.mul(tf.dtypes.cast(pixels, TFloat32.class), tf.constant(1f / 255));
  }
}
