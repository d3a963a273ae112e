package dev.leaven.runtime.internal.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leaven.runtime.internal.tensorflow.SafeTensors;
import dev.leaven.runtime.models.Architecture;
import dev.leaven.runtime.nn.Activation;
import dev.leaven.runtime.nn.Convolution;
import dev.leaven.runtime.nn.Dense;
import dev.leaven.runtime.nn.Dropout;
import dev.leaven.runtime.nn.GlobalAveragePool;
import dev.leaven.runtime.nn.Layers;
import dev.leaven.runtime.nn.StochasticDepth;
import dev.leaven.runtime.optimize.OneCycle;
import dev.leaven.runtime.plan.Plan;
import dev.leaven.runtime.plan.Stage;
import dev.leaven.runtime.run.RunException;
import dev.leaven.runtime.run.RunResult;
import dev.leaven.runtime.run.TrainingListener;
import dev.leaven.runtime.train.GroupedNet;
import dev.leaven.runtime.train.Runs;
import dev.leaven.runtime.train.Trainer;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.types.TFloat32;

@Tag("slow")
class PretrainedTest {

  @TempDir Path directory;

  private static final TrainingListener SILENT = new TrainingListener() {};

  private static final TrainingListener STOP_AT_ONCE =
      new TrainingListener() {
        @Override
        public void onEpochStart(int epoch, int stageNumber, Stage stage) {
          Thread.currentThread().interrupt();
        }
      };

  private static Plan plan(Architecture model) {
    Stage stage = new Stage(16, 16, 16, 1, 8, 6, 0.01, new OneCycle());
    return Runs.plan(Runs.data(), model, List.of(stage));
  }

  private SafeTensors train(String name, Plan plan, TrainingListener listener) throws Exception {
    RunResult run =
        Trainer.train(
            plan, plan.data().source().load(plan.seed()), directory.resolve(name), listener);
    // An interrupted run leaves the flag, which would end the reading of the file.
    assertThat(Thread.interrupted()).isEqualTo(!run.finished());
    return SafeTensors.read(run.directory().resolve("last/checkpoint.safetensors"));
  }

  /** What PyTorch would save: kernels as (out, in, height, width), dense layers as (out, in). */
  private Path exported(SafeTensors checkpoint, String... names) throws Exception {
    List<SafeTensors.Entry> entries = new ArrayList<>();
    for (String name : names) {
      long[] shape = checkpoint.shapes().get(name).asArray();
      FloatBuffer value = checkpoint.values().get(name);
      int outs = (int) shape[shape.length - 1];
      int rest = value.capacity() / outs;
      long[] theirs = shape;
      float[] array = new float[value.capacity()];
      for (int i = 0; i < array.length; i++) {
        array[i] = value.get(i);
      }
      if (shape.length == 2) {
        theirs = new long[] {shape[1], shape[0]};
        for (int in = 0; in < rest; in++) {
          for (int out = 0; out < outs; out++) {
            array[out * rest + in] = value.get(in * outs + out);
          }
        }
      } else if (shape.length == 4) {
        theirs = new long[] {shape[3], shape[2], shape[0], shape[1]};
        int ins = (int) shape[2];
        int places = (int) (shape[0] * shape[1]);
        for (int place = 0; place < places; place++) {
          for (int in = 0; in < ins; in++) {
            for (int out = 0; out < outs; out++) {
              array[(out * ins + in) * places + place] = value.get((place * ins + in) * outs + out);
            }
          }
        }
      }
      entries.add(new SafeTensors.Entry(name, Shape.of(theirs), () -> array));
    }
    Path file = directory.resolve("weights.safetensors");
    SafeTensors.write(file, Map.of(), entries);
    return file;
  }

  private static final String[] ALL = {
    "first.conv.weight",
    "first.norm.weight",
    "first.norm.bias",
    "first.norm.running_mean",
    "first.norm.running_var",
    "second.conv.weight",
    "head.weight",
    "head.bias"
  };

