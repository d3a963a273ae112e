package dev.leaven.runtime.machine;

import static dev.leaven.runtime.graph.Kernels.ONEDNN;
import static dev.leaven.runtime.graph.Kernels.PLAIN;
import static dev.leaven.runtime.graph.Precision.AUTO;
import static dev.leaven.runtime.graph.Precision.BFLOAT16;
import static dev.leaven.runtime.graph.Precision.FLOAT16;
import static dev.leaven.runtime.graph.Precision.FLOAT32;
import static dev.leaven.runtime.machine.MadeUpChecker.LAYER;
import static dev.leaven.runtime.machine.MadeUpChecker.found;
import static dev.leaven.runtime.machine.MadeUpChecker.machine;
import static dev.leaven.runtime.machine.MadeUpChecker.right;
import static dev.leaven.runtime.machine.MadeUpChecker.speed;
import static dev.leaven.runtime.machine.MadeUpChecker.wrong;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leaven.runtime.graph.Precision;
import dev.leaven.runtime.train.TinyNet;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every fault that a check can find, with the whole sentence that people read. */
@ExtendWith(Unforced.class)
class ChoiceTest {

  @TempDir Path home;

  private Decision decision(MadeUpChecker checker, Precision asked, int size) {
    return new Machine(checker, home, Map.of())
        .decide(new Workload(new TinyNet(4), 3, 10, List.of(size), asked));
  }

  private void decides(MadeUpChecker checker, Precision asked, int size, String sentence) {
    assertThat(decision(checker, asked, size).describe()).isEqualTo(sentence);
  }

  private void decides(MadeUpChecker checker, Precision asked, String sentence) {
    decides(checker, asked, 64, sentence);
  }

  @Test
  void bfloat16WhereItIsRightAndFaster() {
    MadeUpChecker checker = machine(right(FLOAT32), speed(0.79), right(BFLOAT16));
    decides(checker, AUTO, 32, "oneDNN's kernels in bfloat16: checked on this machine");
    decides(
        checker,
        AUTO,
        31,
        "oneDNN's kernels in float32: checked on this machine; on images this small bfloat16 is not"
            + " faster");
    assertThat(checker.asked()).as("no check of the model").hasSize(1);
  }

  @Test
  void theLargestImagesCount() {
    MadeUpChecker checker = machine(right(FLOAT32), speed(0.5), right(BFLOAT16));
    Decision decision =
        new Machine(checker, home, Map.of())
            .decide(new Workload(new TinyNet(4), 3, 10, List.of(32, 16), AUTO));
    assertThat(decision.precision()).isEqualTo(BFLOAT16);
  }

  @ParameterizedTest
  @CsvSource({"0.9, 0.90", "1.8, 1.8", "12.4, 12"})
  void float32WhereBfloat16IsNotFaster(double ratio, String said) {
    decides(
        machine(right(FLOAT32), speed(ratio), right(BFLOAT16)),
        AUTO,
        "oneDNN's kernels in float32: checked on this machine; bfloat16 takes %s times as long"
            .formatted(said));
  }

  @Test
  void float32WhereTheSpeedWasNotMeasured() {
    decides(machine(right(FLOAT32)), AUTO, "oneDNN's kernels in float32: checked on this machine");
  }

  @Test
  void bfloat16WhereTheModelsOwnLayersAreRight() {
    decides(
        machine(right(FLOAT32), speed(0.5), wrong(BFLOAT16)).model(ONEDNN, right(BFLOAT16)),
        AUTO,
        "oneDNN's kernels in bfloat16: this model's layers were checked on this machine");
  }

  @Test
  void float32WhereTheModelIsWrongInBfloat16() {
    decides(
        machine(right(FLOAT32), speed(0.5), wrong(BFLOAT16)).model(ONEDNN, wrong(BFLOAT16)),
        AUTO,
        "oneDNN's kernels in float32: in bfloat16, a 3×3 convolution of 144 to 32 channels at 7 px"
            + " is off by 46 % of the largest value");
  }

  @Test
  void oneDnnWhereTheModelsOwnLayersAreRight() {
    decides(
        machine(wrong(FLOAT32), speed(1.8)).model(ONEDNN, right(FLOAT32)),
        AUTO,
        "oneDNN's kernels in float32: this model's layers were checked on this machine; bfloat16"
            + " takes 1.8 times as long");
  }

