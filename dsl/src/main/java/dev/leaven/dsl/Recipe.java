package dev.leaven.dsl;

import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import com.fasterxml.jackson.databind.annotation.JsonSerialize;
import dev.leaven.dsl.ablate.Ablation;
import dev.leaven.dsl.ablate.AblationLines;
import dev.leaven.dsl.ablate.AblationListener;
import dev.leaven.dsl.ablate.Ledger;
import dev.leaven.runtime.Check;
import dev.leaven.runtime.TechniqueJson;
import dev.leaven.runtime.data.DataSource;
import dev.leaven.runtime.data.ImageData;
import dev.leaven.runtime.internal.plan.PlanText;
import dev.leaven.runtime.plan.Plan;
import dev.leaven.runtime.report.PreviewPicture;
import dev.leaven.runtime.run.LearningRates;
import dev.leaven.runtime.run.TrainingListener;
import dev.leaven.runtime.run.TrainingOptions;
import dev.leaven.runtime.train.LearningRateFinder;
import dev.leaven.runtime.train.Preview;
import dev.leaven.runtime.train.PreviewStep;
import dev.leaven.runtime.train.Trainer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * How to train an image classifier, as one chain of method calls.
 *
 * <pre>{@code
 * Recipe recipe = resize(128).then(224).mixup().labelSmoothing(0.1).tta(4);
 * Run run = recipe.train(ImageFolder.of(Path.of("imagenette2-160")));
 * }</pre>
 *
 * <p>A recipe is an immutable value and safe to share: every method returns a new one. {@link
 * #resize} begins it and {@link #then} adds a stage of progressive resizing; {@link #epochs},
 * {@link #batchSize} and {@link #learningRate} apply to the latest stage. All other methods apply
 * to the whole run, in any order; the last call wins. {@link #plan} chooses for the data whatever
 * the recipe leaves open; {@link #explain} shows the result before training.
 *
 * <p>A method that is given a value outside its range throws an {@link IllegalArgumentException}
 * that names the parameter, the value and the range.
 */
@CheckReturnValue
@JsonSerialize(using = RecipeJson.Writer.class)
@JsonDeserialize(using = RecipeJson.Reader.class)
public final class Recipe implements RecipeWords<Recipe>, StageWords<Recipe> {

  private static final DateTimeFormatter SECOND = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss");
  private static final int HASH_DIGITS = 12;

  private final List<StageSpec> stages;
  private final Map<Part<?>, Object> parts;

  Recipe(List<StageSpec> stages, Map<Part<?>, Object> parts) {
    if (stages.isEmpty()) { // a JSON text may lack them
      throw new IllegalArgumentException("a recipe needs at least one stage");
    }
    this.stages = List.copyOf(stages);
    this.parts = Map.copyOf(parts);
  }

  /**
   * Begins a recipe: a first stage on square images of this size.
   *
   * @param size the height and width in pixels, at least 16
   * @return a recipe of one stage
   * @throws IllegalArgumentException when the size is below 16
   */
  public static Recipe resize(int size) {
    return resize(size, stage -> stage);
  }

  /**
   * Begins a recipe with options for its first stage.
   *
   * @param size the height and width in pixels, at least 16
   * @param more for instance {@code stage -> stage.epochs(5).learningRate(1e-3)}
   * @return a recipe of one stage
   * @throws IllegalArgumentException when the size is below 16
   */
  public static Recipe resize(int size, UnaryOperator<StageSpec> more) {
    return new Recipe(List.of(more.apply(new StageSpec(size))), Map.of());
  }

  /**
   * Adds a stage on images of another size. It continues with the weights of the previous stage.
   *
   * @param size the height and width in pixels, at least 16
   * @return a new recipe
   * @throws IllegalArgumentException when the size is below 16
   */
  public Recipe then(int size) {
    return then(size, stage -> stage);
  }

  /**
   * Adds a stage with options.
   *
   * @param size the height and width in pixels, at least 16
   * @param more for instance {@code stage -> stage.epochs(5).learningRate(1e-3)}
   * @return a new recipe
   * @throws IllegalArgumentException when the size is below 16
   */
  public Recipe then(int size, UnaryOperator<StageSpec> more) {
    Check.atLeast("then", "size", size, StageSpec.SMALLEST);
    List<StageSpec> longer = new ArrayList<>(stages);
    longer.add(more.apply(new StageSpec(size)));
    return with(longer);
  }

  /**
   * Augments training images as fastai's {@code aug_transforms} does, with some changes.
   *
   * @param change for instance {@code a -> a.rotate(15).lighting(0.4)}
   * @return a new recipe
   */
  public Recipe augment(UnaryOperator<Augmentation> change) {
    return augmentation(usual -> change.apply(usual.usual()));
  }

  /**
   * Chooses for the given data whatever the recipe leaves open. Images are not decoded, unless
   * their statistics must be measured.
   *
   * @param data where images come from
   * @return a plan with nothing left open
   * @throws IllegalArgumentException when the recipe does not fit the data, or the data is unusable
   */
  public Plan plan(DataSource data) {
    return Planner.plan(this, load(data));
  }

  /**
   * Describes what {@link #train} would do: stages, the processing of an image and of a target,
   * model, cost.
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
   * Draws the first training images as the model will see them, next to the loaded images, with the
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
   * Draws images of one training step as the model will see them, next to the loaded images, with
   * the labels that are learned for them.
   *
   * <p>They come from the graph that {@link #train} uses, with the random numbers of that step:
   * they are exactly what will be trained on, not an example. Normalization is undone to show them.
   * Cost: one batch, which takes a second or two, and a pass over the training images where their
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
    Preview preview = Preview.of(Planner.plan(this, images), images, step);
    PreviewPicture.write(toString(), preview, picture);
    return preview;
  }

  /**
   * Finds a learning rate for the first stage, and prints it with the other suggestions from the
   * curve: {@link LearningRateFinder} with its defaults.
   *
   * <p>Cost: up to 100 training steps, less than an epoch of all but small data. Nothing is kept,
   * and a later run is not affected.
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
   * @param listener is notified of progress
   * @return the curve and what it suggests
   * @throws IllegalArgumentException when the recipe does not fit the data or has no such stage, or
   *     the data is unusable
   */
  @CanIgnoreReturnValue
  public LearningRates findLearningRate(
      DataSource data, LearningRateFinder finder, TrainingListener listener) {
    ImageData images = load(data);
    return finder.find(Planner.plan(this, images), images, listener);
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
   * @param listeners are notified of progress, in their order
   * @return the finished run, or a stopped one that can be resumed
   * @throws IllegalArgumentException when the recipe does not fit the data, the data is unusable or
   *     the directory holds another run
   */
  @CanIgnoreReturnValue
  public Run train(DataSource data, Path runDirectory, TrainingListener... listeners) {
    return train(data, runDirectory, TrainingOptions.usual(), listeners);
  }

  /**
   * Trains, with options for the files that the run writes.
   *
   * @param data where images come from
   * @param runDirectory where the run is written; made if missing; must not hold another run
   * @param options checkpoints within epochs, how many epochs are kept, files for TensorBoard
   * @param listeners are notified of progress, in their order; none for no output
   * @return the finished run, or a stopped one that can be resumed
   * @throws IllegalArgumentException when the recipe does not fit the data, the data is unusable or
   *     the directory holds another run
   */
  @CanIgnoreReturnValue
  public Run train(
      DataSource data, Path runDirectory, TrainingOptions options, TrainingListener... listeners) {
    ImageData images = load(data);
    Plan plan = Planner.plan(this, images);
    return Run.of(Trainer.train(plan, images, runDirectory, options, listeners));
  }

  /**
   * Trains this recipe with its techniques added one at a time, with three seeds, and prints the
   * gain of each: {@link Ablation#adding()}, into a folder below {@code ablations}.
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
   * Trains this recipe with and without its techniques, to measure the gain of each.
   *
   * <p>Cost: a run for each variant and seed; {@link #explain(DataSource, Ablation)} lists them.
   * The same call continues a stopped ablation: it keeps finished runs and resumes the one that was
   * stopped.
   *
   * @param data where images come from
   * @param ablation the settings of the ablation
   * @param directory where runs and ledger are written; made if missing
   * @param listener is notified of progress
   * @return the ledger; with fewer outcomes if it was asked to stop
   * @throws IllegalArgumentException when the recipe has no technique, a variant of it does not fit
   *     the data, the data is unusable or the directory holds other runs
   */
  @CanIgnoreReturnValue
  public Ledger ablate(
      DataSource data, Ablation ablation, Path directory, AblationListener listener) {
    Variants variants = Variants.of(this, ablation, load(data));
    Training training = Training.on(data);
    return new AblationRuns(this, ablation, variants, directory, training, listener).carryOut();
  }

  /**
   * Describes what {@link #ablate} would train, and the cost of each variant relative to the first.
   *
   * @param data where images come from
   * @param ablation the settings of the ablation
   * @return several lines, the last one ended
   * @throws IllegalArgumentException when the recipe has no technique, or a variant of it does not
   *     fit the data
   */
  public String explain(DataSource data, Ablation ablation) {
    return Variants.of(this, ablation, load(data)).describe(this);
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
   * The recipe in JSON: only the values that were set, in alphabetical order, on one line.
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
   * A short name for the settings of this recipe: equal recipes have equal hashes, in every
   * language and process.
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
    return data.load(Planner.seed(this));
  }

  List<StageSpec> stages() {
    return stages;
  }

  /** The value of a part; null if the recipe leaves it to the planner. */
  @SuppressWarnings("unchecked") // with() puts only values of the part's type
  <T> @Nullable T get(Part<T> part) {
    return (T) parts.get(part);
  }

  <T> Optional<T> find(Part<T> part) {
    return Optional.ofNullable(get(part));
  }

  Recipe with(List<StageSpec> others) {
    return new Recipe(others, parts);
  }

  <T> Recipe with(Part<T> part, T value) {
    Map<Part<?>, Object> changed = new HashMap<>(parts);
    changed.put(part, Objects.requireNonNull(value, part.key()));
    return new Recipe(stages, changed);
  }

  Recipe without(Part<?>... removed) {
    Map<Part<?>, Object> changed = new HashMap<>(parts);
    changed.keySet().removeAll(List.of(removed));
    return new Recipe(stages, changed);
  }

  @Override
  public Recipe with(UnaryOperator<Recipe> change) {
    return change.apply(this);
  }

  @Override
  public Recipe stage(UnaryOperator<StageSpec> change) {
    List<StageSpec> changed = new ArrayList<>(stages);
    int last = stages.size() - 1;
    changed.set(last, change.apply(stages.get(last)));
    return with(changed);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Recipe recipe
        && stages.equals(recipe.stages)
        && parts.equals(recipe.parts);
  }

  @Override
  public int hashCode() {
    return Objects.hash(stages, parts);
  }

  /**
   * The recipe in Java: its words in one order, without what is left to the planner.
   *
   * @return for instance {@code resize(128).then(224).mixup().labelSmoothing(0.1).tta(4)}
   */
  @Override
  public String toString() {
    return RecipePrinter.print(this);
  }
}