  @Test
  void aRunBeginsWithTheWeightsOfTheFile() throws Exception {
    Plan plan = plan(new GroupedNet());
    SafeTensors trained = train("teacher", plan, SILENT);
    Plan pupil = Runs.with(plan, "pretrained", Optional.of(exported(trained, ALL)), "seed", 99L);
    SafeTensors begun = train("pupil", pupil, STOP_AT_ONCE);
    for (String name : ALL) {
      assertThat(begun.values().get(name).mismatch(trained.values().get(name)))
          .as(name)
          .isEqualTo(-1);
    }
    // What is resumed is the run, not the file.
    Files.delete(directory.resolve("weights.safetensors"));
    assertThat(Trainer.resume(directory.resolve("pupil"), plan.data().source(), SILENT).finished())
        .isTrue();
  }

  @Test
  void aMissingHeadBeginsAnew() throws Exception {
    Plan plan = plan(new GroupedNet());
    SafeTensors trained = train("teacher", plan, SILENT);
    String[] body = java.util.Arrays.copyOf(ALL, 6);
    Plan pupil = Runs.with(plan, "pretrained", Optional.of(exported(trained, body)));
    SafeTensors begun = train("pupil", pupil, STOP_AT_ONCE);
    assertThat(begun.values().get("second.conv.weight"))
        .isEqualTo(trained.values().get("second.conv.weight"));
    assertThat(begun.values().get("head.weight")).isNotEqualTo(trained.values().get("head.weight"));
  }

  @Test
  void weightsOfAnotherModelAreRefused() throws Exception {
    Plan plan = plan(new GroupedNet());
    SafeTensors trained = train("teacher", plan, SILENT);
    Path part = exported(trained, "first.conv.weight", "head.weight");
    assertThatThrownBy(
            () -> train("part", Runs.with(plan, "pretrained", Optional.of(part)), SILENT))
        .isInstanceOf(RunException.class)
        .hasMessage(
            "pretrained: %s is of another model than GroupedNet: it has no first.norm.weight"
                .formatted(part));
    Path none = directory.resolve("none.safetensors");
    assertThatThrownBy(
            () -> train("none", Runs.with(plan, "pretrained", Optional.of(none)), SILENT))
        .hasMessage("pretrained: there is no file %s; check the path".formatted(none));
    Path text = Files.writeString(directory.resolve("text.safetensors"), "not weights");
    assertThatThrownBy(
            () -> train("text", Runs.with(plan, "pretrained", Optional.of(text)), SILENT))
        .isInstanceOf(RunException.class)
        .hasMessageStartingWith("pretrained: ");
  }

  /** A model that leaves things out while it trains. */
  record Leaving() implements Architecture {
    @Override
    public Operand<TFloat32> logits(
        Layers layers, Operand<TFloat32> images, int channels, int classes) {
      Operand<TFloat32> x =
          layers.apply(
              Activation.RELU, layers.apply("conv", new Convolution(4, 3).stride(2), images));
      Operand<TFloat32> branch = layers.apply("branch", new Convolution(4, 3), x);
      x = layers.tf().math.add(x, layers.apply("depth", new StochasticDepth(0.5), branch));
      x = layers.apply("drop", new Dropout(0.5), layers.apply(new GlobalAveragePool(), x));
      return layers.apply("head", new Dense(classes), x);
    }

    @Override
    public String describe() {
      return "a model that leaves things out";
    }
  }

  @Test
  void dropoutAndStochasticDepthTrainAndResume() throws Exception {
    Plan plan = plan(new Leaving());
    SafeTensors whole = train("whole", plan, SILENT);
    train(
        "stopped",
        plan,
        new TrainingListener() {
          @Override
          public void onStep(int step, Stage stage, double smoothedLoss) {
            if (step == 3) {
              Thread.currentThread().interrupt();
            }
          }
        });
    Trainer.resume(directory.resolve("stopped"), plan.data().source(), SILENT);
    SafeTensors resumed =
        SafeTensors.read(directory.resolve("stopped/last/checkpoint.safetensors"));
    whole
        .values()
        .forEach(
            (name, value) ->
                assertThat(resumed.values().get(name).mismatch(value)).as(name).isEqualTo(-1));
  }
}
