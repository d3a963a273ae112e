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

/**
 * A plan's augmented views of images. Training, test-time augmentation and an exported model have
 * them from here, so that no two of them can differ.
 */
public final class Views {

  private Views() {}

  /**
   * A view of each image, drawn by its place in the batch.
   *
   * @param tf where the operations go
   * @param plan says how images are augmented
   * @param pixels values from 0 to 1, {@code [batch, presize, presize, channels]}
   * @param side the side of the views, a scalar
   * @param randomness decides every draw
   * @return normalised views, {@code [batch, side, side, channels]}
   */
  public static Operand<TFloat32> apply(
      Ops tf, Plan plan, Operand<TFloat32> pixels, Operand<TInt32> side, Randomness randomness) {
    boolean resamples =
        !plan.image().geometry().isEmpty()
            || plan.image().policy().isPresent()
            || plan.stages().stream().anyMatch(stage -> stage.presize() != stage.size());
    Operand<TInt32> size = tf.gather(tf.shape(pixels), tf.constant(0), tf.constant(0));
    Optional<PolicyChoice> choice =
        plan.image().policy().map(policy -> policy.choose(tf, size, side, randomness));
    List<Operand<TFloat32>> moves = choice.map(chosen -> chosen.moves(tf)).stream().toList();
    Operand<TFloat32> images =
        resamples
            ? new Resampler(plan.image().geometry()).apply(tf, pixels, side, randomness, moves)
            : pixels;
    if (choice.isPresent()) {
      images = choice.get().apply(tf, images);
    }
    images = new Relighter(plan.image().lighting()).apply(tf, images, randomness);
    Operand<TFloat32> normal = plan.model().normalize().apply(tf, images);
    return plan.image()
        .erasing()
        .map(e -> e.apply(tf, normal, plan.model().normalize(), randomness))
        .orElse(normal);
  }
}
