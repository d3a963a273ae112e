package dev.leaven.runtime.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leaven.runtime.data.DataSource;
import dev.leaven.runtime.data.InMemoryImages;
import dev.leaven.runtime.data.Samples;
import dev.leaven.runtime.graph.Precision;
import dev.leaven.runtime.internal.step.BatchGraph;
import dev.leaven.runtime.internal.tensorflow.SafeTensors;
import dev.leaven.runtime.models.Architecture;
import dev.leaven.runtime.nn.Activation;
import dev.leaven.runtime.nn.BatchNorm;
import dev.leaven.runtime.nn.Convolution;
import dev.leaven.runtime.nn.Dense;
import dev.leaven.runtime.nn.Dropout;
import dev.leaven.runtime.nn.GlobalAveragePool;
import dev.leaven.runtime.nn.Layers;
import dev.leaven.runtime.nn.StochasticDepth;
import dev.leaven.runtime.optimize.Constant;
import dev.leaven.runtime.optimize.GroupRates;
import dev.leaven.runtime.optimize.Lookahead;
import dev.leaven.runtime.optimize.Optimizer;
import dev.leaven.runtime.optimize.Sam;
import dev.leaven.runtime.optimize.Sgd;
import dev.leaven.runtime.plan.Plan;
import dev.leaven.runtime.plan.Stage;
import dev.leaven.runtime.run.TrainingListener;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

/** Steps by the gradient beside the weights, in whole runs. */
class SamTest {

  private static final int IMAGES = 12;
  private static final int SIDE = 16;
  private static final int STEPS = 10;
  private static final double RATE = 0.5;
  private static final double MOMENTUM = 0.9;
  private static final double RHO = 0.3;
  private static final double SMOOTHING = 0.1;

  @TempDir Path directory;

  /** Softmax regression on the mean of each channel. */
  record Regression() implements Architecture {

    @Override
    public Operand<TFloat32> logits(
        Layers layers, Operand<TFloat32> images, int channels, int classes) {
      return layers.apply(
          "head", new Dense(classes), layers.apply(new GlobalAveragePool(), images));
    }

    @Override
    public String describe() {
      return "softmax regression";
    }
  }

  /** Everything by which a second pass could differ besides its weights. */
  record Noisy() implements Architecture {

    @Override
    public Operand<TFloat32> logits(
        Layers layers, Operand<TFloat32> images, int channels, int classes) {
      Operand<TFloat32> x = layers.apply("conv", new Convolution(6, 3).stride(2), images);
      x = layers.apply(Activation.RELU, layers.apply("norm", new BatchNorm(), x));
      Operand<TFloat32> branch = layers.apply("branch", new Convolution(6, 3), x);
      x = layers.tf().math.add(x, layers.apply("branch", new StochasticDepth(0.3), branch));
      x = layers.apply("dropout", new Dropout(0.3), layers.apply(new GlobalAveragePool(), x));
      return layers.apply("head", new Dense(classes), x);
    }

    @Override
    public String describe() {
      return "a model that draws random numbers";
    }
  }

  private static Samples.Pixels coloured() {
    Random random = new Random(3);
    byte[] pixels = new byte[IMAGES * SIDE * SIDE * 3];
    int[] labels = new int[IMAGES];
    for (int image = 0; image < IMAGES; image++) {
      labels[image] = image % 2;
      int[] light = {random.nextInt(200), random.nextInt(200), 60 + 90 * labels[image]};
      for (int i = 0; i < SIDE * SIDE * 3; i++) {
        pixels[image * SIDE * SIDE * 3 + i] = (byte) (light[i % 3] + random.nextInt(50));
      }
    }
    return new Samples.Pixels(pixels, SIDE, SIDE, 3, labels);
  }

  private Map<String, FloatBuffer> train(String name, Plan plan) throws Exception {
    return train(name, plan, new TrainingListener() {});
  }

  private Map<String, FloatBuffer> train(String name, Plan plan, TrainingListener listener)
      throws Exception {
    Trainer.train(plan, plan.data().source().load(plan.seed()), directory.resolve(name), listener);
    Thread.interrupted(); // by the listener; no file could be read before
    Path checkpoint = directory.resolve(name).resolve("last/checkpoint.safetensors");
    return SafeTensors.read(checkpoint).values();
  }

