package dev.leaven.dsl;

import dev.leaven.runtime.Check;
import dev.leaven.runtime.data.Balanced;
import dev.leaven.runtime.data.Repeated;
import dev.leaven.runtime.data.Sampling;
import dev.leaven.runtime.data.Shuffled;
import dev.leaven.runtime.loss.ClassWeights;
import dev.leaven.runtime.loss.LabelSmoothing;
import dev.leaven.runtime.loss.Loss;
import dev.leaven.runtime.mix.CutMix;
import dev.leaven.runtime.mix.MixUp;
import dev.leaven.runtime.mix.MixUpOrCutMix;
import dev.leaven.runtime.mix.Mixing;
import java.util.Arrays;

/**
 * The words for what the model learns: mixing, targets, loss, and which images an epoch visits.
 *
 * @param <R> what a word returns: the changed value, or nothing in a Kotlin block
 */
@CheckReturnValue
public interface TargetWords<R> extends Words<R> {

  /**
   * Mixes each image with another of its batch: {@link MixUp} with alpha 0.4. Default: no mixing.
   *
   * @return a new recipe
   */
  default R mixup() {
    return mixing(new MixUp());
  }

  /**
   * Mixes each image with another of its batch: {@link MixUp}. Default: no mixing.
   *
   * @param alpha how strongly, above 0 and at most 100
   * @return a new recipe
   * @throws IllegalArgumentException when it is outside its range
   */
  default R mixup(Number alpha) {
    return mixing(new MixUp(alpha.doubleValue()));
  }

  /**
   * Replaces a box of each image by the same box of another of its batch: {@link CutMix} with alpha
   * 1. Default: no mixing.
   *
   * @return a new recipe
   */
  default R cutmix() {
    return mixing(new CutMix());
  }

  /**
   * Replaces a box of each image by the same box of another of its batch: {@link CutMix}. Default:
   * no mixing.
   *
   * @param alpha above 0 and at most 100
   * @return a new recipe
   * @throws IllegalArgumentException when it is outside its range
   */
  default R cutmix(Number alpha) {
    return mixing(new CutMix(alpha.doubleValue()));
  }

  /**
   * MixUp for half of the batches, drawn at random, and CutMix for the others: {@link
   * MixUpOrCutMix} with alphas 0.4 and 1. Default: no mixing.
   *
   * @return a new recipe
   */
  default R mixupOrCutmix() {
    return mixing(new MixUpOrCutMix());
  }

  /**
   * MixUp for some batches, drawn at random, and CutMix for the others: {@link MixUpOrCutMix}.
   * Default: no mixing.
   *
   * @param mixupAlpha how strongly MixUp mixes, above 0 and at most 100
   * @param cutmixAlpha the alpha of CutMix, above 0 and at most 100
   * @param odds the probability of MixUp, from 0 to 1
   * @return a new recipe
   * @throws IllegalArgumentException when a value is outside its range
   */
  default R mixupOrCutmix(Number mixupAlpha, Number cutmixAlpha, Number odds) {
    return mixing(
        new MixUpOrCutMix(
            new MixUp(mixupAlpha.doubleValue()),
            new CutMix(cutmixAlpha.doubleValue()),
            odds.doubleValue()));
  }

  /**
   * Mixes the images of a batch with a technique of your own. Default: no mixing.
   *
   * @param mixing a mixing technique
   * @return a new recipe
   */
  default R mixing(Mixing mixing) {
    return with(recipe -> recipe.with(Part.MIXING, mixing));
  }

  /**
   * Shows the model unmixed images at the end of the run: nothing is mixed in the last epochs.
   * Default: 0, mixing to the end.
   *
   * @param epochs from 0 to the epochs of all stages, which is checked when the recipe is planned
   * @return a new recipe
   * @throws IllegalArgumentException when it is below 0
   */
  default R mixOffForLast(int epochs) {
    Check.atLeast("mixOffForLast", "epochs", epochs, 0);
    return with(recipe -> recipe.with(Part.MIX_OFF_FOR_LAST, epochs));
  }

  /**
   * Moves some of the target from the true class to all classes: {@link LabelSmoothing}. Default:
   * 0, none.
   *
   * @param epsilon from 0 to below 1; 0.1 is usual
   * @return a new recipe
   * @throws IllegalArgumentException when it is outside its range
   */
  default R labelSmoothing(Number epsilon) {
    LabelSmoothing smoothing = new LabelSmoothing(epsilon.doubleValue());
    return with(recipe -> recipe.with(Part.LABEL_SMOOTHING, smoothing));
  }

  /**
   * What is minimised. Default: cross-entropy where every image has one class, binary cross-entropy
   * where it may have several, the mean squared error where it has numbers.
   *
   * @param loss a loss that accepts the data's targets
   * @return a new recipe
   */
  default R loss(Loss loss) {
    return with(recipe -> recipe.with(Part.LOSS, loss));
  }

  /**
   * Gives every class the same total weight in training, regardless of its number of images: {@link
   * ClassWeights#balanced}.
   *
   * @return a new recipe
   */
  default R classWeights() {
    ClassWeights weights = ClassWeights.balanced();
    return with(recipe -> recipe.with(Part.CLASS_WEIGHTS, weights));
  }

  /**
   * The weight of an image of each class in training: {@link ClassWeights}.
   *
   * @param weights one above 0 for each class, in the order of the classes
   * @return a new recipe
   * @throws IllegalArgumentException when there are none, or one is not above 0
   */
  default R classWeights(Number... weights) {
    if (weights.length == 0) {
      return classWeights();
    }
    ClassWeights each = new ClassWeights(Arrays.stream(weights).map(Number::doubleValue).toList());
    return with(recipe -> recipe.with(Part.CLASS_WEIGHTS, each));
  }

  /**
   * Visits every class as often as any other in training: {@link Balanced}.
   *
   * @return a new recipe
   */
  default R balanced() {
    return sampling(new Balanced());
  }

  /**
   * Visits every training image several times in a row, each time augmented again: {@link
   * Repeated}.
   *
   * @param times from 1 to 100; an epoch takes that many times as long
   * @return a new recipe
   * @throws IllegalArgumentException when it is outside its range
   */
  default R repeat(int times) {
    return sampling(new Repeated(times));
  }

  /**
   * Which training images an epoch visits. Default: {@link Shuffled}, every image once.
   *
   * @param sampling the rule
   * @return a new recipe
   */
  default R sampling(Sampling sampling) {
    return with(recipe -> recipe.with(Part.SAMPLING, sampling));
  }
}
