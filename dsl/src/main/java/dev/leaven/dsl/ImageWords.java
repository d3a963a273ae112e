package dev.leaven.dsl;

import dev.leaven.runtime.Check;
import dev.leaven.runtime.data.DecodedCache;
import dev.leaven.runtime.models.Architecture;
import dev.leaven.runtime.transform.AutoAugment;
import dev.leaven.runtime.transform.CutOut;
import dev.leaven.runtime.transform.Erasing;
import dev.leaven.runtime.transform.Flip;
import dev.leaven.runtime.transform.ItemResize;
import dev.leaven.runtime.transform.Normalize;
import dev.leaven.runtime.transform.Policy;
import dev.leaven.runtime.transform.RandAugment;
import dev.leaven.runtime.transform.RandomErasing;
import dev.leaven.runtime.transform.RandomResizedCrop;
import dev.leaven.runtime.transform.TrivialAugment;
import java.nio.file.Path;
import java.util.function.UnaryOperator;

/**
 * The words for the model's input: how images are loaded, cropped and changed in training, and the
 * model that sees them.
 *
 * @param <R> what a word returns: the changed value, or nothing in a Kotlin block
 */
@CheckReturnValue
public interface ImageWords<R> extends Words<R>, AugmentationWords<R> {

  /**
   * The architecture. Default: {@code new XResNet(50)}.
   *
   * @param model an architecture
   * @return a new recipe
   */
  default R model(Architecture model) {
    return with(recipe -> recipe.with(Part.MODEL, model));
  }

  /**
   * Starts from pretrained weights instead of random ones: a file in the safetensors format with
   * PyTorch's names, for instance of torchvision's {@code state_dict()} for {@link
   * dev.leaven.runtime.models.ResNet}. A head for other classes starts from random weights. Usual
   * with {@link TrainingWords#fineTune(int, Number)}. Images are normalized with ImageNet's
   * statistics unless the recipe has others, as torchvision's weights require.
   *
   * @param weights the file, read when training begins
   * @return a new recipe
   */
  default R pretrained(Path weights) {
    Path file = weights.toAbsolutePath().normalize();
    return with(recipe -> recipe.with(Part.PRETRAINED, file));
  }

  /**
   * Shows all of each image, resized to a square without keeping its aspect ratio: {@link
   * ItemResize}. Default: the largest square is cut out, at a random place in training and at the
   * centre otherwise.
   *
   * @return a new recipe
   */
  default R squish() {
    return itemResize(ItemResize.squish());
  }

  /**
   * Shows all of each image with its aspect ratio, and fills the square with its reflection: {@link
   * ItemResize}. Default: the largest square is cut out.
   *
   * @return a new recipe
   */
  default R pad() {
    return pad(ItemResize.Padding.REFLECTION);
  }

  /**
   * Shows all of each image with its aspect ratio, and pads it to a square: {@link ItemResize}.
   * Default: the largest square is cut out.
   *
   * @param padding what fills the rest of the square
   * @return a new recipe
   */
  default R pad(ItemResize.Padding padding) {
    return itemResize(ItemResize.pad(padding));
  }

  /**
   * How an image becomes square while it is loaded. Default: {@code new ItemResize()}, which cuts
   * out the largest square. What is padded or squished cannot be kept by {@link #cache()}.
   *
   * @param itemResize a way to resize
   * @return a new recipe
   */
  default R itemResize(ItemResize itemResize) {
    return with(recipe -> recipe.with(Part.ITEM_RESIZE, itemResize));
  }

  /**
   * The size of the square images that are loaded in training, before they are cropped to the size
   * of the stage. Default: just large enough that no crop is enlarged, 148 for 128 and 259 for 224.
   *
   * @param size the height and width in pixels, no smaller than any stage's
   * @return a new recipe
   * @throws IllegalArgumentException when the size is below 16
   */
  default R presize(int size) {
    Check.atLeast("presize", "size", size, StageSpec.SMALLEST);
    return with(recipe -> recipe.with(Part.PRESIZE, size));
  }

  /**
   * fastai's RandomResizedCrop: a random part of each image, of ratio 3/4 to 4/3. Default without
   * it: {@link RandomResizedCrop#presized()}.
   *
   * @param minScale the smallest area, above 0 and at most 1
   * @return a new recipe
   * @throws IllegalArgumentException when it is outside its range
   */
  default R randomResizedCrop(Number minScale) {
    return randomResizedCrop(RandomResizedCrop.from(minScale.doubleValue()));
  }

  /**
   * Which random part of each image is shown in training. Default: {@link
   * RandomResizedCrop#presized()}.
   *
   * @param crop areas and ratios
   * @return a new recipe
   */
  default R randomResizedCrop(RandomResizedCrop crop) {
    return with(recipe -> recipe.with(Part.CROP, crop));
  }

  /**
   * Mirrors training images left to right. Default: 0.5.
   *
   * @param probability from 0 to 1
   * @return a new recipe
   * @throws IllegalArgumentException when it is not between 0 and 1
   */
  default R flip(Number probability) {
    Flip flip = new Flip(probability.doubleValue());
    return with(recipe -> recipe.with(Part.FLIP, flip));
  }

