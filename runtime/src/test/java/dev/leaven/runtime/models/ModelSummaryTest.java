package dev.leaven.runtime.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leaven.runtime.nn.Activation;
import dev.leaven.runtime.nn.BatchNorm;
import dev.leaven.runtime.nn.Convolution;
import dev.leaven.runtime.nn.Dense;
import dev.leaven.runtime.nn.GlobalAveragePool;
import dev.leaven.runtime.nn.Layers;
import dev.leaven.runtime.nn.MaxPool;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

class ModelSummaryTest {

  record Small() implements Architecture {
    @Override
    public Operand<TFloat32> logits(
        Layers layers, Operand<TFloat32> images, int channels, int classes) {
      Operand<TFloat32> x = layers.apply("conv1", new Convolution(8, 3).stride(2), images);
      x =
          layers.apply(
              new MaxPool(3).stride(2),
              layers.apply(Activation.RELU, layers.apply("bn1", new BatchNorm(), x)));
      x =
          layers.apply(
              Activation.RELU,
              layers.apply("conv2", new Convolution(8, 3).groups(8).withBias(), x));
      return layers.apply("head", new Dense(classes), layers.apply(new GlobalAveragePool(), x));
    }

    @Override
    public String describe() {
      return "two convolutions";
    }
  }

  @Test
  void isATable() {
    assertThat(ModelSummary.of(new Small(), 32, 3, 10).text())
        .isEqualTo(
            """
            two convolutions, 32×32 images of 3 channels, 10 classes

            layer  what                        output   parameters  multiply-adds
            conv1  convolution 3×3 / 2        16×16×8          216         55,296
            bn1    batch norm                 16×16×8           16
                   max pool 3×3 / 2             8×8×8
            conv2  depthwise 3×3                8×8×8           80          4,608
                   global average pool              8
            head   dense                           10           90             80

            402 parameters; with running statistics 1.7 kB in float32
            0.06 million multiply-adds for an image, in convolutions and products of matrices
            """);
  }

  // torchvision's documentation: 1.81, 4.09, 4.23, 0.30 and 4.46 billion at 224 px.
  @ParameterizedTest
  @CsvSource({
    "resnet18, 1.81",
    "resnet50, 4.09",
    "resnext50, 4.23",
    "mobilenet-v2, 0.30",
    "convnext-tiny, 4.46",
  })
  void countsMultiplicationsAsTorchvisionDoes(String name, double billions) {
    ModelSummary summary = ModelSummary.of(Models.named(name), 224, 3, 1000);
    assertThat(Math.round(summary.multiplyAdds() / 1e7) / 100.0).isEqualTo(billions);
    assertThat(summary.parameters()).isEqualTo(ParameterCount.of(Models.named(name), 3, 1000));
  }

  @Test
  void countsEveryLayerOfTheOptions() {
    XResNet model = new XResNet(18).withSqueezeExcite().withSelfAttention().withBlurPool();
    ModelSummary summary = ModelSummary.of(model, 64, 3, 10);
    assertThat(summary.parameters()).isEqualTo(ParameterCount.of(model, 3, 10));
    assertThat(summary.rows()).allMatch(row -> row.output().stream().allMatch(side -> side > 0));
  }

  @Test
  void refusesWhatCannotBeBuilt() {
    assertThatThrownBy(() -> ModelSummary.of(new Small(), 8, 3, 10))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("model summary: size must be at least 16, but is 8");
    assertThatThrownBy(() -> Models.named("resnet20"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("there is no model resnet20; there are xresnet18, xresnet34,");
  }
}