  private static Stage stage(int epochs, int batch, int batches, int accumulate, double rate) {
    Optional<GroupRates> alike = Optional.empty();
    return new Stage(
        SIDE, SIDE, SIDE, epochs, batch, batches, accumulate, rate, new Constant(), alike);
  }

  private static Plan regression(Samples.Pixels images, Stage stage, Optimizer optimizer) {
    DataSource source = InMemoryImages.of(images, images, List.of("less", "more"));
    Plan plan =
        Runs.plan(source, new Regression(), List.of(stage), Optional.empty(), Precision.FLOAT32);
    return Runs.with(plan, "geometry", List.of(), "tta", Optional.empty(), "optimizer", optimizer);
  }

  /** The normalized means of the channels, in double. */
  private static double[][] features(Samples.Pixels images) {
    double[] mean = {0.485, 0.456, 0.406};
    double[] deviation = {0.229, 0.224, 0.225};
    double[][] features = new double[IMAGES][3];
    for (int i = 0; i < images.pixels().length; i++) {
      int c = i % 3;
      double value = (images.pixels()[i] & 0xFF) / 255.0;
      features[i / (SIDE * SIDE * 3)][c] += (value - mean[c]) / deviation[c] / (SIDE * SIDE);
    }
    return features;
  }

  /** The gradient of the mean cross-entropy, by six weights and two biases. */
  private static double[] gradient(double[] p, double[][] features, int[] labels) {
    double[] gradient = new double[8];
    for (int n = 0; n < features.length; n++) {
      double[] logits = {p[6], p[7]};
      for (int c = 0; c < 3; c++) {
        logits[0] += features[n][c] * p[2 * c];
        logits[1] += features[n][c] * p[2 * c + 1];
      }
      double second = 1 / (1 + Math.exp(logits[0] - logits[1]));
      for (int k = 0; k < 2; k++) {
        double answer = k == 1 ? second : 1 - second;
        double target = (labels[n] == k ? 1 - SMOOTHING : 0) + SMOOTHING / 2;
        double slope = (answer - target) / features.length;
        for (int c = 0; c < 3; c++) {
          gradient[2 * c + k] += slope * features[n][c];
        }
        gradient[6 + k] += slope;
      }
    }
    return gradient;
  }

  /** The gradient at the place that is {@code RHO} away along the gradient. */
  private static double[] gradientBeside(double[] p, double[][] features, int[] labels) {
    double[] g = gradient(p, features, labels);
    double[] moved = p.clone();
    for (int i = 0; i < p.length; i++) {
      moved[i] += RHO * g[i] / (length(g) + 1e-12);
    }
    return gradient(moved, features, labels);
  }

  private static double[] weights(Map<String, FloatBuffer> arrays) {
    double[] weights = new double[8];
    for (int i = 0; i < 6; i++) {
      weights[i] = arrays.get("head.weight").get(i);
    }
    weights[6] = arrays.get("head.bias").get(0);
    weights[7] = arrays.get("head.bias").get(1);
    return weights;
  }

  /** The weights before the first step. */
  private double[] begin(Plan plan) throws Exception {
    TrainingListener stop =
        new TrainingListener() {
          @Override
          public void onEpochStart(int epoch, int stageNumber, Stage stage) {
            Thread.currentThread().interrupt();
          }
        };
    return weights(train("begin", plan, stop));
  }

  @Test
  void tenStepsAreThoseOfTheFormula() throws Exception {
    Samples.Pixels images = coloured();
    Plan plan =
        regression(images, stage(STEPS, IMAGES, 1, 1, RATE), new Sam(new Sgd(MOMENTUM), RHO));
    double[] p = begin(plan);
    double[] plain = p.clone();
    double[][] features = features(images);
    double[] m = new double[8];
    double[] plainM = new double[8];
    for (int step = 0; step < STEPS; step++) {
      double[] g = gradientBeside(p, features, images.labels());
      double[] plainG = gradient(plain, features, images.labels());
      for (int i = 0; i < 8; i++) {
        m[i] = MOMENTUM * m[i] + g[i];
        p[i] -= RATE * m[i];
        plainM[i] = MOMENTUM * plainM[i] + plainG[i];
        plain[i] -= RATE * plainM[i];
      }
    }
    double[] actual = weights(train("ten", plan));
    assertThat(distance(actual, p) / length(p)).isLessThan(1e-5);
    // Ten steps by the gradient at the weights end a hundred times further away than that.
    assertThat(distance(plain, p) / length(p)).isGreaterThan(1e-3);
  }