  /**
   * Mirrors no image, for pictures in which left and right differ, such as digits.
   *
   * @return a new recipe
   */
  default R noFlip() {
    return flip(0);
  }

  /**
   * Augments training images as fastai's {@code aug_transforms} does, besides the crop and the flip
   * that every recipe has: {@link Augmentation#usual()}. Default: neither.
   *
   * @return a new recipe
   */
  default R augment() {
    return augmentation(Augmentation::usual);
  }

  /**
   * Applies two operations of magnitude 9, drawn from 14, to every training image: {@link
   * RandAugment}. Default: none.
   *
   * @return a new recipe
   */
  default R randAugment() {
    return policy(new RandAugment());
  }

  /**
   * Applies operations drawn from 14 to every training image: {@link RandAugment}. Default: none.
   *
   * @param numOps operations for each image, from 1 to 10; 2 is usual
   * @param magnitude how strong they are, from 0 to 30; 9 is usual
   * @return a new recipe
   * @throws IllegalArgumentException when one is outside its range
   */
  default R randAugment(int numOps, int magnitude) {
    return policy(new RandAugment(numOps, magnitude));
  }

  /**
   * Applies one operation of any strength, drawn from 14, to every training image: {@link
   * TrivialAugment}. Default: none.
   *
   * @return a new recipe
   */
  default R trivialAugment() {
    return policy(new TrivialAugment());
  }

  /**
   * Applies one of the 25 pairs of operations that were learned for ImageNet to every training
   * image: {@link AutoAugment}. Default: none.
   *
   * @return a new recipe
   */
  default R autoAugment() {
    return policy(new AutoAugment());
  }

  /**
   * Applies operations to training images by a rule of your own, after the geometry and before the
   * lighting of {@link #augment()}. Default: none.
   *
   * @param policy which operations an image gets; replaces any other policy
   * @return a new recipe
   */
  default R policy(Policy policy) {
    return with(recipe -> recipe.with(Part.POLICY, policy));
  }

  /**
   * Covers a rectangle of training images with noise: {@link RandomErasing}. Default: 0.
   *
   * @param probability from 0 to 1; 0.25 to 0.5 is usual
   * @return a new recipe
   * @throws IllegalArgumentException when it is outside its range
   */
  default R erase(Number probability) {
    return erase(new RandomErasing(probability.doubleValue()));
  }

  /**
   * Covers a part of training images. Default: none.
   *
   * @param erasing how large a part, and with what; {@link RandomErasing}, {@link CutOut} or one of
   *     your own
   * @return a new recipe
   */
  default R erase(Erasing erasing) {
    return with(recipe -> recipe.with(Part.ERASING, erasing));
  }

  /**
   * Covers a square of half the height and width of training images with their mean: {@link
   * CutOut}. It replaces {@link #erase}. Default: none.
   *
   * @return a new recipe
   */
  default R cutout() {
    return erase(new CutOut());
  }

  /**
   * Covers a square of training images with their mean: {@link CutOut}. It replaces {@link #erase}.
   * Default: none.
   *
   * @param share the height and width of the square as a fraction of the image's, from 0 to 1; 0.5
   *     is usual
   * @return a new recipe
   * @throws IllegalArgumentException when it is outside its range
   */
  default R cutout(Number share) {
    return erase(new CutOut(share.doubleValue()));
  }

  /**
   * The statistics that images are normalised with. Default: ImageNet's for colour; measured from
   * the training images otherwise.
   *
   * @param statistics mean and standard deviation of each channel
   * @return a new recipe
   */
  default R normalize(Normalize statistics) {
    return with(
        recipe -> recipe.with(Part.NORMALIZE, statistics).without(Part.NORMALIZE_FROM_DATA));
  }

  /**
   * Measures the statistics that images are normalised with from the training images.
   *
   * @return a new recipe
   */
  default R normalizeFromData() {
    return with(recipe -> recipe.with(Part.NORMALIZE_FROM_DATA, true).without(Part.NORMALIZE));
  }

  /**
   * Decodes each file once for a stage instead of in every epoch, and keeps what the epochs need:
   * in memory if a quarter of the machine's memory is enough, else on disk. See {@link
   * DecodedCache} for what it changes. Default: files are decoded whenever they are needed.
   *
   * @return a new recipe
   */
  default R cache() {
    return cache(DecodedCache.AUTO);
  }

  /**
   * Decodes each file once for a stage, and sets where the decoded images are kept. Images that are
   * in memory already are not kept again.
   *
   * @param cache in memory, on disk, or nowhere
   * @return a new recipe
   */
  default R cache(DecodedCache cache) {
    return with(recipe -> recipe.with(Part.CACHE, cache));
  }

  @Override
  default R augmentation(UnaryOperator<Augmentation> change) {
    return with(
        recipe ->
            recipe.with(
                Part.AUGMENTATION,
                change.apply(recipe.find(Part.AUGMENTATION).orElse(Augmentation.none()))));
  }
}
