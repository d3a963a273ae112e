package dev.leaven.runtime.export;

import dev.leaven.runtime.evaluate.FlipView;
import dev.leaven.runtime.evaluate.TestTimeViews;
import dev.leaven.runtime.evaluate.View.Fixed;
import dev.leaven.runtime.graph.Randomness;
import dev.leaven.runtime.internal.pipeline.Decoder;
import dev.leaven.runtime.internal.step.ModelInput;
import dev.leaven.runtime.internal.step.ViewCrop;
import dev.leaven.runtime.internal.tensorflow.Keys;
import dev.leaven.runtime.plan.Plan;
import dev.leaven.runtime.plan.Stage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.tensorflow.ConcreteFunction;
import org.tensorflow.Operand;
import org.tensorflow.Signature;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.core.Stack;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TString;
import org.tensorflow.types.TUint8;
import org.tensorflow.types.family.TType;

/**
 * Prepares the input of an exported model: it makes the views that evaluation uses, with the code
 * of the pipeline. Each image is decoded and resized by itself, so that images of any size can go
 * into one batch.
 */
final class ImageViews {

  /** Converts one image, an element of the signature's input, to all of its pixels. */
  private interface Source {
    Operand<TUint8> pixels(Ops tf, Operand<? extends TType> element, Operand<TFloat32> needed);
  }

  private final Plan plan;
  private final Stage stage;
  private final int size;
  private final int presize;

  /**
   * Views of images.
   *
   * @param plan the plan that defines how the model's images are made
   * @param stage the stage that defines the image size
   */
  ImageViews(Plan plan, Stage stage) {
    this.plan = plan;
    this.stage = stage;
    size = stage.size();
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
    return square(tf, images, ViewCrop.centre(stage));
  }

  /**
   * Views of one size of each image.
   *
   * @param images normalised, {@code [batch · count, side, side, channels]}, the views of an image
   *     next to each other
   * @param count the number of views of each image
   */
  record Group(Operand<TFloat32> images, int count) {}

  /** The number of views that {@link #views} makes of an image. */
  int count() {
    return combination().views().size();
  }

  /**
   * How the views are combined; without test-time augmentation in the plan, evenly with a mirror.
   */
  TestTimeViews combination() {
    return plan.evaluation().tta().orElse(new FlipView());
  }

  /**
   * The views of each image other than its centre. Random views are the same for every image: fixed
   * keys decide them, so a prediction does not depend on the other images of the batch.
   *
   * @param images the images, as for {@link #centre}
   * @return the views, those of one size together
   */
  List<Group> views(Ops tf, Operand<? extends TType> images) {
    List<Group> groups = new ArrayList<>();
    if (drawn() > 0) {
      Operand<TFloat32> views =
          each(
              tf,
              images,
              TFloat32.class,
              Shape.of(drawn(), size, size, plan.data().channels()),
              this::viewsOf);
      groups.add(
          new Group(tf.reshape(views, tf.array(-1, size, size, plan.data().channels())), drawn()));
    }
    // Views that are cut from one square share its decoding.
    Map<List<Number>, Operand<TFloat32>> squares = new HashMap<>();
    Map<Integer, List<Operand<TFloat32>>> bySize = new TreeMap<>();
    for (Fixed view : fixed()) {
      ViewCrop crop = ViewCrop.of(stage, view);
      Operand<TFloat32> square =
          squares.computeIfAbsent(
              List.of(crop.square(), crop.fraction()), key -> square(tf, images, crop));
      Operand<TFloat32> part =
          tf.slice(
              square,
              tf.array(0, crop.top(), crop.left(), 0),
              tf.array(-1, crop.size(), crop.size(), -1));
      bySize
          .computeIfAbsent(crop.size(), key -> new ArrayList<>())
          .add(crop.mirrored() ? tf.reverse(part, tf.array(2)) : part);
    }
    bySize.forEach(
        (side, views) ->
            groups.add(
                new Group(
                    tf.reshape(
                        tf.stack(views, Stack.axis(1L)),
                        tf.array(-1, side, side, plan.data().channels())),
                    views.size())));
    return groups;
  }

  private List<Fixed> fixed() {
    return combination().views().stream()
        .filter(Fixed.class::isInstance)
        .map(Fixed.class::cast)
        .toList();
  }

  private int drawn() {
    return count() - fixed().size();
  }

  private Operand<TFloat32> square(Ops tf, Operand<? extends TType> images, ViewCrop crop) {
    Operand<TUint8> squares =
        each(
            tf,
            images,
            TUint8.class,
            Shape.of(crop.square(), crop.square(), plan.data().channels()),
            (in, element, source) -> squareOf(in, element, source, crop));
    return ModelInput.plain(tf, plan, squares);
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
                Decoder.apply(
                    in, element.asOutput().expect(TString.class), plan.data().channels(), needed)
            : (in, element, needed) -> element.asOutput().expect(TUint8.class);
    ConcreteFunction function =
        ConcreteFunction.create(
            in -> {
              Placeholder<? extends TType> element =
                  files
                      ? in.placeholder(TString.class, Placeholder.shape(Shape.scalar()))
                      : in.placeholder(
                          TUint8.class,
                          Placeholder.shape(Shape.of(-1, -1, plan.data().channels())));
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

  private Operand<TUint8> squareOf(
      Ops tf, Operand<? extends TType> element, Source source, ViewCrop crop) {
    Operand<TInt32> side = tf.constant(crop.square());
    Operand<TFloat32> shown = tf.constant((float) crop.fraction());
    Operand<TFloat32> needed = plan.image().itemResize().needed(tf, side, shown);
    return plan.image()
        .itemResize()
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
    Operand<TUint8> image =
        source.pixels(tf, element, plan.image().itemResize().needed(tf, side, whole));
    Operand<TFloat32> places = tf.constant(Shape.of(drawn(), 2), DataBuffers.of(places()));
    ConcreteFunction at =
        ConcreteFunction.create(
            in -> {
              Placeholder<TFloat32> place =
                  in.placeholder(TFloat32.class, Placeholder.shape(Shape.of(2)));
              Placeholder<TUint8> pixels =
                  in.placeholder(
                      TUint8.class, Placeholder.shape(Shape.of(-1, -1, plan.data().channels())));
              return Signature.builder("place")
                  .input("a_place", place)
                  .input("b_pixels", pixels)
                  .output(
                      "a_square",
                      plan.image()
                          .itemResize()
                          .apply(in, pixels, in.constant(presize), in.constant(1f), place))
                  .build();
            });
    Operand<TUint8> squares =
        tf.mapDefun(
                List.of(places),
                List.of(image),
                List.of(TUint8.class),
                List.of(Shape.of(presize, presize, plan.data().channels())),
                at)
            .output()
            .get(0)
            .asOutput()
            .expect(TUint8.class);
    Randomness randomness = Randomness.of(tf, plan.seed(), tf.constant(0L)).purpose("tta");
    return ModelInput.augmented(tf, plan, squares, tf.constant(size), randomness);
  }

  // The position of each view's square in its image, x and y.
  private float[] places() {
    float[] places = new float[2 * drawn()];
    long key = Keys.key(Keys.key(plan.seed()), "exported views");
    for (int i = 0; i < places.length; i++) {
      places[i] = (Keys.key(key, i) >>> 40) * 0x1p-24f;
    }
    return places;
  }
}
