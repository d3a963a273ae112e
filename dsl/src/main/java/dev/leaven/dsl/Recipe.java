package dev.leaven.dsl;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.leaven.dsl.ablate.Ablation;
import dev.leaven.dsl.ablate.AblationLines;
import dev.leaven.dsl.ablate.AblationListener;
import dev.leaven.dsl.ablate.Ledger;
import dev.leaven.runtime.Check;
import dev.leaven.runtime.TechniqueJson;
import dev.leaven.runtime.data.Balanced;
import dev.leaven.runtime.data.DataSource;
import dev.leaven.runtime.data.DecodedCache;
import dev.leaven.runtime.data.ImageData;
import dev.leaven.runtime.data.Repeated;
import dev.leaven.runtime.data.Sampling;
import dev.leaven.runtime.data.Shuffled;
import dev.leaven.runtime.evaluate.TestTimeAugmentation;
import dev.leaven.runtime.evaluate.TestTimeViews;
import dev.leaven.runtime.graph.Precision;
import dev.leaven.runtime.internal.plan.PlanText;
import dev.leaven.runtime.interpret.Interpretation;
import dev.leaven.runtime.loss.ClassWeights;
import dev.leaven.runtime.loss.LabelSmoothing;
import dev.leaven.runtime.loss.Loss;
import dev.leaven.runtime.mix.CutMix;
import dev.leaven.runtime.mix.MixUp;
import dev.leaven.runtime.mix.MixUpOrCutMix;
import dev.leaven.runtime.mix.Mixing;
import dev.leaven.runtime.models.Architecture;
import dev.leaven.runtime.optimize.Averaging;
import dev.leaven.runtime.optimize.ClipNorm;
import dev.leaven.runtime.optimize.Clipping;
import dev.leaven.runtime.optimize.FlatCosine;
import dev.leaven.runtime.optimize.LossScale;
import dev.leaven.runtime.optimize.MovingAverage;
import dev.leaven.runtime.optimize.OneCycle;
import dev.leaven.runtime.optimize.Optimizer;
import dev.leaven.runtime.optimize.Schedule;
import dev.leaven.runtime.optimize.StochasticAverage;
import dev.leaven.runtime.optimize.WarmRestarts;
import dev.leaven.runtime.optimize.WarmUp;
import dev.leaven.runtime.plan.EarlyStopping;
import dev.leaven.runtime.plan.Plan;
import dev.leaven.runtime.plan.Stopping;
import dev.leaven.runtime.plan.TimeLimit;
import dev.leaven.runtime.report.PreviewPicture;
import dev.leaven.runtime.report.Report;
import dev.leaven.runtime.run.LearningRates;
import dev.leaven.runtime.run.Run;
import dev.leaven.runtime.run.TrainingListener;
import dev.leaven.runtime.run.TrainingOptions;
import dev.leaven.runtime.train.LearningRateFinder;
import dev.leaven.runtime.train.Preview;
import dev.leaven.runtime.train.PreviewStep;
import dev.leaven.runtime.train.TrainedModel;
import dev.leaven.runtime.train.Trainer;
import dev.leaven.runtime.transform.AutoAugment;
import dev.leaven.runtime.transform.CutOut;
import dev.leaven.runtime.transform.Erasing;
import dev.leaven.runtime.transform.Flip;
import dev.leaven.runtime.transform.GaussianBlur;
import dev.leaven.runtime.transform.Geometry;
import dev.leaven.runtime.transform.ItemResize;
import dev.leaven.runtime.transform.Lighting;
import dev.leaven.runtime.transform.Normalize;
import dev.leaven.runtime.transform.Policy;
import dev.leaven.runtime.transform.RandAugment;
import dev.leaven.runtime.transform.RandomErasing;
import dev.leaven.runtime.transform.RandomResizedCrop;
import dev.leaven.runtime.transform.TrivialAugment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * How to train an image classifier, as a sentence.
 *
 * <pre>{@code
 * Recipe recipe = resize(128).then(224).mixup().labelSmoothing(0.1).tta(4);
 * Run run = recipe.train(ImageFolder.of(Path.of("imagenette2-160")));
 * }</pre>
 *
 * <p>A recipe is an immutable value and safe to share: every method returns a new one. {@link
 * #resize} begins it and {@link #then} adds a stage of progressive resizing; {@link #epochs},
 * {@link #batchSize} and {@link #learningRate} speak of the latest stage. All else speaks of the
 * whole run, in any order, and the last word wins. What is left unsaid is decided for the data by
 * {@link #plan}; {@link #explain} shows it before anything is paid for.
 *
 * <p>A value outside its range is refused by the method that is given it, with an {@link
 * IllegalArgumentException} that names the parameter, the value and the range.
 */
@CheckReturnValue
public final class Recipe {

  private static final DateTimeFormatter SECOND = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss");
  private static final int HASH_DIGITS = 12;

  private final RecipeParts parts;

  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  Recipe(RecipeParts parts) {
    if (parts.stages == null || parts.stages.isEmpty()) { // a JSON text may lack them
      throw new IllegalArgumentException("a recipe needs at least one stage");
    }
    parts.stages = List.copyOf(parts.stages);
    this.parts = parts;
  }

  /**
   * Begins a recipe: a first stage on square images of this size.
   *
   * @param size the side in pixels, at least 16
   * @return a recipe of one stage
   * @throws IllegalArgumentException when the size is below 16
   */
  public static Recipe resize(int size) {
    return resize(size, stage -> stage);
  }

  /**
   * Begins a recipe with more to say of its first stage.
   *
   * @param size the side in pixels, at least 16
   * @param more for instance {@code stage -> stage.epochs(5).learningRate(1e-3)}
   * @return a recipe of one stage
   * @throws IllegalArgumentException when the size is below 16
   */
  public static Recipe resize(int size, UnaryOperator<StageSpec> more) {
    RecipeParts parts = new RecipeParts();
    parts.stages = List.of(more.apply(new StageSpec(size)));
    return new Recipe(parts);
  }

  /**
   * Adds a stage on images of another size, which goes on with the weights of the one before.
   *
   * @param size the side in pixels, at least 16
   * @return a new recipe
   * @throws IllegalArgumentException when the size is below 16
   */
  public Recipe then(int size) {
    return then(size, stage -> stage);
  }

  /**
   * Adds a stage with more to say of it.
   *
   * @param size the side in pixels, at least 16
   * @param more for instance {@code stage -> stage.epochs(5).learningRate(1e-3)}
   * @return a new recipe
   * @throws IllegalArgumentException when the size is below 16
   */
  public Recipe then(int size, UnaryOperator<StageSpec> more) {
    Check.atLeast("then", "size", size, StageSpec.SMALLEST);
    List<StageSpec> stages = new ArrayList<>(parts.stages);
    stages.add(more.apply(new StageSpec(size)));
    return with(changed -> changed.stages = stages);
  }

  /**
   * How often the latest stage passes over the training images. Default: 5.
   *
   * @param epochs at least 1
   * @return a new recipe
   * @throws IllegalArgumentException when it is below 1
   */
  public Recipe epochs(int epochs) {
    return latest(stage -> stage.epochs(epochs));
  }

  /**
   * How many images make a step of the latest stage. Default: 64, or all if there are fewer.
   *
   * @param batchSize at least 1, and no more than there are training images
   * @return a new recipe
   * @throws IllegalArgumentException when it is below 1
   */
  public Recipe batchSize(int batchSize) {
    return latest(stage -> stage.batchSize(batchSize));
  }

  /**
   * The highest learning rate of the latest stage. Default: 0.003 in the first stage, a third of
   * the first stage's in later ones; {@link #findLearningRate} looks for a better one.
   *
   * @param learningRate above 0
   * @return a new recipe
   * @throws IllegalArgumentException when it is not above 0
   */
  public Recipe learningRate(double learningRate) {
    return latest(stage -> stage.learningRate(learningRate));
  }

  /**
   * Freezes parameter groups of the model in the latest stage: {@link StageSpec#freeze}.
   *
   * @param groups how many, counted from the images, from 0
   * @return a new recipe
   * @throws IllegalArgumentException when it is below 0
   */
  public Recipe freeze(int groups) {
    return latest(stage -> stage.freeze(groups));
  }

  /**
   * Freezes the batch norms of the latest stage's frozen groups too: {@link StageSpec#freezeNorms}.
   *
   * @return a new recipe
   */
  public Recipe freezeNorms() {
    return latest(StageSpec::freezeNorms);
  }

  /**
   * Freezes all batch norms of the model in the latest stage: {@link StageSpec#freezeAllNorms}.
   *
   * @return a new recipe
   */
  public Recipe freezeAllNorms() {
    return latest(StageSpec::freezeAllNorms);
  }

  /**
   * Lets parameter groups near the images learn more slowly than the head in the latest stage:
   * {@link StageSpec#discriminative}.
   *
   * @param low the highest learning rate of the first group, above 0
   * @param high the highest learning rate of the last group, at least {@code low}
   * @return a new recipe
   * @throws IllegalArgumentException when they are outside their ranges
   */
  public Recipe discriminative(double low, double high) {
    return latest(stage -> stage.discriminative(low, high));
  }

  /**
   * Makes the latest stage one of transfer learning with fastai's rate of 0.002: {@link
   * #fineTune(int, double)}.
   *
   * @param epochs of the second part, at least 1
   * @return a new recipe
   * @throws IllegalArgumentException when it is below 1
   */
  public Recipe fineTune(int epochs) {
    return fineTune(epochs, 2e-3);
  }

  /**
   * Makes the latest stage one of transfer learning, as fastai's {@code fine_tune}: an epoch in
   * which only the head and the norms learn, on a one-cycle that rises to its end; then {@code
   * epochs} in which all groups learn, the head with half of the rate and the first group with a
   * hundredth of that. On a model of one parameter group nothing is frozen.
   *
   * @param epochs of the second part, at least 1
   * @param learningRate the highest rate of the first part, above 0
   * @return a new recipe
   * @throws IllegalArgumentException when one is outside its range
   */
  public Recipe fineTune(int epochs, double learningRate) {
    Check.atLeast("fineTune", "epochs", epochs, 1);
    Check.positive("fineTune", "learning rate", learningRate);
    List<StageSpec> stages = new ArrayList<>(parts.stages);
    StageSpec latest = stages.remove(stages.size() - 1);
    stages.addAll(FineTune.stages(latest, epochs, learningRate));
    return with(changed -> changed.stages = stages);
  }

  /**
   * The architecture. Default: {@code new XResNet(50)}.
   *
   * @param model an architecture
   * @return a new recipe
   */
  public Recipe model(Architecture model) {
    Objects.requireNonNull(model, "model");
    return with(changed -> changed.model = model);
  }

  /**
   * Begins with weights that were learned before instead of random ones: a file in the safetensors
   * format with PyTorch's names, for instance of torchvision's {@code state_dict()} for {@link
   * dev.leaven.runtime.models.ResNet}. A head for other classes begins anew. Usual with {@link
   * #fineTune}. Images are normalized with ImageNet's statistics unless other ones are said, as
   * torchvision's weights want it.
   *
   * @param weights the file, read when training begins
   * @return a new recipe
   */
  public Recipe pretrained(Path weights) {
    Path file = weights.toAbsolutePath().normalize();
    return with(changed -> changed.pretrained = file);
  }

  /**
   * Shows all of each image, resized to a square without its shape: {@link ItemResize}. Default:
   * the largest square is cut out, at a random place in training and at the centre otherwise.
   *
   * @return a new recipe
   */
  public Recipe squish() {
    return itemResize(ItemResize.squish());
  }

  /**
   * Shows all of each image with its shape, and its reflection beside it: {@link ItemResize}.
   * Default: the largest square is cut out.
   *
   * @return a new recipe
   */
  public Recipe pad() {
    return pad(ItemResize.Padding.REFLECTION);
  }

  /**
   * Shows all of each image with its shape, and padding beside it: {@link ItemResize}. Default: the
   * largest square is cut out.
   *
   * @param padding what is shown beside the image
   * @return a new recipe
   */
  public Recipe pad(ItemResize.Padding padding) {
    return itemResize(ItemResize.pad(padding));
  }

  /**
   * How an image becomes square while it is loaded. Default: {@code new ItemResize()}, which cuts
   * out the largest square. What is padded or squished cannot be kept by {@link #cache()}.
   *
   * @param itemResize a way to resize
   * @return a new recipe
   */
  public Recipe itemResize(ItemResize itemResize) {
    Objects.requireNonNull(itemResize, "itemResize");
    return with(changed -> changed.itemResize = itemResize);
  }

  /**
   * The side of the square images that are loaded in training, before they are cropped to the size
   * of the stage. Default: just large enough that no crop is enlarged, 148 for 128 and 259 for 224.
   *
   * @param size the side in pixels, no smaller than any stage's
   * @return a new recipe
   * @throws IllegalArgumentException when the size is below 16
   */
  public Recipe presize(int size) {
    Check.atLeast("presize", "size", size, StageSpec.SMALLEST);
    return with(changed -> changed.presize = size);
  }

  /**
   * fastai's RandomResizedCrop: a random part of each image, of ratio 3/4 to 4/3. Default without
   * it: {@link RandomResizedCrop#presized()}.
   *
   * @param minScale the smallest area, above 0 and at most 1
   * @return a new recipe
   * @throws IllegalArgumentException when it is outside its range
   */
  public Recipe randomResizedCrop(double minScale) {
    return randomResizedCrop(RandomResizedCrop.from(minScale));
  }

  /**
   * Which random part of each image is shown in training. Default: {@link
   * RandomResizedCrop#presized()}.
   *
   * @param crop areas and ratios
   * @return a new recipe
   */
  public Recipe randomResizedCrop(RandomResizedCrop crop) {
    Objects.requireNonNull(crop, "crop");
    return with(changed -> changed.crop = crop);
  }

  /**
   * Mirrors training images left to right. Default: 0.5.
   *
   * @param probability from 0 to 1
   * @return a new recipe
   * @throws IllegalArgumentException when it is not between 0 and 1
   */
  public Recipe flip(double probability) {
    Flip flip = new Flip(probability);
    return with(changed -> changed.flip = flip);
  }

  /**
   * Mirrors no image, for pictures in which left and right differ, such as digits.
   *
   * @return a new recipe
   */
  public Recipe noFlip() {
    return flip(0);
  }

  /**
   * Moves and lights training images as fastai's {@code aug_transforms} does, besides the crop and
   * the flip that every recipe has: {@link Augmentation#usual()}. Default: neither.
   *
   * @return a new recipe
   */
  public Recipe augment() {
    return augment(usual -> usual);
  }

  /**
   * Moves and lights training images as fastai's {@code aug_transforms} does, but for some of it.
   *
   * @param change for instance {@code a -> a.rotate(15).lighting(0.4)}
   * @return a new recipe
   */
  public Recipe augment(UnaryOperator<Augmentation> change) {
    return augmentation(said -> change.apply(said.usual()));
  }

  /**
   * Turns training images about their centre. Default: 0, and 10° with {@link #augment()}.
   *
   * @param maxDegrees the largest angle either way, from 0 to 180
   * @return a new recipe
   * @throws IllegalArgumentException when it is outside its range
   */
  public Recipe rotate(double maxDegrees) {
    return augmentation(said -> said.rotate(maxDegrees));
  }

  /**
   * Enlarges training images. Default: not at all, and from 1 to 1.1 with {@link #augment()}.
   *
   * @param min the smallest factor, from 0.1
   * @param max the largest factor, at most 10
   * @return a new recipe
   * @throws IllegalArgumentException when one is outside its range
   */
  public Recipe zoom(double min, double max) {
    return augmentation(said -> said.zoom(min, max));
  }

  /**
   * Shows training images in perspective. Default: 0, and 0.2 with {@link #augment()}.
   *
   * @param magnitude how far a corner moves, in halves of the side, from 0 to 0.4
   * @return a new recipe
   * @throws IllegalArgumentException when it is outside its range
   */
  public Recipe warp(double magnitude) {
    return augmentation(said -> said.warp(magnitude));
  }

  /**
   * Changes the brightness and contrast of training images. Default: 0, and 0.2 with {@link
   * #augment()}.
   *
   * @param maxChange how far, from 0 to 0.99
   * @return a new recipe
   * @throws IllegalArgumentException when it is outside its range
   */
  public Recipe lighting(double maxChange) {
    return augmentation(said -> said.lighting(maxChange));
  }

  /**
   * Turns and mirrors training images in the 8 ways of a square, for pictures without an up and
   * down. It replaces the flip, unless that is said too. Default: 0.
   *
   * @param probability from 0 to 1; 0.5 is usual
   * @return a new recipe
   * @throws IllegalArgumentException when it is outside its range
   */
  public Recipe dihedral(double probability) {
    return augmentation(said -> said.dihedral(probability));
  }

  /**
   * Moves the pixels of training images in any other way, for instance {@code new Shear(10)}.
   *
   * @param technique takes the place of another one of its class
   * @return a new recipe
   */
  public Recipe geometry(Geometry technique) {
    Objects.requireNonNull(technique, "technique");
    return augmentation(said -> said.geometry(technique));
  }

  /**
   * Changes light or colours of training images in any other way, for instance {@code new
   * Hue(0.1)}.
   *
   * @param technique takes the place of another one of its class
   * @return a new recipe
   */
  public Recipe lighting(Lighting technique) {
    Objects.requireNonNull(technique, "technique");
    return augmentation(said -> said.lighting(technique));
  }

  /**
   * Does two operations of magnitude 9, drawn from 14, to every training image: {@link
   * RandAugment}. Default: none.
   *
   * @return a new recipe
   */
  public Recipe randAugment() {
    return policy(new RandAugment());
  }

  /**
   * Does operations drawn from 14 to every training image: {@link RandAugment}. Default: none.
   *
   * @param numOps operations for each image, from 1 to 10; 2 is usual
   * @param magnitude how strong they are, from 0 to 30; 9 is usual
   * @return a new recipe
   * @throws IllegalArgumentException when one is outside its range
   */
  public Recipe randAugment(int numOps, int magnitude) {
    return policy(new RandAugment(numOps, magnitude));
  }

  /**
   * Does one operation of any strength, drawn from 14, to every training image: {@link
   * TrivialAugment}. Default: none.
   *
   * @return a new recipe
   */
  public Recipe trivialAugment() {
    return policy(new TrivialAugment());
  }

  /**
   * Does one of the 25 pairs of operations that were learned for ImageNet to every training image:
   * {@link AutoAugment}. Default: none.
   *
   * @return a new recipe
   */
  public Recipe autoAugment() {
    return policy(new AutoAugment());
  }

  /**
   * Does operations to training images by a rule of your own, after {@link #augment()} has moved
   * and before it lights them. Default: none.
   *
   * @param policy which operations an image gets; takes the place of any other policy
   * @return a new recipe
   */
  public Recipe policy(Policy policy) {
    Objects.requireNonNull(policy, "policy");
    return with(changed -> changed.policy = policy);
  }

  /**
   * Blurs every second training image: {@link GaussianBlur}, from 0.1 pixels. Default: none.
   *
   * @param maxSigma the largest standard deviation in pixels, from 0.1 to 5; 2 is usual
   * @return a new recipe
   * @throws IllegalArgumentException when it is outside its range
   */
  public Recipe gaussianBlur(double maxSigma) {
    return lighting(new GaussianBlur(maxSigma));
  }

  /**
   * Covers a rectangle of training images with noise: {@link RandomErasing}. Default: 0.
   *
   * @param probability from 0 to 1; 0.25 to 0.5 is usual
   * @return a new recipe
   * @throws IllegalArgumentException when it is outside its range
   */
  public Recipe erase(double probability) {
    return erase(new RandomErasing(probability));
  }

  /**
   * Covers a square of half the side of training images with their mean: {@link CutOut}. It takes
   * the place of {@link #erase}. Default: none.
   *
   * @return a new recipe
   */
  public Recipe cutout() {
    return erase(new CutOut());
  }

  /**
   * Covers a square of training images with their mean: {@link CutOut}. It takes the place of
   * {@link #erase}. Default: none.
   *
   * @param share the side of the square as a share of the image's, from 0 to 1; 0.5 is usual
   * @return a new recipe
   * @throws IllegalArgumentException when it is outside its range
   */
  public Recipe cutout(double share) {
    return erase(new CutOut(share));
  }

  /**
   * Covers a part of training images. Default: none.
   *
   * @param erasing how large a part, and with what; {@link RandomErasing}, {@link CutOut} or one of
   *     your own
   * @return a new recipe
   */
  public Recipe erase(Erasing erasing) {
    Objects.requireNonNull(erasing, "erasing");
    return with(changed -> changed.erasing = erasing);
  }

  /**
   * The statistics that images are normalised with. Default: ImageNet's for colour; measured from
   * the training images otherwise.
   *
   * @param statistics mean and standard deviation of each channel
   * @return a new recipe
   */
  public Recipe normalize(Normalize statistics) {
    Objects.requireNonNull(statistics, "statistics");
    return with(
        changed -> {
          changed.normalize = statistics;
          changed.normalizeFromData = null;
        });
  }

  /**
   * Measures the statistics that images are normalised with from the training images.
   *
   * @return a new recipe
   */
  public Recipe normalizeFromData() {
    return with(
        changed -> {
          changed.normalize = null;
          changed.normalizeFromData = true;
        });
  }

  /**
   * Mixes each image with another of its batch: {@link MixUp} with alpha 0.4. Default: no mixing.
   *
   * @return a new recipe
   */
  public Recipe mixup() {
    return mixing(new MixUp());
  }

  /**
   * Mixes each image with another of its batch: {@link MixUp}. Default: no mixing.
   *
   * @param alpha how strongly, above 0 and at most 100
   * @return a new recipe
   * @throws IllegalArgumentException when it is outside its range
   */
  public Recipe mixup(double alpha) {
    return mixing(new MixUp(alpha));
  }

  /**
   * Replaces a box of each image by the same box of another of its batch: {@link CutMix} with alpha
   * 1. Default: no mixing.
   *
   * @return a new recipe
   */
  public Recipe cutmix() {
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
  public Recipe cutmix(double alpha) {
    return mixing(new CutMix(alpha));
  }

  /**
   * MixUp for half of the batches, drawn at random, and CutMix for the others: {@link
   * MixUpOrCutMix} with alphas 0.4 and 1. Default: no mixing.
   *
   * @return a new recipe
   */
  public Recipe mixupOrCutmix() {
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
  public Recipe mixupOrCutmix(double mixupAlpha, double cutmixAlpha, double odds) {
    return mixing(new MixUpOrCutMix(new MixUp(mixupAlpha), new CutMix(cutmixAlpha), odds));
  }

  /**
   * Mixes the images of a batch in a way of your own. Default: no mixing.
   *
   * @param mixing a mixing technique
   * @return a new recipe
   */
  public Recipe mixing(Mixing mixing) {
    Objects.requireNonNull(mixing, "mixing");
    return with(changed -> changed.mixing = mixing);
  }

  /**
   * Shows the model images as they are at the end of the run: nothing is mixed in the last epochs.
   * Default: 0, mixing to the end.
   *
   * @param epochs from 0 to the epochs of all stages, which is checked when the recipe is planned
   * @return a new recipe
   * @throws IllegalArgumentException when it is below 0
   */
  public Recipe mixOffForLast(int epochs) {
    Check.atLeast("mixOffForLast", "epochs", epochs, 0);
    return with(changed -> changed.mixOffForLast = epochs);
  }

  /**
   * Takes some of the target from the true class and spreads it over all: {@link LabelSmoothing}.
   * Default: 0, none.
   *
   * @param epsilon from 0 to below 1; 0.1 is usual
   * @return a new recipe
   * @throws IllegalArgumentException when it is outside its range
   */
  public Recipe labelSmoothing(double epsilon) {
    LabelSmoothing smoothing = new LabelSmoothing(epsilon);
    return with(changed -> changed.labelSmoothing = smoothing);
  }

  /**
   * What is minimised. Default: cross-entropy where every image has one class, binary cross-entropy
   * where it may have several, the mean squared error where it has numbers.
   *
   * @param loss a loss that understands the data's targets
   * @return a new recipe
   */
  public Recipe loss(Loss loss) {
    Objects.requireNonNull(loss, "loss");
    return with(changed -> changed.loss = loss);
  }

  /**
   * Lets every class count as much as any other in training, however few images it has: {@link
   * ClassWeights#balanced}.
   *
   * @return a new recipe
   */
  public Recipe classWeights() {
    ClassWeights weights = ClassWeights.balanced();
    return with(changed -> changed.classWeights = weights);
  }

  /**
   * How much an image of each class counts in training: {@link ClassWeights}.
   *
   * @param weights one above 0 for each class, in the order of the classes
   * @return a new recipe
   * @throws IllegalArgumentException when there are none, or one is not above 0
   */
  public Recipe classWeights(double... weights) {
    if (weights.length == 0) {
      return classWeights();
    }
    ClassWeights each = new ClassWeights(Arrays.stream(weights).boxed().toList());
    return with(changed -> changed.classWeights = each);
  }

  /**
   * Visits every class as often as any other in training: {@link Balanced}.
   *
   * @return a new recipe
   */
  public Recipe balanced() {
    return sampling(new Balanced());
  }

  /**
   * Visits every training image several times in a row, each time augmented anew: {@link Repeated}.
   *
   * @param times from 1 to 100; an epoch takes as many times as long
   * @return a new recipe
   * @throws IllegalArgumentException when it is outside its range
   */
  public Recipe repeat(int times) {
    return sampling(new Repeated(times));
  }

  /**
   * Which training images an epoch visits. Default: {@link Shuffled}, every image once.
   *
   * @param sampling the rule
   * @return a new recipe
   */
  public Recipe sampling(Sampling sampling) {
    Objects.requireNonNull(sampling, "sampling");
    return with(changed -> changed.sampling = sampling);
  }

  /**
   * How gradients move weights. Default: {@code new Adam()}.
   *
   * @param optimizer an optimizer
   * @return a new recipe
   */
  public Recipe optimizer(Optimizer optimizer) {
    Objects.requireNonNull(optimizer, "optimizer");
    return with(changed -> changed.optimizer = optimizer);
  }

  /**
   * The optimizer's weight decay, whichever optimizer it is. Default: the optimizer's own, 0.01 for
   * Adam.
   *
   * @param weightDecay from 0 to 1
   * @return a new recipe
   * @throws IllegalArgumentException when it is not between 0 and 1
   */
  public Recipe weightDecay(double weightDecay) {
    Check.range("weightDecay", "weight decay", weightDecay, 0, 1);
    return with(changed -> changed.weightDecay = weightDecay);
  }

  /**
   * Keeps the global norm of each step's gradients below a limit: {@link ClipNorm}.
   *
   * @param maxNorm above 0; 1 is usual
   * @return a new recipe
   * @throws IllegalArgumentException when it is not above 0
   */
  public Recipe clipGradients(double maxNorm) {
    return clipGradients(new ClipNorm(maxNorm));
  }

  /**
   * Keeps gradients from being too large. Default: they are taken as they are.
   *
   * @param clipping for instance {@code new AdaptiveClip()}
   * @return a new recipe
   */
  public Recipe clipGradients(Clipping clipping) {
    Objects.requireNonNull(clipping, "clipping");
    return with(changed -> changed.clipping = clipping);
  }

  /**
   * Averages the gradients of several batches for each optimizer step, as if the batch were so many
   * times as large, in the memory of one; only batch normalization still goes by each. Steps,
   * schedules and half-lives count optimizer steps; the last step of an epoch takes the batches
   * that are left.
   *
   * @param batches from 1, which is the default, to 10000
   * @return a new recipe
   * @throws IllegalArgumentException when it is outside its range
   */
  public Recipe accumulate(int batches) {
    Check.range("accumulate", "batches", batches, 1, 10_000);
    return with(changed -> changed.accumulate = batches);
  }

  /**
   * Whether batches may become smaller when memory runs out. Before the run's first step a batch of
   * the first and one of the largest stage is tried; if TensorFlow has no memory for it, the batch
   * size is halved, twice as many batches make a step as with {@link #accumulate}, and the run
   * begins again and says so. The step is then of as many images, but batch norms see fewer at
   * once. On a processor without GPU the system may end the process before TensorFlow notices.
   * Default: they may.
   *
   * <p>Where not even one image fits, a smaller size or model remains: activations are not computed
   * again on the way back (gradient checkpointing), since TensorFlow Java differentiates a graph as
   * a whole and has no operation that would compute a part of it twice.
   *
   * @param automatic false for a failure instead
   * @return a new recipe
   */
  public Recipe autoBatchSize(boolean automatic) {
    return with(changed -> changed.autoBatchSize = automatic);
  }

  /**
   * Judges a moving average of the weights beside them, with a half-life of 1000 optimizer steps:
   * {@link MovingAverage}.
   *
   * @return a new recipe
   */
  public Recipe ema() {
    return averaging(new MovingAverage());
  }

  /**
   * Judges a moving average of the weights beside them: {@link MovingAverage}.
   *
   * @param halfLife optimizer steps after which weights count half, above 0
   * @return a new recipe
   * @throws IllegalArgumentException when it is not above 0
   */
  public Recipe ema(double halfLife) {
    return averaging(new MovingAverage(halfLife));
  }

  /**
   * Judges the mean of the weights at the ends of the last quarter of the epochs beside them:
   * {@link StochasticAverage}.
   *
   * @return a new recipe
   */
  public Recipe swa() {
    return averaging(new StochasticAverage());
  }

  /**
   * Judges an average of the weights beside them. Test-time augmentation and the choice of the best
   * epoch go by the average. Default: none.
   *
   * @param averaging the average
   * @return a new recipe
   */
  public Recipe averaging(Averaging averaging) {
    Objects.requireNonNull(averaging, "averaging");
    return with(changed -> changed.averaging = averaging);
  }

  /**
   * How the learning rate and the momentum move within each stage. Default: {@link #oneCycle()}. A
   * stage may have another: {@code then(224, stage -> stage.schedule(new Cosine()))}.
   *
   * @param schedule a schedule
   * @return a new recipe
   */
  public Recipe schedule(Schedule schedule) {
    Objects.requireNonNull(schedule, "schedule");
    return with(changed -> changed.schedule = schedule);
  }

  /**
   * Up for a quarter of the steps and down for the rest, with the momentum against it: {@link
   * OneCycle}, the default.
   *
   * @return a new recipe
   */
  public Recipe oneCycle() {
    return schedule(new OneCycle());
  }

  /**
   * Flat for three quarters of the steps, then down along a cosine: {@link FlatCosine}. It goes
   * with {@code optimizer(new Ranger())}.
   *
   * @return a new recipe
   */
  public Recipe flatCosine() {
    return schedule(new FlatCosine());
  }

  /**
   * Down along a cosine, again and again: {@link WarmRestarts}. A stage that says no epochs has
   * those of all cycles; one that says others is refused when the recipe is planned.
   *
   * @param cycles at least 1
   * @param length the epochs of the first cycle, at least 1
   * @param multiplier how much longer each cycle is than the one before, from 1 to 100; 2 is usual
   * @return a new recipe
   * @throws IllegalArgumentException when a value is outside its range
   */
  public Recipe warmRestarts(int cycles, int length, int multiplier) {
    return schedule(new WarmRestarts(cycles, length, multiplier));
  }

  /**
   * Puts a warm-up in front of the schedule, whichever it is, within each stage: {@link WarmUp}.
   * Default: none.
   *
   * @param epochs at least 1, and fewer than the stage has
   * @return a new recipe
   * @throws IllegalArgumentException when it is below 1
   */
  public Recipe warmUp(int epochs) {
    Check.atLeast("warmUp", "epochs", epochs, 1);
    return with(
        changed -> {
          changed.warmUpEpochs = epochs;
          changed.warmUpShare = null;
        });
  }

  /**
   * Puts a warm-up in front of the schedule, whichever it is, within each stage: {@link WarmUp}.
   * Default: none.
   *
   * @param share of the stage's steps, above 0 and below 1
   * @return a new recipe
   * @throws IllegalArgumentException when it is outside its range
   */
  public Recipe warmUp(double share) {
    WarmUp.checkShare(share);
    return with(
        changed -> {
          changed.warmUpEpochs = null;
          changed.warmUpShare = share;
        });
  }

  /**
   * Runs the schedule once over all stages instead of once in each: the optimizer keeps its memory
   * from stage to stage, and a stage that says no learning rate has that of the first.
   *
   * @return a new recipe
   */
  public Recipe scheduleOverAll() {
    return with(changed -> changed.scheduleOverAll = true);
  }

  /**
   * Ends the run when it has stopped getting better: {@link EarlyStopping}. Default: all epochs.
   *
   * @param patience epochs in a row without a better score after which the run ends, at least 1
   * @return a new recipe
   * @throws IllegalArgumentException when it is outside its range
   */
  public Recipe earlyStopping(int patience) {
    return stopping(new EarlyStopping(patience));
  }

  /**
   * Ends the run after some time of training: {@link TimeLimit}. Default: all epochs, however long
   * they take.
   *
   * @param minutes of training, above 0
   * @return a new recipe
   * @throws IllegalArgumentException when it is outside its range
   */
  public Recipe timeLimit(double minutes) {
    return stopping(new TimeLimit(minutes));
  }

  /**
   * Adds a rule that may end the run before its last epoch, in place of one of the same kind. The
   * first rule that says so ends it.
   *
   * @param rule the rule
   * @return a new recipe
   */
  public Recipe stopping(Stopping rule) {
    Objects.requireNonNull(rule, "rule");
    List<Stopping> rules = new ArrayList<>();
    if (parts.stopping != null) {
      rules.addAll(parts.stopping);
    }
    rules.removeIf(said -> said.getClass() == rule.getClass());
    rules.add(rule);
    return with(changed -> changed.stopping = List.copyOf(rules));
  }

  /**
   * The numbers that convolutions are computed in. Default: {@link Precision#AUTO}, bfloat16 where
   * the processor computes with it and images are 32 px or larger, float32 elsewhere.
   *
   * @param precision the numbers
   * @return a new recipe
   */
  public Recipe precision(Precision precision) {
    Objects.requireNonNull(precision, "precision");
    return with(changed -> changed.precision = precision);
  }

  /**
   * How the loss is scaled while it is differentiated in {@link Precision#FLOAT16}. Default: {@code
   * new LossScale()}, PyTorch's rule.
   *
   * @param lossScale the first scale, and after how many steps it is doubled
   * @return a new recipe
   */
  public Recipe lossScale(LossScale lossScale) {
    Objects.requireNonNull(lossScale, "lossScale");
    return with(changed -> changed.lossScale = lossScale);
  }

  /**
   * Decodes each file once for a stage and not in every epoch, and keeps what the epochs need: in
   * memory if a quarter of the machine's is enough, else on disk. See {@link DecodedCache} for what
   * it changes. Default: files are decoded whenever they are needed.
   *
   * @return a new recipe
   */
  public Recipe cache() {
    return cache(DecodedCache.AUTO);
  }

  /**
   * Decodes each file once for a stage, and says where that is kept. Images that are in memory
   * already are not kept again.
   *
   * @param cache in memory, on disk, or nowhere
   * @return a new recipe
   */
  public Recipe cache(DecodedCache cache) {
    Objects.requireNonNull(cache, "cache");
    return with(changed -> changed.cache = cache);
  }

  /**
   * Judges augmented views of each image besides the plain one: {@link TestTimeAugmentation}.
   * Default: the plain one only.
   *
   * @param passes augmented views per image, from 1 to 1000
   * @return a new recipe
   * @throws IllegalArgumentException when it is outside its range
   */
  public Recipe tta(int passes) {
    return tta(new TestTimeAugmentation(passes));
  }

  /**
   * Judges other views of each image besides the plain one. Default: the plain one only.
   *
   * @param tta which views and how they are combined: for instance {@code new FlipView()}, {@code
   *     new FiveCrop()}, {@code new TenCrop()}, {@code new MultiScale()}, or a {@link
   *     TestTimeAugmentation} with a maximum
   * @return a new recipe
   */
  public Recipe tta(TestTimeViews tta) {
    Objects.requireNonNull(tta, "tta");
    return with(changed -> changed.tta = tta);
  }

  /**
   * Judges the model after training at another size too, and says whether it is better there. A
   * larger one often is, by one to two points for nothing but a costlier pass: 1.25 to 1.4 times
   * the last stage's size is worth a try. Default: the last stage's size only.
   *
   * @param size the side that the model sees, in pixels, at least 16
   * @return a new recipe
   * @throws IllegalArgumentException when it is below 16
   */
  public Recipe evaluateAt(int size) {
    Check.atLeast("evaluateAt", "size", size, 16);
    return with(changed -> changed.evaluateAt = size);
  }

  /**
   * Decides every random number of a run, from the split to the last crop. Default: 42.
   *
   * @param seed any number
   * @return a new recipe
   */
  public Recipe seed(long seed) {
    return with(changed -> changed.seed = seed);
  }

  /**
   * Decides what is left open, for some data. Images are not decoded, unless their statistics must
   * be measured.
   *
   * @param data where images come from
   * @return a plan with nothing left open
   * @throws IllegalArgumentException when the recipe does not fit the data, or the data is unusable
   */
  public Plan plan(DataSource data) {
    return Planner.plan(this, parts, load(data));
  }

  /**
   * Says what {@link #train} would do: stages, the way of an image and of a target, model, cost.
   *
   * @param data where images come from
   * @return several lines, the last one ended
   * @throws IllegalArgumentException when the recipe does not fit the data, or the data is unusable
   */
  public String explain(DataSource data) {
    Plan plan = plan(data);
    return this + "\n\n" + PlanText.of(plan, plan.decide());
  }

  /**
   * Draws the first training images as the model will see them, beside what was loaded, with the
   * labels that are learned for them: {@link #preview(DataSource, Path, PreviewStep)} of the first
   * step of the first stage, with 8 images.
   *
   * @param data where images come from
   * @param picture a file whose name ends in {@code .png}; replaced if it is there
   * @return what the picture shows, as values
   * @throws IllegalArgumentException when the recipe does not fit the data, the data is unusable or
   *     the picture cannot be written
   */
  @CanIgnoreReturnValue
  public Preview preview(DataSource data, Path picture) {
    return preview(data, picture, PreviewStep.first());
  }

  /**
   * Draws images of one training step as the model will see them, beside what was loaded, with the
   * labels that are learned for them.
   *
   * <p>They come from the graph that {@link #train} uses, with the random numbers of that step: it
   * is what will be trained on, not an example of it. Normalization is undone to show them. Cost:
   * one batch, which takes a second or two, and a pass over the training images where their
   * statistics must be measured.
   *
   * @param data where images come from
   * @param picture a file whose name ends in {@code .png}; replaced if it is there
   * @param step which step, and how many of its images
   * @return what the picture shows, as values
   * @throws IllegalArgumentException when the recipe does not fit the data, the data is unusable,
   *     the step is not in the run or the picture cannot be written
   */
  @CanIgnoreReturnValue
  public Preview preview(DataSource data, Path picture, PreviewStep step) {
    PreviewPicture.requirePng(picture);
    ImageData images = load(data);
    Preview preview = Preview.of(Planner.plan(this, parts, images), images, step);
    PreviewPicture.write(toString(), preview, picture);
    return preview;
  }

  /**
   * Finds a learning rate for the first stage, and prints it with what else the curve suggests:
   * {@link LearningRateFinder} with its defaults.
   *
   * <p>Cost: up to 100 training steps, less than an epoch of all but small data. Nothing is kept,
   * and a later run is what it would have been.
   *
   * @param data where images come from
   * @return the curve and what it suggests
   * @throws IllegalArgumentException when the recipe does not fit the data, or the data is unusable
   */
  @CanIgnoreReturnValue
  public LearningRates findLearningRate(DataSource data) {
    return findLearningRate(data, new LearningRateFinder(), new EpochLines(System.out));
  }

  /**
   * Finds a learning rate.
   *
   * @param data where images come from
   * @param finder for which stage, between which rates, in how many steps
   * @param listener hears how it proceeds
   * @return the curve and what it suggests
   * @throws IllegalArgumentException when the recipe does not fit the data or has no such stage, or
   *     the data is unusable
   */
  @CanIgnoreReturnValue
  public LearningRates findLearningRate(
      DataSource data, LearningRateFinder finder, TrainingListener listener) {
    ImageData images = load(data);
    return finder.find(Planner.plan(this, parts, images), images, listener);
  }

  /**
   * Trains, with a line on standard output for each epoch, into a new folder below {@code runs}.
   *
   * @param data where images come from
   * @return the finished run, or a stopped one that can be resumed
   * @throws IllegalArgumentException when the recipe does not fit the data, or the data is unusable
   */
  @CanIgnoreReturnValue
  public Run train(DataSource data) {
    return train(data, Path.of("runs", SECOND.format(LocalDateTime.now()) + "-" + hash()));
  }

  /**
   * Trains, with a line on standard output for each epoch.
   *
   * @param data where images come from
   * @param runDirectory where the run is written; made if missing; must not hold another run
   * @return the finished run, or a stopped one that can be resumed
   * @throws IllegalArgumentException when the recipe does not fit the data, the data is unusable or
   *     the directory holds another run
   */
  @CanIgnoreReturnValue
  public Run train(DataSource data, Path runDirectory) {
    return train(data, runDirectory, new EpochLines(System.out));
  }

  /**
   * Trains.
   *
   * @param data where images come from
   * @param runDirectory where the run is written; made if missing; must not hold another run
   * @param listeners hear how it proceeds, in their order
   * @return the finished run, or a stopped one that can be resumed
   * @throws IllegalArgumentException when the recipe does not fit the data, the data is unusable or
   *     the directory holds another run
   */
  @CanIgnoreReturnValue
  public Run train(DataSource data, Path runDirectory, TrainingListener... listeners) {
    return train(data, runDirectory, TrainingOptions.usual(), listeners);
  }

  /**
   * Trains, with more to say of what the run leaves behind.
   *
   * @param data where images come from
   * @param runDirectory where the run is written; made if missing; must not hold another run
   * @param options checkpoints within epochs, how many epochs are kept, files for TensorBoard
   * @param listeners hear how it proceeds, in their order; none for silence
   * @return the finished run, or a stopped one that can be resumed
   * @throws IllegalArgumentException when the recipe does not fit the data, the data is unusable or
   *     the directory holds another run
   */
  @CanIgnoreReturnValue
  public Run train(
      DataSource data, Path runDirectory, TrainingOptions options, TrainingListener... listeners) {
    ImageData images = load(data);
    Plan plan = Planner.plan(this, parts, images);
    return Trainer.train(plan, images, runDirectory, options, listeners);
  }

  /**
   * Goes on with a run that was stopped, exactly where it was.
   *
   * @param runDirectory the run's directory
   * @return the finished run, or a stopped one that can be resumed
   * @throws IllegalArgumentException when there is no run in the directory
   */
  @CanIgnoreReturnValue
  public static Run resume(Path runDirectory) {
    return resume(runDirectory, TrainingOptions.usual(), new EpochLines(System.out));
  }

  /**
   * Goes on with a run that was stopped, with more to say of what it leaves behind.
   *
   * @param runDirectory the run's directory
   * @param options checkpoints within epochs, how many epochs are kept, files for TensorBoard
   * @param listeners hear how it proceeds, in their order; none for silence
   * @return the finished run, or a stopped one that can be resumed
   * @throws IllegalArgumentException when there is no run in the directory
   */
  @CanIgnoreReturnValue
  public static Run resume(
      Path runDirectory, TrainingOptions options, TrainingListener... listeners) {
    return Trainer.resume(runDirectory, null, options, listeners);
  }

  /**
   * Trains this recipe with its techniques added one at a time, with three seeds, and prints what
   * each was worth: {@link Ablation#adding()}, into a folder below {@code ablations}.
   *
   * @param data where images come from
   * @return the ledger; with fewer outcomes if it was asked to stop
   * @throws IllegalArgumentException as {@link #ablate(DataSource, Ablation, Path,
   *     AblationListener)} does
   */
  @CanIgnoreReturnValue
  public Ledger ablate(DataSource data) {
    Ablation ablation = Ablation.adding();
    Path directory = ablation.directory(hash(), data);
    return ablate(data, ablation, directory, new AblationLines(System.out));
  }

  /**
   * Trains this recipe with and without its techniques, to learn what each is worth.
   *
   * <p>Cost: a run for each variant and seed; {@link #explain(DataSource, Ablation)} tells of them.
   * Stopped, it is gone on with by the same call: finished runs are kept, and the one that was
   * stopped is resumed.
   *
   * @param data where images come from
   * @param ablation how the recipe is taken apart
   * @param directory where runs and ledger are written; made if missing
   * @param listener hears how it proceeds
   * @return the ledger; with fewer outcomes if it was asked to stop
   * @throws IllegalArgumentException when the recipe says no technique or a variant of it does not
   *     fit the data, the data is unusable or the directory holds other runs
   */
  @CanIgnoreReturnValue
  public Ledger ablate(
      DataSource data, Ablation ablation, Path directory, AblationListener listener) {
    Variants variants = Variants.of(this, ablation, load(data));
    Training training = Training.on(data);
    return new AblationRuns(this, ablation, variants, directory, training, listener).carryOut();
  }

  /**
   * Says what {@link #ablate} would train, and what each variant costs beside the first.
   *
   * @param data where images come from
   * @param ablation how the recipe is taken apart
   * @return several lines, the last one ended
   * @throws IllegalArgumentException when the recipe says no technique, or a variant of it does not
   *     fit the data
   */
  public String explain(DataSource data, Ablation ablation) {
    return Variants.of(this, ablation, load(data)).describe(this);
  }

  /**
   * Writes a run as one page for people, {@code report.html} in its directory: {@link #report(Path,
   * Path, DataSource, TrainingListener)} with its own images.
   *
   * @param runDirectory the run's directory; the run may have been stopped or still go on
   * @return the file
   * @throws IllegalArgumentException when there is no run in the directory
   */
  @CanIgnoreReturnValue
  public static Path report(Path runDirectory) {
    Path file = runDirectory.resolve("report.html");
    report(runDirectory, file, null, new TrainingListener() {});
    return file;
  }

  /**
   * Writes a run as one page for people, {@code report.html} in its directory: {@link #report(Path,
   * Path, DataSource, TrainingListener)} with the images that it was trained on, which may be in
   * memory.
   *
   * @param run what {@code train} gave
   * @return the file
   * @throws IllegalArgumentException when its directory is gone
   */
  @CanIgnoreReturnValue
  public static Path report(Run run) {
    Path file = run.directory().resolve("report.html");
    report(run.directory(), file, run.plan().data().source(), new TrainingListener() {});
    return file;
  }

  /**
   * Writes a run as one page for people: recipe, curves, images as the model saw them, confusion,
   * highest losses with Grad-CAM, calibration, times, and how to do it again. The page is one file
   * that loads nothing.
   *
   * <p>Where the images cannot be found any more, the page says so and has the rest. Cost: a
   * forward pass for each validation image, and some seconds.
   *
   * @param runDirectory the run's directory; the run may have been stopped or still go on
   * @param file to write; replaced if it is there
   * @param data where the run's images are now; null for where they were
   * @param listener hears how it proceeds
   * @throws IllegalArgumentException when there is no run in the directory, or the file cannot be
   *     written
   */
  public static void report(
      Path runDirectory, Path file, @Nullable DataSource data, TrainingListener listener) {
    Report.write(runDirectory, recipeOf(runDirectory).toString(), data, file, listener);
  }

  /**
   * Looks at what the model of a run does well and badly on the run's validation images: confusion,
   * most confused pairs, highest losses, calibration. Cost: a forward pass for each image.
   *
   * @param runDirectory the run's directory
   * @return what was found; pictures are loaded when they are asked for
   * @throws IllegalArgumentException when there is no run in the directory, or its images are gone
   */
  public static Interpretation interpret(Path runDirectory) {
    return interpret(runDirectory, null);
  }

  /**
   * The same with other images, or with the run's own where they are now.
   *
   * @param runDirectory the run's directory
   * @param data whose validation images are judged; null for the run's own, where they were
   * @return what was found; pictures are loaded when they are asked for
   * @throws IllegalArgumentException when there is no run in the directory, its images are gone, or
   *     the others are of other classes
   */
  public static Interpretation interpret(Path runDirectory, @Nullable DataSource data) {
    try (TrainedModel model = TrainedModel.open(runDirectory)) {
      ImageData images = data == null ? model.data() : model.data(data);
      return Interpretation.of(model, images.valid(), new TrainingListener() {});
    }
  }

  private static Recipe recipeOf(Path runDirectory) {
    try (TrainedModel model = TrainedModel.open(runDirectory)) {
      return fromJson(model.plan().recipe());
    }
  }

  /**
   * What differs between the recipe of a run and this one.
   *
   * @param runDirectory the run's directory
   * @return for instance {@code "mixing: alpha 0.4 there, 0.2 here"}; empty if they are equal
   * @throws IllegalArgumentException when there is no run in the directory
   */
  public List<String> differencesFrom(Path runDirectory) {
    return Trainer.differences(runDirectory, toJson());
  }

  /**
   * The recipe in JSON: only what was said, in alphabetical order, on one line.
   *
   * @return what {@link #fromJson} reads
   */
  public String toJson() {
    return TechniqueJson.write(this);
  }

  /**
   * Reads what {@link #toJson} wrote.
   *
   * @param json the text
   * @return an equal recipe
   * @throws IllegalArgumentException when the text is no recipe, or a value is outside its range
   */
  public static Recipe fromJson(String json) {
    return TechniqueJson.read(json, Recipe.class);
  }

  /**
   * A short name for what this recipe says: equal recipes have equal hashes, in every language and
   * process.
   *
   * @return the first 12 hexadecimal digits of the SHA-256 of {@link #toJson}
   */
  public String hash() {
    try {
      byte[] json = toJson().getBytes(StandardCharsets.UTF_8);
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(json);
      return HexFormat.of().formatHex(digest).substring(0, HASH_DIGITS);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  private ImageData load(DataSource data) {
    return data.load(Planner.seed(parts));
  }

  private Recipe latest(UnaryOperator<StageSpec> change) {
    List<StageSpec> stages = new ArrayList<>(parts.stages);
    int last = stages.size() - 1;
    stages.set(last, change.apply(stages.get(last)));
    return with(changed -> changed.stages = stages);
  }

  private Recipe augmentation(UnaryOperator<Augmentation> change) {
    Augmentation said = parts.augmentation == null ? Augmentation.none() : parts.augmentation;
    Augmentation changed = change.apply(said);
    return with(parts -> parts.augmentation = changed);
  }

  private Recipe with(Consumer<RecipeParts> change) {
    RecipeParts changed = parts.copy();
    change.accept(changed);
    return new Recipe(changed);
  }

  @JsonValue
  RecipeParts parts() {
    return parts;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Recipe recipe && parts.equals(recipe.parts);
  }

  @Override
  public int hashCode() {
    return parts.hashCode();
  }

  /**
   * The sentence itself, in one order and without what was left unsaid.
   *
   * @return for instance {@code resize(128).then(224).mixup().labelSmoothing(0.1).tta(4)}
   */
  @Override
  public String toString() {
    return Sentence.of(parts);
  }
}
