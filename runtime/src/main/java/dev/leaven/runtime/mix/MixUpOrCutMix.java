package dev.leaven.runtime.mix;

import dev.leaven.runtime.Check;
import dev.leaven.runtime.graph.Randomness;
import java.util.Objects;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TInt32;

/**
 * MixUp for some batches and CutMix for the others, as in timm and torchvision's recipes; the
 * choice is drawn again for every batch.
 *
 * <p>Effect: each prevents the model from adapting to the other; torchvision's and timm's recipes
 * for long runs have both. Cost: one pass over the batch, as for either alone: only the few numbers
 * of both draws are computed, and the batch is mixed once, by those that are chosen.
 *
 * @param mixUp applied to a fraction {@code odds} of the batches
 * @param cutMix applied to the other batches
 * @param odds the probability of MixUp, from 0 to 1; 0.5 by default
 */
public record MixUpOrCutMix(MixUp mixUp, CutMix cutMix, double odds) implements Mixing {

  /**
   * The random part.
   *
   * @param mixesUp whether this batch gets MixUp, a scalar
   * @param mixUp the draw of MixUp
   * @param cutMix the draw of CutMix
   */
  public record Draw(Operand<TBool> mixesUp, MixUp.Draw mixUp, CutMix.Draw cutMix) {}

  /**
   * Checks the range.
   *
   * @throws IllegalArgumentException when odds is not between 0 and 1
   */
  public MixUpOrCutMix {
    Objects.requireNonNull(mixUp, "mixUp");
    Objects.requireNonNull(cutMix, "cutMix");
    Check.range("mixupOrCutmix", "odds", odds, 0, 1);
  }

  /** {@code new MixUp()} or {@code new CutMix()}, each for half of the batches. */
  public MixUpOrCutMix() {
    this(new MixUp(), new CutMix(), 0.5);
  }

  @Override
  public Batch mix(Ops tf, Batch batch, Randomness randomness) {
    return apply(tf, batch, draw(tf, tf.shape(batch.images()), randomness));
  }

  /**
   * Draws the choice, and what either would need.
   *
   * @param tf where the operations go
   * @param shape of the images, {@code [batch, height, width, channels]}
   * @param randomness the random numbers of this step
   * @return a draw for such images
   */
  public Draw draw(Ops tf, Operand<TInt32> shape, Randomness randomness) {
    Operand<TInt32> size = tf.gather(shape, tf.constant(0), tf.constant(0));
    Operand<TBool> mixesUp =
        tf.math.less(
            randomness.purpose("mixup or cutmix").uniform(tf.constant(new int[0])),
            tf.constant((float) odds));
    return new Draw(mixesUp, mixUp.draw(tf, size, randomness), cutMix.draw(tf, shape, randomness));
  }

  /**
   * Mixes in the way that was drawn.
   *
   * @param tf where the operations go
   * @param batch the batch
   * @param draw the choice and both draws for such images
   * @return a batch of the same shapes
   */
  public Batch apply(Ops tf, Batch batch, Draw draw) {
    MixWeights up = mixUp.mixWeights(tf, draw.mixUp());
    MixWeights cut = cutMix.mixWeights(tf, tf.shape(batch.images()), draw.cutMix());
    return up.orElse(tf, draw.mixesUp(), cut).mix(tf, batch);
  }

  @Override
  public String describe() {
    return "for each batch, with probability %s %s; otherwise %s"
        .formatted(Check.number(odds), mixUp.describe(), cutMix.describe());
  }
}
