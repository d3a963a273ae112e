package dev.leaven.runtime.models;

import static dev.leaven.runtime.models.PyTorchComparison.afterThePool;
import static dev.leaven.runtime.models.PyTorchComparison.median;
import static dev.leaven.runtime.models.PyTorchComparison.worst;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * The whole XResNet-50 against PyTorch on this machine; {@code ./mvnw -Pcompare-pytorch test} runs
 * it.
 */
@EnabledIfSystemProperty(
    named = "compare.pytorch",
    matches = ".+",
    disabledReason = "the profile compare-pytorch, with python3-torch installed, runs it")
class PyTorchComparisonTest {

  @Test
  void xresnet50IsPyTorchs(@TempDir Path folder) throws IOException, InterruptedException {
    String python = System.getProperty("compare.pytorch");
    Process process =
        new ProcessBuilder(
                python, "src/test/python/pytorch_models.py", "xresnet50", folder.toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("output.txt").toFile())
            .start();
    assertThat(process.waitFor())
        .as("%s says: %s", python, Files.readString(folder.resolve("output.txt")))
        .isZero();
    compare(folder.resolve("xresnet50.safetensors"), "XResNet-50", false);
    compare(folder.resolve("xresnet50-mish.safetensors"), "XResNet-50 with Mish", true);
  }

  private static void compare(Path file, String model, boolean smooth) throws IOException {
    try (PyTorchComparison comparison = new PyTorchComparison(file)) {
      comparison.names();
      double evalLogits = comparison.evalLogits();
      double logits = comparison.logits();
      Map<String, Double> gradients = comparison.gradients();
      double worst = worst(gradients.values());
      double afterThePool = worst(afterThePool(gradients));
      double statistics = comparison.statistics();
      double losses = comparison.losses();
      System.out.printf(
          "%s and PyTorch differ by at most: logits %.1e in evaluation, %.1e in training; gradients"
              + " %.1e of their norm, %.1e after the max pool, median %.1e (PyTorch's from its own"
              + " in float64: %.1e); running statistics %.1e; the losses of ten steps %.1e%n",
          model,
          evalLogits,
          logits,
          worst,
          afterThePool,
          median(gradients.values()),
          comparison.gradientRounding(),
          statistics,
          losses);
      assertThat(evalLogits).isLessThan(1e-4);
      assertThat(logits).isLessThan(1e-4);
      assertThat(worst).isLessThan(PyTorchGoldenTest.KINKS);
      if (smooth) {
        assertThat(afterThePool).isLessThan(1e-3);
      }
      assertThat(statistics).isLessThan(1e-5);
      assertThat(losses).isLessThan(1e-3);
    }
  }
}