  @Test
  void bothPrecisionsOfTheModelAreCheckedWhereBothAreInDoubt() {
    MadeUpChecker checker =
        machine(wrong(FLOAT32), speed(0.5), wrong(BFLOAT16))
            .model(ONEDNN, right(FLOAT32), right(BFLOAT16));
    decides(
        checker,
        AUTO,
        "oneDNN's kernels in bfloat16: this model's layers were checked on this machine");
    assertThat(checker.asked().get(1).request().precisions()).containsExactly(FLOAT32, BFLOAT16);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          WRONG | 46 % of the largest value \
          | a 3×3 convolution of 144 to 32 channels at 7 px is off by 46 % of the largest value
          WRONG_GRADIENT | 46 % of the largest value \
          | the gradient of a 3×3 convolution of 144 to 32 channels at 7 px is off by 46 % of the largest value
          UNREPEATABLE | '' \
          | a 3×3 convolution of 144 to 32 channels at 7 px gives another result each time
          DIED | '' \
          | a 3×3 convolution of 144 to 32 channels at 7 px ends the process
          TIMED_OUT | '' \
          | a 3×3 convolution of 144 to 32 channels at 7 px does not finish
          FAILED | no memory \
          | a 3×3 convolution of 144 to 32 channels at 7 px fails: no memory
          """)
  void plainKernelsWhereOneDnnIsWrongForTheModel(Finding.Kind kind, String detail, String fault) {
    String found = found(FLOAT32, LAYER, kind, detail);
    MadeUpChecker checker =
        machine(found, speed(1.8))
            .model(ONEDNN, found, wrong(BFLOAT16))
            .model(PLAIN, right(FLOAT32));
    String sentence = "TensorFlow's plain kernels in float32: with oneDNN, " + fault;
    decides(checker, AUTO, sentence);
    decides(checker, BFLOAT16, sentence);
    decides(checker, FLOAT16, sentence.replace("in float32", "in float16"));
    assertThatThrownBy(
            () -> decision(machine(found).model(ONEDNN, found).model(PLAIN, found), AUTO, 48))
        .isInstanceOf(MachineException.class)
        .hasMessage(
            "this machine computes the model incorrectly with all of TensorFlow's kernels: with"
                + " oneDNN, %s; without, %s; train it on another machine".formatted(fault, fault));
  }

  @Test
  void bfloat16DoesNotNeedTheGradientsOfFloat32() {
    String gradient =
        found(FLOAT32, LAYER, Finding.Kind.WRONG_GRADIENT, "46 % of the largest value");
    decides(
        machine(gradient, speed(0.5), right(BFLOAT16)).model(ONEDNN, gradient),
        AUTO,
        "oneDNN's kernels in bfloat16: this model's layers were checked on this machine");
  }

  @Test
  void bfloat16NeedsTheValuesOfFloat32() {
    decides(
        machine(wrong(FLOAT32), speed(0.5), right(BFLOAT16))
            .model(ONEDNN, wrong(FLOAT32))
            .model(PLAIN, right(FLOAT32)),
        AUTO,
        "TensorFlow's plain kernels in float32: with oneDNN, a 3×3 convolution of 144 to 32"
            + " channels at 7 px is off by 46 % of the largest value");
  }

  @Test
  void whatTheRecipeAsksFor() {
    MadeUpChecker checker = machine(right(FLOAT32), speed(1.8)).model(ONEDNN, right(BFLOAT16));
    decides(checker, FLOAT32, "oneDNN's kernels in float32: checked on this machine");
    decides(checker, FLOAT16, "oneDNN's kernels in float16: checked on this machine");
    assertThat(checker.asked()).hasSize(1);
    decides(
        checker,
        BFLOAT16,
        16,
        "oneDNN's kernels in bfloat16: this model's layers were checked on this machine");
  }

  @Test
  void plainKernelsWhereTheModelCannotBeChecked() {
    decides(
        machine(wrong(FLOAT32)),
        AUTO,
        "TensorFlow's plain kernels in float32: with oneDNN, the model's own layers could not be"
            + " checked (no process could be started)");
    decides(
        machine(right(FLOAT32), speed(1.8)),
        BFLOAT16,
        128,
        "TensorFlow's plain kernels in float32: with oneDNN, the model's own layers could not be"
            + " checked (no process could be started)");
  }
}
