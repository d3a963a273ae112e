package dev.leaven.runtime.transform;

import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.DynamicPartition;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/**
 * What a {@link Policy} has chosen for each image of a batch. First {@link #moves} is multiplied
 * into the matrices of the geometry, then {@link #apply} does the rest.
 *
 * @param possible the operations that there can be
 * @param layers what is done first, second and so on, at least one
 */
public record PolicyChoice(Set<Operation> possible, List<Layer> layers) {

  /**
   * One operation for each image.
   *
   * @param operation the ordinal of an {@link Operation}, {@code [batch]}
   * @param strength what the operation takes, {@code [batch]}
   */
  public record Layer(Operand<TInt32> operation, Operand<TFloat32> strength) {}

  /** Keeps its own copies. */
  public PolicyChoice {
    possible = Set.copyOf(possible);
    layers = List.copyOf(layers);
  }

  /**
   * The matrices of all operations that move an image before anything else is done to it.
   *
   * @param tf where the operations go
   * @return from result to source, {@code [batch, 3, 3]}
   */
  public Operand<TFloat32> moves(Ops tf) {
    Operand<TFloat32> product = null;
    List<Operand<TBool>> leading = leading(tf);
    for (int i = 0; i < layers.size(); i++) {
      Operand<TInt32> operation =
          tf.select(leading.get(i), layers.get(i).operation(), identity(tf));
      Operand<TFloat32> next = matrices(tf, operation, layers.get(i).strength());
      product = product == null ? next : tf.train.batchMatMul(product, next, TFloat32.class);
    }
    return product;
  }

  /**
   * Applies all operations that {@link #moves} has not applied.
   *
   * @param tf where the operations go
   * @param images square, values from 0 to 1, {@code [batch, side, side, channels]}
   * @return values from 0 to 1, of the same shape
   */
  public Operand<TFloat32> apply(Ops tf, Operand<TFloat32> images) {
    Operand<TFloat32> changed = images;
    List<Operand<TBool>> leading = leading(tf);
    for (int i = 0; i < layers.size(); i++) {
      Operand<TInt32> operation =
          tf.select(leading.get(i), identity(tf), layers.get(i).operation());
      // What moves in the first layer has always been done.
      changed = layer(tf, changed, operation, layers.get(i).strength(), i > 0);
    }
    return changed;
  }

  private static Operand<TInt32> identity(Ops tf) {
    return tf.constant(Operation.IDENTITY.ordinal());
  }

  // For each layer, which images have only been moved up to it and by it.
  private List<Operand<TBool>> leading(Ops tf) {
    float[] still = new float[Operation.values().length];
    for (Operation operation : Operation.values()) {
      still[operation.ordinal()] = operation.moves() || operation == Operation.IDENTITY ? 1 : 0;
    }
    List<Operand<TBool>> leading = new ArrayList<>();
    for (Layer layer : layers) {
      Operand<TBool> now =
          tf.math.greater(
              tf.gather(tf.constant(still), layer.operation(), tf.constant(0)), tf.constant(0f));
      leading.add(
          leading.isEmpty() ? now : tf.math.logicalAnd(leading.get(leading.size() - 1), now));
    }
    return leading;
  }

  // Only one of the five is not neutral for an image, so that their sum is the one.
  private static Operand<TFloat32> matrices(
      Ops tf, Operand<TInt32> operation, Operand<TFloat32> strength) {
    Operand<TFloat32> angle = only(tf, Operation.ROTATE, operation, strength, Math.toRadians(1));
    Operand<TFloat32> cos = tf.math.cos(angle);
    Operand<TFloat32> sin = tf.math.sin(angle);
    // The upper left corner, which a shear leaves where it is, lies at -1.
    Operand<TFloat32> leanX = only(tf, Operation.SHEAR_X, operation, strength, 1);
    Operand<TFloat32> leanY = only(tf, Operation.SHEAR_Y, operation, strength, 1);
    // The image is 2 wide in these coordinates, and the pixel shown at a place comes from before
    // it.
    Operand<TFloat32> right = only(tf, Operation.TRANSLATE_X, operation, strength, -2);
    Operand<TFloat32> down = only(tf, Operation.TRANSLATE_Y, operation, strength, -2);
    return Matrices.linear(
        tf,
        cos,
        tf.math.sub(leanX, sin),
        tf.math.add(leanY, sin),
        cos,
        tf.math.add(leanX, right),
        tf.math.add(leanY, down));
  }

  private static Operand<TFloat32> only(
      Ops tf,
      Operation which,
      Operand<TInt32> operation,
      Operand<TFloat32> strength,
      double scale) {
    return tf.select(
        tf.math.equal(operation, tf.constant(which.ordinal())),
        tf.math.mul(strength, tf.constant((float) scale)),
        tf.constant(0f));
  }

  private Operand<TFloat32> layer(
      Ops tf,
      Operand<TFloat32> images,
      Operand<TInt32> operation,
      Operand<TFloat32> strength,
      boolean moving) {
    // What changes pixels in place, one group each; before them those who stay as they are, and
    // those who move.
    Collection<Operation> inPlace = EnumSet.noneOf(Operation.class);
    possible.stream().filter(o -> !o.moves() && o != Operation.IDENTITY).forEach(inPlace::add);
    int[] groups = new int[Operation.values().length];
    int count = 1;
    if (moving && possible.stream().anyMatch(Operation::moves)) {
      for (Operation o : Operation.values()) {
        groups[o.ordinal()] = o.moves() ? count : 0;
      }
      count++;
    } else {
      moving = false;
    }
    for (Operation o : inPlace) {
      groups[o.ordinal()] = count++;
    }

    Operand<TInt32> group = tf.gather(tf.constant(groups), operation, tf.constant(0));
    Operand<TInt32> numbers = tf.range(tf.constant(0), tf.size(operation), tf.constant(1));
    DynamicPartition<TInt32> places = tf.dynamicPartition(numbers, group, (long) count);
    DynamicPartition<TFloat32> parts = tf.dynamicPartition(images, group, (long) count);
    DynamicPartition<TFloat32> strengths = tf.dynamicPartition(strength, group, (long) count);
    List<Operand<TFloat32>> changed = new ArrayList<>();
    changed.add(parts.outputs().get(0));
    if (moving) {
      Operand<TInt32> operations =
          tf.dynamicPartition(operation, group, (long) count).outputs().get(1);
      Operand<TFloat32> matrices = matrices(tf, operations, strengths.outputs().get(1));
      Operand<TInt32> side = tf.gather(tf.shape(images), tf.constant(1), tf.constant(0));
      changed.add(Resampler.sample(tf, parts.outputs().get(1), matrices, side));
    }
    for (Operation o : inPlace) {
      int i = groups[o.ordinal()];
      changed.add(o.apply(tf, parts.outputs().get(i), strengths.outputs().get(i)));
    }
    List<Operand<TInt32>> back = new ArrayList<>(places.outputs());
    return tf.dynamicStitch(back, changed);
  }
}
