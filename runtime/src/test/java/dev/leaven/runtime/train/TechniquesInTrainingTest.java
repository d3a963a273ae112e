package dev.leaven.runtime.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leaven.runtime.Technique;
import dev.leaven.runtime.TechniqueSuiteTest;
import dev.leaven.runtime.data.DataSource;
import dev.leaven.runtime.data.ImageData;
import dev.leaven.runtime.data.InMemoryImages;
import dev.leaven.runtime.data.Samples;
import dev.leaven.runtime.graph.Precision;
import dev.leaven.runtime.internal.pipeline.Loader;
import dev.leaven.runtime.internal.pipeline.Pipeline;
import dev.leaven.runtime.internal.step.TrainingGraph;
import dev.leaven.runtime.internal.tensorflow.SafeTensors;
import dev.leaven.runtime.mix.Mixing;
import dev.leaven.runtime.plan.Plan;
import dev.leaven.runtime.plan.Stage;
import dev.leaven.runtime.run.RunResult;
import dev.leaven.runtime.run.TrainingListener;
import dev.leaven.runtime.transform.Erasing;
import dev.leaven.runtime.transform.Geometry;
import dev.leaven.runtime.transform.Lighting;
import dev.leaven.runtime.transform.Policy;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Everything that changes a batch of images, alone in a run of a tiny model. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("slow")
class TechniquesInTrainingTest {

  @TempDir static Path directory;

  private final DataSource data =
      InMemoryImages.of(squares(24, 1), squares(8, 2), List.of("dark", "bright"));
  private float[] plainLosses;

  /** The first setting of each technique. */
  static Stream<Technique> techniques() {
    Set<Class<?>> seen = new HashSet<>();
    return TechniqueSuiteTest.techniques().stream()
        .filter(
            t ->
                t instanceof Geometry
                    || t instanceof Policy
                    || t instanceof Lighting
                    || t instanceof Erasing
                    || t instanceof Mixing)
        .filter(t -> seen.add(t.getClass()));
  }

  private static Samples.Pixels squares(int images, long seed) {
    Random random = new Random(seed);
    byte[] pixels = new byte[images * 20 * 20 * 3];
    int[] labels = new int[images];
    for (int i = 0; i < pixels.length; i++) {
      int image = i / (20 * 20 * 3);
      labels[image] = image % 2;
      pixels[i] = (byte) (labels[image] * 60 + random.nextInt(190));
    }
    return new Samples.Pixels(pixels, 20, 20, 3, labels);
  }

  private Plan plan(Optional<Technique> technique) {
    Plan plan =
        Runs.plan(
            data,
            new TinyNet(4),
            List.of(Runs.stage(16, 2, 8, 24)),
            Optional.empty(),
            Precision.FLOAT32);
    Plan bare = Runs.with(plan, "geometry", List.of(), "tta", Optional.empty());
    if (technique.isEmpty()) {
      return bare;
    }
    Technique t = technique.get();
    if (t instanceof Geometry) {
      return Runs.with(bare, "geometry", List.of(t));
    }
    if (t instanceof Lighting) {
      return Runs.with(bare, "lighting", List.of(t));
    }
    return Runs.with(
        bare,
        t instanceof Policy ? "policy" : t instanceof Erasing ? "erasing" : "mixing",
        technique);
  }

  @BeforeAll
  void evaluateWithoutAny() {
    plainLosses = firstLosses(plan(Optional.empty()));
  }

  // Of inference with the first weights.
  private static float[] firstLosses(Plan plan) {
    ImageData images = plan.data().source().load(plan.seed());
    Loader loader = Loader.of(images.train(), plan.data().channels());
    try (TrainingGraph graph = new TrainingGraph(plan, loader);
        Loader.Opened opened = loader.open(images.train())) {
      graph.initialize();
      int[] order = IntStream.range(0, 8).toArray();
      graph
          .pipeline()
          .start(graph.session(), opened, new Pipeline.Pass(order, 8, true, 16, 1, false, 1));
      return graph.inference().evaluate(graph.session()).losses();
    }
  }

  @ParameterizedTest
  @MethodSource("techniques")
  void doesNothingAtInference(Technique technique) {
    assertThat(firstLosses(plan(Optional.of(technique)))).isEqualTo(plainLosses);
  }

  @ParameterizedTest
  @MethodSource("techniques")
  void aRunStoppedWithinAnEpochEndsAsIfItHadNotBeen(Technique technique) throws Exception {
    Plan plan = plan(Optional.of(technique));
    String name = technique.getClass().getSimpleName();
    RunResult whole = train(plan, name + "-whole", new TrainingListener() {});
    RunResult stopped = train(plan, name + "-stopped", new StopIn(1, 2));
    assertThat(Thread.interrupted()).isTrue();
    assertThat(stopped.finished()).isFalse();
    RunResult resumed = Trainer.resume(stopped.directory(), data, new TrainingListener() {});
    assertThat(resumed.finished()).isTrue();
    assertThat(Runs.numbers(resumed)).isEqualTo(Runs.numbers(whole));
    assertThat(whole.history()).allMatch(epoch -> Double.isFinite(epoch.trainLoss()));
    SafeTensors expected = checkpoint(whole);
    SafeTensors actual = checkpoint(resumed);
    assertThat(actual.values().keySet()).isEqualTo(expected.values().keySet());
    // Bit for bit: mismatch() is -1 when the buffers are the same.
    expected
        .values()
        .forEach(
            (key, value) -> assertThat(actual.values().get(key).mismatch(value)).isEqualTo(-1));
  }

  /** Interrupts the training thread after a step of an epoch. */
  private static final class StopIn implements TrainingListener {
    private final int epoch;
    private final int step;
    private int now;

    StopIn(int epoch, int step) {
      this.epoch = epoch;
      this.step = step;
    }

    @Override
    public void onEpochStart(int epoch, int stageNumber, Stage stage) {
      now = epoch;
    }

    @Override
    public void onStep(int step, Stage stage, double smoothedLoss) {
      if (now == epoch && step == this.step) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static RunResult train(Plan plan, String to, TrainingListener listener) {
    return Trainer.train(
        plan, plan.data().source().load(plan.seed()), directory.resolve(to), listener);
  }

  private static SafeTensors checkpoint(RunResult run) throws Exception {
    return SafeTensors.read(run.directory().resolve("last").resolve("checkpoint.safetensors"));
  }
}
