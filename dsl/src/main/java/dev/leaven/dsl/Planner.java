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
import dev.leaven.runtime.plan.ImagePlan;
import dev.leaven.runtime.plan.JudgePlan;
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
import org.jspecify.annotations.Nullable;

/**
 * Decides everything that a recipe leaves open, for one data set. The defaults are here and in
 * {@link Pacing}.
 */
final class Planner {

  static final int BATCH_SIZE = 64;
  static final long SEED = 42;

  private final RecipeParts said;
  private final ImageData data;
  private final RandomResizedCrop crop;
  private final Sampling sampling;
  private final Pacing pacing;
  private final Precision precision;

  private Planner(RecipeParts said, ImageData data) {
    this.said = said;
    this.data = data;
    this.crop = or(said.crop, RandomResizedCrop.presized());
    this.sampling = or(said.sampling, new Shuffled());
    this.pacing = new Pacing(said);
    sampling.check(data.train().targets());
    this.precision = decided();
  }

  static long seed(RecipeParts said) {
    return or(said.seed, SEED);
  }

  static Plan plan(Recipe recipe, RecipeParts said, ImageData data) {
    Planner planner = new Planner(said, data);
    return new Plan(
        recipe.toJson(),
        recipe.hash(),
        planner.data(),
        new ModelPlan(planner.model(), planner.pretrained(), planner.normalize()),
        planner.image(),
        planner.target(),
        planner.step(),
        planner.course(),
        new JudgePlan(Optional.ofNullable(said.tta), Optional.ofNullable(said.evaluateAt)),
        seed(said));
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
        or(said.itemResize, new ItemResize()),
        geometry(),
        Optional.ofNullable(said.policy),
        lighting(),
        Optional.ofNullable(said.erasing).filter(erasing -> !erasing.isNeutral()));
  }

  private TargetPlan target() {
    return new TargetPlan(
        Optional.ofNullable(said.mixing),
        or(said.mixOffForLast, 0),
        or(said.labelSmoothing, new LabelSmoothing(0)),
        targetScale(),
        classWeights(),
        loss());
  }

  private StepPlan step() {
    return new StepPlan(
        optimizer(),
        Optional.ofNullable(said.clipping),
        Optional.ofNullable(said.averaging),
        requested(),
        precision,
        lossScale());
  }

  private CoursePlan course() {
    return new CoursePlan(
        stages(), pacing.overAll(), or(said.autoBatchSize, true), or(said.stopping, List.of()));
  }

  private Architecture model() {
    return or(said.model, new XResNet(50));
  }

  private Optional<Path> pretrained() {
    if (said.pretrained != null && !Files.isRegularFile(said.pretrained)) {
      throw new IllegalArgumentException(
          "pretrained: there is no file %s; check the path".formatted(said.pretrained));
    }
    return Optional.ofNullable(said.pretrained);
  }

  private Normalize normalize() {
    if (said.normalize != null) {
      return said.normalize;
    }
    boolean measured = said.normalizeFromData != null || data.channels() != 3;
    return measured
        ? ChannelStatistics.measure(data.train(), data.channels())
        : Normalize.imagenet();
  }

  private List<Geometry> geometry() {
    List<Geometry> moves =
        augmentation().geometry().stream().filter(technique -> !technique.isNeutral()).toList();
    // The eight ways of a square have the flip among them.
    boolean turned = moves.stream().anyMatch(Dihedral.class::isInstance);
    Flip flip = or(said.flip, new Flip(turned ? 0 : 0.5));
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
    return or(said.augmentation, Augmentation.none());
  }

  private Loss loss() {
    if (said.loss != null) {
      return said.loss;
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
        ? Optional.ofNullable(said.classWeights)
            .map(weights -> weights.settled(data.train().labels(), data.classes()))
        : Optional.ofNullable(said.classWeights);
  }

  private Optimizer optimizer() {
    Optimizer optimizer = or(said.optimizer, new Adam());
    return said.weightDecay == null ? optimizer : optimizer.weightDecay(said.weightDecay);
  }

  private Precision requested() {
    return or(said.precision, Precision.AUTO);
  }

  // Before anything else: it has TensorFlow loaded with the kernels that are decided on.
  private Precision decided() {
    List<Integer> sizes = new ArrayList<>(said.stages.stream().map(StageSpec::size).toList());
    if (said.evaluateAt != null) {
      sizes.add(said.evaluateAt);
    }
    return Machine.ofProcess()
        .use(new Workload(model(), data.channels(), data.classes(), sizes, requested()))
        .precision();
  }

  private Optional<LossScale> lossScale() {
    return said.lossScale == null && precision == Precision.FLOAT16
        ? Optional.of(new LossScale())
        : Optional.ofNullable(said.lossScale);
  }

  private List<Stage> stages() {
    return IntStream.range(0, said.stages.size()).mapToObj(this::stage).toList();
  }

  private DecodedCache cache() {
    int presize =
        said.stages.stream()
            .mapToInt(stage -> or(said.presize, crop.presize(stage.size())))
            .max()
            .orElseThrow();
    int images = data.train().size() + data.valid().size();
    return or(said.cache, DecodedCache.NONE)
        .here(data.train(), DecodedFormat.about(images, presize, data.channels()), memory());
  }

  private static long memory() {
    return ManagementFactory.getOperatingSystemMXBean()
            instanceof com.sun.management.OperatingSystemMXBean system
        ? system.getTotalMemorySize()
        : Runtime.getRuntime().maxMemory();
  }

  private Stage stage(int number) {
    StageSpec stage = said.stages.get(number);
    int images = sampling.length(data.train().size());
    int batchSize = or(stage.batchSize(), Math.min(BATCH_SIZE, images));
    return new Stage(
        stage.size(),
        or(said.presize, crop.presize(stage.size())),
        crop.validationSide(stage.size()),
        pacing.epochs(number),
        batchSize,
        // A batch larger than the data gives no step; the plan has the better sentence for it.
        Math.max(1, images / batchSize),
        or(said.accumulate, 1),
        pacing.learningRate(number),
        pacing.schedule(number),
        Optional.ofNullable(stage.groups())
            .map(groups -> groups.of(model().parameterGroups().size()))
            .filter(GroupRates::differ));
  }

  private static <T> T or(@Nullable T said, T otherwise) {
    return said == null ? otherwise : said;
  }
}
