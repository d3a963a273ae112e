package dev.leaven.dsl;

import dev.leaven.runtime.Task;
import dev.leaven.runtime.data.ChannelStatistics;
import dev.leaven.runtime.data.DecodedCache;
import dev.leaven.runtime.data.ImageData;
import dev.leaven.runtime.data.Sampling;
import dev.leaven.runtime.data.Shuffled;
import dev.leaven.runtime.data.Targets;
import dev.leaven.runtime.graph.Precision;
import dev.leaven.runtime.internal.pipeline.DecodedFormat;
import dev.leaven.runtime.loss.BinaryCrossEntropy;
import dev.leaven.runtime.loss.ClassWeights;
import dev.leaven.runtime.loss.LabelSmoothing;
import dev.leaven.runtime.loss.Loss;
import dev.leaven.runtime.loss.MeanSquaredError;
import dev.leaven.runtime.loss.SoftTargetCrossEntropy;
import dev.leaven.runtime.loss.TargetScale;
import dev.leaven.runtime.machine.Machine;
import dev.leaven.runtime.machine.Workload;
import dev.leaven.runtime.models.Architecture;
import dev.leaven.runtime.models.XResNet;
import dev.leaven.runtime.optimize.Adam;
import dev.leaven.runtime.optimize.GroupRates;
import dev.leaven.runtime.optimize.LossScale;
import dev.leaven.runtime.optimize.Optimizer;
import dev.leaven.runtime.plan.CoursePlan;
import dev.leaven.runtime.plan.DataPlan;
import dev.leaven.runtime.plan.EvaluationPlan;
import dev.leaven.runtime.plan.ImagePlan;
import dev.leaven.runtime.plan.ModelPlan;
import dev.leaven.runtime.plan.Plan;
import dev.leaven.runtime.plan.Stage;
import dev.leaven.runtime.plan.StepPlan;
import dev.leaven.runtime.plan.TargetPlan;
import dev.leaven.runtime.transform.Dihedral;
import dev.leaven.runtime.transform.Flip;
import dev.leaven.runtime.transform.Geometry;
import dev.leaven.runtime.transform.ItemResize;
import dev.leaven.runtime.transform.Lighting;
import dev.leaven.runtime.transform.Normalize;
import dev.leaven.runtime.transform.RandomResizedCrop;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Chooses everything that a recipe leaves open, for one data set. The defaults are here and in
 * {@link StageSchedule}.
 */
final class Planner {

  static final int BATCH_SIZE = 64;
  static final long SEED = 42;

  private final Recipe recipe;
  private final ImageData data;
  private final RandomResizedCrop crop;
  private final Sampling sampling;
  private final StageSchedule schedule;
  private final Precision precision;

  private Planner(Recipe recipe, ImageData data) {
    this.recipe = recipe;
    this.data = data;
    this.crop = or(Part.CROP, RandomResizedCrop.presized());
    this.sampling = or(Part.SAMPLING, new Shuffled());
    this.schedule = new StageSchedule(recipe);
    sampling.check(data.train().targets());
    this.precision = decided();
  }

  static long seed(Recipe recipe) {
    return recipe.find(Part.SEED).orElse(SEED);
  }

  static Plan plan(Recipe recipe, ImageData data) {
    Planner planner = new Planner(recipe, data);
    return new Plan(
        recipe.toJson(),
        recipe.hash(),
        planner.data(),
        new ModelPlan(planner.model(), planner.pretrained(), planner.normalize()),
        planner.image(),
        planner.target(),
        planner.step(),
        planner.course(),
        new EvaluationPlan(recipe.find(Part.TTA), recipe.find(Part.EVALUATE_AT)),
        seed(recipe));
  }

  private DataPlan data() {
    return new DataPlan(
        data.source(),
        data.task(),
        data.classNames(),
        data.channels(),
        data.train().size(),
        data.valid().size(),
        sampling,
        cache());
  }

  private ImagePlan image() {
    return new ImagePlan(
        or(Part.ITEM_RESIZE, new ItemResize()),
        geometry(),
        recipe.find(Part.POLICY),
        lighting(),
        recipe.find(Part.ERASING).filter(erasing -> !erasing.isNeutral()));
  }

  private TargetPlan target() {
    return new TargetPlan(
        recipe.find(Part.MIXING),
        or(Part.MIX_OFF_FOR_LAST, 0),
        or(Part.LABEL_SMOOTHING, new LabelSmoothing(0)),
        targetScale(),
        classWeights(),
        loss());
  }

  private StepPlan step() {
    return new StepPlan(
        optimizer(),
        recipe.find(Part.CLIPPING),
        recipe.find(Part.AVERAGING),
        requested(),
        precision,
        lossScale());
  }

  private CoursePlan course() {
    return new CoursePlan(
        stages(), schedule.overAll(), or(Part.AUTO_BATCH_SIZE, true), or(Part.STOPPING, List.of()));
  }

  private Architecture model() {
    return or(Part.MODEL, new XResNet(50));
  }

