package dev.leaven.runtime.internal.step;

import dev.leaven.runtime.graph.Randomness;
import dev.leaven.runtime.plan.Plan;
import dev.leaven.runtime.transform.PolicyChoice;
import dev.leaven.runtime.transform.Relighter;
import dev.leaven.runtime.transform.Resampler;
import java.util.List;
import java.util.Optional;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TUint8;

/**
 * The input of a plan's model, made of loaded images. Training, evaluation, explanation and an
 * exported model all use this code, so their inputs cannot differ.
 */
public final class ModelInput {

  private ModelInput() {}

  /**
   * Images as they are.
   *
   * @param tf where the operations go
   * @param plan defines how images are normalised
   * @param images the loaded images, {@code [batch, height, width, channels]}
   * @return normalised, of the same shape
   */
  public static Operand<TFloat32> plain(Ops tf, Plan plan, Operand<TUint8> images) {
    return plan.model().normalize().apply(tf, unit(tf, images));
  }

  /**
   * An augmented view of each image, drawn by its position in the batch.
   *
   * @param tf where the operations go
   * @param plan defines how images are augmented and normalised
   * @param images the loaded images, {@code [batch, presize, presize, channels]}
   * @param size the size of the views, a scalar
   * @param randomness determines every draw
   * @return normalised, {@code [batch, size, size, channels]}
   */
  public static Operand<TFloat32> augmented(
      Ops tf, Plan plan, Operand<TUint8> images, Operand<TInt32> size, Randomness randomness) {
    Operand<TFloat32> pixels = unit(tf, images);
    boolean resamples =
        !plan.image().geometry().isEmpty()
            || plan.image().policy().isPresent()
            || plan.stages().stream().anyMatch(stage -> stage.presize() != stage.size());
    Operand<TInt32> batch = tf.gather(tf.shape(pixels), tf.constant(0), tf.constant(0));
    Optional<PolicyChoice> choice =
        plan.image().policy().map(policy -> policy.choose(tf, batch, size, randomness));
    List<Operand<TFloat32>> moves = choice.map(chosen -> chosen.moves(tf)).stream().toList();
    if (resamples) {
      pixels = new Resampler(plan.image().geometry()).apply(tf, pixels, size, randomness, moves);
    }
    if (choice.isPresent()) {
      pixels = choice.get().apply(tf, pixels);
    }
    pixels = new Relighter(plan.image().lighting()).apply(tf, pixels, randomness);
    Operand<TFloat32> normal = plan.model().normalize().apply(tf, pixels);
    return plan.image()
        .erasing()
        .map(e -> e.apply(tf, normal, plan.model().normalize(), randomness))
        .orElse(normal);
  }

  private static Operand<TFloat32> unit(Ops tf, Operand<TUint8> images) {
    return tf.math.mul(tf.dtypes.cast(images, TFloat32.class), tf.constant(1f / 255));
  }
}
