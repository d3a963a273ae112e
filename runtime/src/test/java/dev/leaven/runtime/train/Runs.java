package dev.leaven.runtime.train;

import dev.leaven.runtime.Task;
import dev.leaven.runtime.data.DataSource;
import dev.leaven.runtime.data.DecodedCache;
import dev.leaven.runtime.data.ImageData;
import dev.leaven.runtime.data.InMemoryImages;
import dev.leaven.runtime.data.Samples;
import dev.leaven.runtime.data.Shuffled;
import dev.leaven.runtime.data.Targets;
import dev.leaven.runtime.evaluate.TestTimeAugmentation;
import dev.leaven.runtime.graph.Precision;
import dev.leaven.runtime.loss.BinaryCrossEntropy;
import dev.leaven.runtime.loss.LabelSmoothing;
import dev.leaven.runtime.loss.MeanSquaredError;
import dev.leaven.runtime.loss.SoftTargetCrossEntropy;
import dev.leaven.runtime.loss.TargetScale;
import dev.leaven.runtime.mix.MixUp;
import dev.leaven.runtime.mix.Mixing;
import dev.leaven.runtime.models.Architecture;
import dev.leaven.runtime.optimize.Adam;
import dev.leaven.runtime.optimize.LossScale;
import dev.leaven.runtime.optimize.OneCycle;
import dev.leaven.runtime.plan.CoursePlan;
import dev.leaven.runtime.plan.DataPlan;
import dev.leaven.runtime.plan.EvaluationPlan;
import dev.leaven.runtime.plan.ImagePlan;
import dev.leaven.runtime.plan.ModelPlan;
import dev.leaven.runtime.plan.Plan;
import dev.leaven.runtime.plan.Stage;
import dev.leaven.runtime.plan.StepPlan;
import dev.leaven.runtime.plan.TargetPlan;
import dev.leaven.runtime.run.RunResult;
import dev.leaven.runtime.transform.Flip;
import dev.leaven.runtime.transform.ItemResize;
import dev.leaven.runtime.transform.Normalize;
import dev.leaven.runtime.transform.RandomResizedCrop;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/** Small data and plans for tests of whole runs. */
public final class Runs {

  private static final long SEED = 7;

  private Runs() {}

  /** Grey images of which the brighter half is of class 1, with noise. */
  public static Samples.Pixels stripes(int images, int side, long seed) {
    Random random = new Random(seed);
    byte[] pixels = new byte[images * side * side];
    int[] labels = new int[images];
    for (int image = 0; image < images; image++) {
      labels[image] = image % 2;
      for (int y = 0; y < side; y++) {
        for (int x = 0; x < side; x++) {
          // Class 0 has stripes across, class 1 upright; a mean over the image cannot tell them.
          int stripe = (labels[image] == 0 ? y : x) / 2 % 2;
          pixels[(image * side + y) * side + x] = (byte) (stripe * 150 + random.nextInt(100));
        }
      }
    }
    return new Samples.Pixels(pixels, side, side, 1, labels);
  }

  public static DataSource data() {
    return InMemoryImages.of(stripes(48, 20, 1), stripes(21, 20, 2), List.of("across", "upright"));
  }

  public static Stage stage(int size, int epochs, int batch, int images) {
    RandomResizedCrop crop = RandomResizedCrop.presized();
    return new Stage(
        size, crop.presize(size), size, epochs, batch, images / batch, 0.01, new OneCycle());
  }

  /** A plan for other images. */
  public static Plan plan(DataSource source, Architecture model, List<Stage> stages) {
    return plan(source, model, stages, Precision.FLOAT32);
  }

  public static Plan plan(
      DataSource source, Architecture model, List<Stage> stages, Precision precision) {
    return plan(source, model, stages, Optional.of(new MixUp()), precision);
  }

  public static Plan plan(
      DataSource source,
      Architecture model,
      List<Stage> stages,
      Optional<Mixing> mixing,
      Precision precision) {
    return plan(source, model, stages, mixing, 0, precision);
  }