  @Test
  void accumulatedBatchesHaveANeighbourhoodEach() throws Exception {
    Samples.Pixels images = coloured();
    int half = IMAGES / 2;
    Plan plan = regression(images, stage(1, half, 2, 2, RATE), new Sam(new Sgd(0), RHO));
    double[] p = begin(plan);
    Stage stage = plan.stages().get(0);
    int[] order =
        BatchGraph.pass(plan, stage, plan.data().source().load(plan.seed()).train().targets(), 0)
            .order();
    double[][] features = features(images);
    double[] sum = new double[8];
    for (int batch = 0; batch < 2; batch++) {
      double[][] some = new double[half][];
      int[] labels = new int[half];
      for (int i = 0; i < half; i++) {
        some[i] = features[order[batch * half + i]];
        labels[i] = images.labels()[order[batch * half + i]];
      }
      double[] g = gradientBeside(p, some, labels);
      for (int i = 0; i < 8; i++) {
        sum[i] += g[i] / 2;
      }
    }
    for (int i = 0; i < 8; i++) {
      p[i] -= RATE * sum[i];
    }
    // One step of numbers near 1, in float32.
    assertThat(distance(weights(train("two", plan)), p)).isLessThan(1e-6);
  }

  @Test
  void nextToTheWeightsItIsTheOptimizerInIt() throws Exception {
    Plan plan = Runs.plan(Runs.data(), new Noisy(), List.of(Runs.stage(16, 2, 8, 48)));
    Plan plain = Runs.with(plan, "optimizer", new Sgd(MOMENTUM), "tta", Optional.empty());
    Map<String, FloatBuffer> expected = train("plain", plain);
    // So small a distance is lost in every sum, so the second pass must be the first once more.
    Map<String, FloatBuffer> near =
        train("near", Runs.with(plain, "optimizer", new Sam(new Sgd(MOMENTUM), 1e-30)));
    assertThat(near.keySet()).isEqualTo(expected.keySet());
    expected.forEach(
        (name, values) -> assertThat(near.get(name).mismatch(values)).as(name).isEqualTo(-1));
    Map<String, FloatBuffer> far =
        train("far", Runs.with(plain, "optimizer", new Sam(new Sgd(MOMENTUM), 0.5)));
    assertThat(far.get("conv.weight").mismatch(expected.get("conv.weight"))).isNotEqualTo(-1);
  }

  @Test
  void statisticsAreThoseOfTheWeightsThemselves() throws Exception {
    Plan plan = Runs.plan(Runs.data(), new TinyNet(4), List.of(stage(1, 8, 1, 1, 0.1)));
    Plan one = Runs.with(plan, "tta", Optional.empty());
    Map<String, FloatBuffer> plain = train("plain", Runs.with(one, "optimizer", new Sgd()));
    Map<String, FloatBuffer> sam = train("sam", Runs.with(one, "optimizer", new Sam(new Sgd(), 5)));
    for (String name : List.of("norm.running_mean", "norm.running_var")) {
      assertThat(sam.get(name).mismatch(plain.get(name))).as(name).isEqualTo(-1);
    }
    assertThat(sam.get("head.weight").mismatch(plain.get("head.weight"))).isNotEqualTo(-1);
  }

  @Test
  void whatMakesNoSenseIsRefused() {
    assertThatThrownBy(() -> new Sam(new Sgd(), 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("sam: rho must be above 0, but is 0");
    assertThatThrownBy(() -> new Sam(new Lookahead(new Sam(new Sgd()))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "sam: the optimizer in it is sharpness-aware already;"
                + " give the one that takes the steps");
    assertThat(new Sam(new Sgd()).weightDecay(0.5)).isEqualTo(new Sam(new Sgd(0, false, 0.5)));
    assertThat(new Sam(new Sgd()).describe())
        .endsWith("; SAM: by the gradient 0.05 away, where the loss is higher");
  }

  private static double distance(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (a[i] - b[i]) * (a[i] - b[i]);
    }
    return Math.sqrt(sum);
  }

  private static double length(double[] a) {
    return distance(a, new double[a.length]);
  }
}
