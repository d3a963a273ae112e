package dev.leaven.runtime.train;

import dev.leaven.runtime.data.DataSource;
import dev.leaven.runtime.data.DecodedCache;
import dev.leaven.runtime.data.ImageData;
import dev.leaven.runtime.data.InMemoryImages;
import dev.leaven.runtime.data.Samples;
import dev.leaven.runtime.evaluate.TestTimeAugmentation;
import dev.leaven.runtime.graph.Precision;
import dev.leaven.runtime.loss.LabelSmoothing;
import dev.leaven.runtime.loss.SoftTargetCrossEntropy;
import dev.leaven.runtime.mix.MixUp;
import dev.leaven.runtime.mix.Mixing;
import dev.leaven.runtime.model.Architecture;
import dev.leaven.runtime.optimize.Adam;
import dev.leaven.runtime.optimize.OneCycle;
import dev.leaven.runtime.transform.Flip;
import dev.leaven.runtime.transform.Normalize;
import dev.leaven.runtime.transform.RandomResizedCrop;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** Small data and plans for tests of whole runs. */
final class Runs {

  private static final long SEED = 7;

  private Runs() {}

  /** Grey images of which the brighter half is of class 1, with noise. */
  static Samples.Pixels stripes(int images, int side, long seed) {
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

  static DataSource data() {
    return InMemoryImages.of(stripes(48, 20, 1), stripes(21, 20, 2), List.of("across", "upright"));
  }

  static Stage stage(int size, int epochs, int batch, int images) {
    RandomResizedCrop crop = RandomResizedCrop.presized();
    return new Stage(size, crop.presize(size), size, epochs, batch, images / batch, 0.01);
  }

  static Plan plan(DataSource source, Architecture model, List<Stage> stages) {
    return plan(source, model, stages, Precision.FLOAT32);
  }

  static Plan plan(DataSource source, Architecture model, List<Stage> stages, Precision precision) {
    return plan(source, model, stages, Optional.of(new MixUp()), precision);
  }

  static Plan plan(
      DataSource source,
      Architecture model,
      List<Stage> stages,
      Optional<Mixing> mixing,
      Precision precision) {
    return plan(source, model, stages, mixing, 0, precision);
  }

  static Plan plan(
      DataSource source,
      Architecture model,
      List<Stage> stages,
      Optional<Mixing> mixing,
      int mixOffForLast,
      Precision precision) {
    ImageData data = source.load(SEED);
    return new Plan(
        "{\"recipe\":\"of a test\"}",
        "0123456789ab",
        source,
        data.classNames(),
        data.channels(),
        data.train().size(),
        data.valid().size(),
        model,
        data.channels() == 3 ? Normalize.imagenet() : new Normalize(List.of(0.5), List.of(0.25)),
        List.of(RandomResizedCrop.presized(), new Flip()),
        List.of(),
        Optional.empty(),
        mixing,
        mixOffForLast,
        new LabelSmoothing(0.1),
        new SoftTargetCrossEntropy(),
        new Adam(),
        new OneCycle(),
        stages,
        precision,
        DecodedCache.NONE,
        Optional.of(new TestTimeAugmentation(2)),
        SEED);
  }

  /** Two stages of two epochs each, six steps an epoch. */
  static Plan plan() {
    return plan(data(), new TinyNet(6), List.of(stage(16, 2, 8, 48), stage(20, 2, 8, 48)));
  }

  /** The same plan with a cache. */
  static Plan with(DecodedCache cache, Plan plan) {
    return new Plan(
        plan.recipe(),
        plan.recipeHash(),
        plan.data(),
        plan.classNames(),
        plan.channels(),
        plan.trainImages(),
        plan.validImages(),
        plan.model(),
        plan.normalize(),
        plan.geometry(),
        plan.lighting(),
        plan.erasing(),
        plan.mixing(),
        plan.mixOffForLast(),
        plan.smoothing(),
        plan.loss(),
        plan.optimizer(),
        plan.schedule(),
        plan.stages(),
        plan.precision(),
        cache,
        plan.tta(),
        plan.seed());
  }

  /** The numbers of a history, without its times. */
  static List<List<Object>> numbers(Run run) {
    return run.history().stream()
        .map(
            r ->
                List.<Object>of(
                    r.epoch(), r.stage(), r.size(), r.trainLoss(), r.valid(), r.learningRate()))
        .toList();
  }
}