  public static Plan plan(
      DataSource source,
      Architecture model,
      List<Stage> stages,
      Optional<Mixing> mixing,
      int mixOffForLast,
      Precision precision) {
    ImageData data = source.load(SEED);
    boolean numbers = data.task() == Task.REGRESSION;
    return new Plan(
        "{\"recipe\":\"of a test\"}",
        "0123456789ab",
        new DataPlan(
            source,
            data.task(),
            data.classNames(),
            data.channels(),
            data.train().size(),
            data.valid().size(),
            new Shuffled(),
            DecodedCache.NONE),
        new ModelPlan(
            model,
            Optional.empty(),
            data.channels() == 3
                ? Normalize.imagenet()
                : new Normalize(List.of(0.5), List.of(0.25))),
        new ImagePlan(
            new ItemResize(),
            List.of(RandomResizedCrop.presized(), new Flip()),
            Optional.empty(),
            List.of(),
            Optional.empty()),
        new TargetPlan(
            mixing,
            mixOffForLast,
            new LabelSmoothing(numbers ? 0 : 0.1),
            numbers && data.train().targets() instanceof Targets.Rows rows
                ? Optional.of(TargetScale.measure(rows.values(), rows.columns()))
                : Optional.empty(),
            Optional.empty(),
            switch (data.task()) {
              case CLASSIFICATION -> new SoftTargetCrossEntropy();
              case MULTI_LABEL -> new BinaryCrossEntropy();
              case REGRESSION -> new MeanSquaredError();
            }),
        new StepPlan(
            new Adam(),
            Optional.empty(),
            Optional.empty(),
            precision,
            precision,
            precision == Precision.FLOAT16 ? Optional.of(new LossScale()) : Optional.empty()),
        new CoursePlan(stages, false, true, List.of()),
        new EvaluationPlan(Optional.of(new TestTimeAugmentation(2)), Optional.empty()),
        SEED);
  }

  /** Two stages of two epochs each, six steps an epoch. */
  public static Plan plan() {
    return plan(data(), new TinyNet(6), List.of(stage(16, 2, 8, 48), stage(20, 2, 8, 48)));
  }

  /**
   * A plan that differs in some components, its own or those of its parts.
   *
   * @param changes names of components, each followed by its value
   */
  public static Plan with(Plan plan, Object... changes) {
    Map<String, Object> left = new HashMap<>();
    for (int i = 0; i < changes.length; i += 2) {
      left.put((String) changes[i], changes[i + 1]);
    }
    Plan changed = with(plan, left);
    if (!left.isEmpty()) {
      throw new IllegalArgumentException("a plan has no " + left.keySet());
    }
    return changed;
  }

  private static <R extends Record> R with(R record, Map<String, Object> left) {
    RecordComponent[] components = record.getClass().getRecordComponents();
    Class<?>[] types = new Class<?>[components.length];
    Object[] values = new Object[components.length];
    try {
      for (int i = 0; i < components.length; i++) {
        types[i] = components[i].getType();
        Object value = components[i].getAccessor().invoke(record);
        if (left.containsKey(components[i].getName())) {
          value = left.remove(components[i].getName());
        } else if (types[i].getName().matches(Plan.class.getPackageName() + "\\.[A-Z][a-z]+Plan")) {
          value = with((Record) value, left);
        }
        values[i] = value;
      }
      @SuppressWarnings("unchecked") // the record's own constructor
      R changed = (R) record.getClass().getDeclaredConstructor(types).newInstance(values);
      return changed;
    } catch (InvocationTargetException e) {
      // What the constructor refuses, as if it had been called.
      throw (RuntimeException) e.getCause();
    } catch (ReflectiveOperationException e) {
      throw new AssertionError(e);
    }
  }

  /** The numbers of a history, without its times. */
  public static List<List<Object>> numbers(RunResult run) {
    return run.history().stream()
        .map(
            r ->
                List.<Object>of(
                    r.epoch(),
                    r.stage(),
                    r.size(),
                    r.trainLoss(),
                    r.trainTop1(),
                    r.valid(),
                    r.learningRate(),
                    r.skippedSteps()))
        .toList();
  }
}