  private Optional<Path> pretrained() {
    Optional<Path> weights = recipe.find(Part.PRETRAINED);
    if (weights.isPresent() && !Files.isRegularFile(weights.get())) {
      throw new IllegalArgumentException(
          "pretrained: there is no file %s; check the path".formatted(weights.get()));
    }
    return weights;
  }

  private Normalize normalize() {
    Normalize given = recipe.get(Part.NORMALIZE);
    if (given != null) {
      return given;
    }
    boolean measured = recipe.get(Part.NORMALIZE_FROM_DATA) != null || data.channels() != 3;
    return measured
        ? ChannelStatistics.measure(data.train(), data.channels())
        : Normalize.imagenet();
  }

  private List<Geometry> geometry() {
    List<Geometry> moves =
        augmentation().geometry().stream().filter(technique -> !technique.isNeutral()).toList();
    // The eight symmetries of a square include the flip.
    boolean turned = moves.stream().anyMatch(Dihedral.class::isInstance);
    Flip flip = or(Part.FLIP, new Flip(turned ? 0 : 0.5));
    List<Geometry> all = new ArrayList<>(List.of(crop));
    if (flip.probability() > 0) {
      all.add(flip);
    }
    all.addAll(moves);
    return all;
  }

  private List<Lighting> lighting() {
    return augmentation().lighting().stream().filter(t -> !t.isNeutral()).toList();
  }

  private Augmentation augmentation() {
    return or(Part.AUGMENTATION, Augmentation.none());
  }

  private Loss loss() {
    Loss given = recipe.get(Part.LOSS);
    if (given != null) {
      return given;
    }
    return switch (data.task()) {
      case CLASSIFICATION -> new SoftTargetCrossEntropy();
      case MULTI_LABEL -> new BinaryCrossEntropy();
      case REGRESSION -> new MeanSquaredError();
    };
  }

  private Optional<TargetScale> targetScale() {
    return data.task() == Task.REGRESSION && data.train().targets() instanceof Targets.Rows rows
        ? Optional.of(TargetScale.measure(rows.values(), rows.columns()))
        : Optional.empty();
  }

  private Optional<ClassWeights> classWeights() {
    return data.task() == Task.CLASSIFICATION
        ? recipe
            .find(Part.CLASS_WEIGHTS)
            .map(weights -> weights.settled(data.train().labels(), data.classes()))
        : recipe.find(Part.CLASS_WEIGHTS);
  }

  private Optimizer optimizer() {
    Optimizer optimizer = or(Part.OPTIMIZER, new Adam());
    return recipe.find(Part.WEIGHT_DECAY).map(optimizer::weightDecay).orElse(optimizer);
  }

  private Precision requested() {
    return or(Part.PRECISION, Precision.AUTO);
  }

  // Must come first: it loads TensorFlow with the chosen kernels.
  private Precision decided() {
    List<Integer> sizes = new ArrayList<>(recipe.stages().stream().map(StageSpec::size).toList());
    recipe.find(Part.EVALUATE_AT).ifPresent(sizes::add);
    return Machine.ofProcess()
        .use(new Workload(model(), data.channels(), data.classes(), sizes, requested()))
        .precision();
  }

  private Optional<LossScale> lossScale() {
    return recipe
        .find(Part.LOSS_SCALE)
        .or(() -> precision == Precision.FLOAT16 ? Optional.of(new LossScale()) : Optional.empty());
  }

  private List<Stage> stages() {
    return IntStream.range(0, recipe.stages().size()).mapToObj(this::stage).toList();
  }

  private DecodedCache cache() {
    int presize =
        recipe.stages().stream()
            .mapToInt(stage -> or(Part.PRESIZE, crop.presize(stage.size())))
            .max()
            .orElseThrow();
    int images = data.train().size() + data.valid().size();
    return or(Part.CACHE, DecodedCache.NONE)
        .here(data.train(), DecodedFormat.about(images, presize, data.channels()), memory());
  }

  private static long memory() {
    return ManagementFactory.getOperatingSystemMXBean()
            instanceof com.sun.management.OperatingSystemMXBean system
        ? system.getTotalMemorySize()
        : Runtime.getRuntime().maxMemory();
  }

  private Stage stage(int number) {
    StageSpec stage = recipe.stages().get(number);
    int images = sampling.length(data.train().size());
    int batchSize = stage.batchSize() != null ? stage.batchSize() : Math.min(BATCH_SIZE, images);
    return new Stage(
        stage.size(),
        or(Part.PRESIZE, crop.presize(stage.size())),
        crop.validationSide(stage.size()),
        schedule.epochs(number),
        batchSize,
        // A batch larger than the data gives no step; the plan has a better error message for it.
        Math.max(1, images / batchSize),
        or(Part.ACCUMULATE, 1),
        schedule.learningRate(number),
        schedule.schedule(number),
        Optional.ofNullable(stage.groups())
            .map(groups -> groups.of(model().parameterGroups().size()))
            .filter(GroupRates::differ));
  }

  private <T> T or(Part<T> part, T otherwise) {
    return recipe.find(part).orElse(otherwise);
  }
}
