package dev.leaven.runtime.models;

import static dev.leaven.runtime.models.PyTorchComparison.afterThePool;
import static dev.leaven.runtime.models.PyTorchComparison.median;
import static dev.leaven.runtime.models.PyTorchComparison.worst;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Small models against PyTorch, by files that {@code src/test/python/pytorch_models.py golden}
 * wrote. {@link PyTorchComparisonTest} does the same with the whole XResNet-50.
 */
@Tag("slow")
class PyTorchGoldenTest {

  /**
   * Where a ReLU's input, or the distance of a max pool's two highest, is zero but for rounding,
   * the gradient goes one way or the other. Single elements of a gradient then differ altogether;
   * PyTorch in float32 is as far as this from itself in float64. A wrong layer is off by tens of
   * per cent.
   */
  static final double KINKS = 3e-2;

  private static final Path FILES = Path.of("src/test/resources/pytorch");

  private static PyTorchComparison of(String name) throws IOException {
    return new PyTorchComparison(FILES.resolve(name + ".safetensors"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"xresnet18-narrow", "xresnet50-narrow-grey", "xresnet18-options"})
  void trainsAsPyTorchDoes(String name) throws IOException {
    try (PyTorchComparison comparison = of(name)) {
      comparison.names();
      assertThat(comparison.evalLogits()).isLessThan(1e-4);
      assertThat(comparison.logits()).isLessThan(1e-4);
      Map<String, Double> gradients = comparison.gradients();
      assertThat(worst(gradients.values())).isLessThan(KINKS);
      assertThat(median(gradients.values())).isLessThan(1e-4);
      if (!name.equals("xresnet18-narrow")) {
        // Mish has no kink, and here the max pool is the only layer that has.
        assertThat(worst(afterThePool(gradients))).isLessThan(1e-3);
      }
      assertThat(comparison.statistics()).isLessThan(1e-5);
      assertThat(comparison.losses()).isLessThan(1e-3);
    }
  }

  /** Weights are a function of the names: the logits are torchvision's only if the names are. */
  @ParameterizedTest
  @ValueSource(strings = {"resnet18", "resnet50", "resnext50", "mobilenetv2", "convnext-tiny"})
  void isTorchvisionsModel(String name) throws IOException {
    try (PyTorchComparison comparison = of(name)) {
      comparison.names();
      assertThat(comparison.evalLogits()).isLessThan(1e-4);
      Map<String, Double> gradients = comparison.gradients();
      assertThat(worst(gradients.values())).isLessThan(KINKS);
      assertThat(median(gradients.values())).isLessThan(1e-3);
    }
  }
}
