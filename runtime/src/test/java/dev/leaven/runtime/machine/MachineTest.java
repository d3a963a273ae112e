package dev.leaven.runtime.machine;

import static dev.leaven.runtime.graph.Kernels.ONEDNN;
import static dev.leaven.runtime.graph.Kernels.PLAIN;
import static dev.leaven.runtime.graph.Precision.AUTO;
import static dev.leaven.runtime.graph.Precision.BFLOAT16;
import static dev.leaven.runtime.graph.Precision.FLOAT16;
import static dev.leaven.runtime.graph.Precision.FLOAT32;
import static dev.leaven.runtime.machine.MadeUpChecker.LAYER;
import static dev.leaven.runtime.machine.MadeUpChecker.OTHER;
import static dev.leaven.runtime.machine.MadeUpChecker.found;
import static dev.leaven.runtime.machine.MadeUpChecker.machine;
import static dev.leaven.runtime.machine.MadeUpChecker.right;
import static dev.leaven.runtime.machine.MadeUpChecker.speed;
import static dev.leaven.runtime.machine.MadeUpChecker.wrong;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leaven.runtime.graph.Precision;
import dev.leaven.runtime.train.TinyNet;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(Unforced.class)
class MachineTest {

  @TempDir Path home;

  private Machine machineOf(MadeUpChecker checker) {
    return new Machine(checker, home, Map.of());
  }

  private static Workload workload(int width, Precision asked) {
    return new Workload(new TinyNet(width), 3, 10, List.of(64), asked);
  }

  @Test
  void asksForTheWholeCheckOnce() throws IOException {
    MadeUpChecker checker = machine(right(FLOAT32), speed(0.5), wrong(BFLOAT16), right(BFLOAT16));
    Verdict verdict = machineOf(checker).verdict();
    assertThat(verdict.machine()).isEqualTo(MachineName.here(Map.of()));
    assertThat(verdict.float32()).isEqualTo(Finding.RIGHT);
    assertThat(verdict.bfloat16Time()).hasValue(0.5);
    assertThat(verdict.gpu()).isEmpty();
    // The second finding is of the same layer and replaces the first.
    assertThat(verdict.bfloat16()).isEqualTo(Finding.RIGHT);
    assertThat(machineOf(checker).verdict()).isEqualTo(verdict);
    assertThat(checker.asked())
        .containsExactly(new MadeUpChecker.Asked(ONEDNN, CheckRequest.ofMachine()));
  }

  @Test
  void saysThatBfloat16WasNotChecked() throws IOException {
    Verdict verdict = machineOf(MadeUpChecker.right()).verdict();
    assertThat(verdict.bfloat16().describe())
        .isEqualTo("no layer was checked, because it is not faster");
    assertThat(verdict.bfloat16().allowsTraining()).isFalse();
    assertThat(verdict.fasterInBfloat16()).isFalse();
  }

  @Test
  void recheckForgetsWhatWasKnown() throws IOException {
    MadeUpChecker wrong = machine(wrong(FLOAT32)).model(ONEDNN, right(FLOAT32));
    Machine machine = machineOf(wrong);
    machine.decide(workload(4, AUTO));
    assertThat(wrong.asked()).hasSize(2);
    machine.recheck();
    machine.decide(workload(4, AUTO));
    assertThat(wrong.asked()).as("the machine and the model again").hasSize(4);
    MadeUpChecker updated = MadeUpChecker.right();
    assertThat(machineOf(updated).recheck().float32()).isEqualTo(Finding.RIGHT);
    assertThat(machineOf(updated).verdict().float32()).isEqualTo(Finding.RIGHT);
    assertThat(updated.asked()).hasSize(1);
  }

  @Test
  void checksTheLayersOfAModelOnce() {
    MadeUpChecker checker = machine(wrong(FLOAT32)).model(ONEDNN, right(FLOAT32));
    Decision decision = machineOf(checker).decide(workload(4, AUTO));
    CheckRequest request = checker.asked().get(1).request();
    assertThat(request)
        .isEqualTo(
            CheckRequest.of(
                new CheckRequest.Model(new TinyNet(4), 3, 10, List.of(64)),
                List.of(FLOAT32),
                List.of()));
    assertThat(machineOf(checker).decide(workload(4, AUTO))).isEqualTo(decision);
    assertThat(checker.asked()).hasSize(2);
  }

  @Test
  void doesNotCheckAgainWhatAnotherModelShares() {
    MadeUpChecker checker = machine(wrong(FLOAT32)).model(ONEDNN, right(FLOAT32));
    machineOf(checker).decide(workload(4, AUTO));
    MadeUpChecker second =
        machine(wrong(FLOAT32))
            .model(
                ONEDNN,
                MadeUpChecker.layer(FLOAT32, LAYER),
                found(FLOAT32, OTHER, Finding.Kind.DIED, ""))
            .model(PLAIN, right(FLOAT32));
    assertThat(machineOf(second).decide(workload(5, AUTO)).describe())
        .isEqualTo(
            "TensorFlow's plain kernels in float32: with oneDNN, a matrix product of 4x512 and"
                + " 512x10 ends the process");
    assertThat(second.asked().get(0).request().known()).containsExactly("FLOAT32 " + LAYER);
    // What is right with oneDNN may be wrong with other kernels.
    assertThat(second.asked().get(1).kernels()).isEqualTo(PLAIN);
    assertThat(second.asked().get(1).request().known()).isEmpty();
    assertThat(second.asked()).hasSize(2);
    assertThat(machineOf(second).decide(workload(4, AUTO)).kernels()).isEqualTo(ONEDNN);
    assertThat(second.asked()).hasSize(2);
  }

  @Test
  void aFaultOfLayersTogetherCountsForTheModel() {
    MadeUpChecker checker =
        machine(wrong(FLOAT32)).model(ONEDNN, right(FLOAT32)).model(PLAIN, right(FLOAT32));
    Checker diesTogether =
        (kernels, request) -> {
          CheckReply reply = checker.check(kernels, request);
          if (kernels == ONEDNN && request.model().isPresent()) {
            Finding died = new Finding(Finding.Kind.DIED, "one of 2 layers from a pool on", "");
            reply.put(FLOAT32, CheckReply.TOGETHER, died);
          }
          return reply;
        };
    for (int i = 0; i < 2; i++) {
      assertThat(new Machine(diesTogether, home, Map.of()).decide(workload(4, AUTO)).describe())
          .isEqualTo(
              "TensorFlow's plain kernels in float32: with oneDNN, one of 2 layers from a pool on"
                  + " ends the process");
    }
    assertThat(checker.asked()).hasSize(3);
  }

  @Test
  void aModelWithoutAnyCheckedLayerIsNotRight() {
    MadeUpChecker checker =
        machine(wrong(FLOAT32)).model(ONEDNN, speed(1.8)).model(PLAIN, speed(1.8));
    assertThat(machineOf(checker).decide(workload(4, AUTO)).describe())
        .isEqualTo(
            "TensorFlow's plain kernels in float32: with oneDNN, none of the model's layers could"
                + " be checked");
  }

  @Test
  void whatEndedAProcessIsNotComputedAgain() {
    MadeUpChecker checker =
        machine(wrong(FLOAT32))
            .model(
                ONEDNN,
                // The layers after it were not reached.
                MadeUpChecker.layer(FLOAT32, OTHER),
                found(FLOAT32, LAYER, Finding.Kind.DIED, ""))
            .model(PLAIN, right(FLOAT32));
    for (int i = 0; i < 2; i++) {
      assertThat(machineOf(checker).decide(workload(4, AUTO)).kernels()).isEqualTo(PLAIN);
    }
    assertThat(checker.asked()).hasSize(3);
  }

  @Test
  void evaluatesByTheMachinesCheckAlone() {
    assertThat(machineOf(MadeUpChecker.right()).decide().describe())
        .isEqualTo("oneDNN's kernels in float32: checked on this machine");
    assertThat(evaluated(Finding.Kind.WRONG_GRADIENT).describe())
        .isEqualTo("oneDNN's kernels in float32: checked on this machine");
    assertThat(evaluated(Finding.Kind.WRONG).describe())
        .isEqualTo(
            "TensorFlow's plain kernels in float32: with oneDNN, a 3×3 convolution of 144 to 32"
                + " channels at 7 px is off by 46 %");
  }

  private Decision evaluated(Finding.Kind kind) {
    MadeUpChecker checker = machine(found(FLOAT32, LAYER, kind, "46 %"));
    return new Machine(checker, home.resolve(kind.name()), Map.of()).decide();
  }

  @Test
  void plainKernelsWhereNothingCanBeChecked() {
    String sentence =
        "TensorFlow's plain kernels in float32: this machine could not be checked (no process could"
            + " be started); LEAVEN_KERNELS=onednn takes the fast kernels unchecked";
    Machine machine = machineOf(MadeUpChecker.none());
    assertThat(machine.decide(workload(4, AUTO)).describe()).isEqualTo(sentence);
    assertThat(machine.decide(workload(4, BFLOAT16)).describe()).isEqualTo(sentence);
    assertThat(machine.decide().describe()).isEqualTo(sentence);
    assertThat(machine.decide(workload(4, FLOAT16)).precision()).isEqualTo(FLOAT16);
    assertThat(machine.file()).as("nothing is kept").doesNotExist();
    assertThatThrownBy(machine::verdict)
        .isInstanceOf(IOException.class)
        .hasMessage("no process could be started");
  }

  @Test
  void saysThatItChecks() throws IOException {
    List<String> said = new ArrayList<>();
    Machine.onCheck(said::add);
    try {
      MadeUpChecker checker = machine(wrong(FLOAT32)).model(ONEDNN, right(FLOAT32));
      machineOf(checker).decide(workload(4, AUTO));
      machineOf(checker).decide(workload(4, AUTO));
    } finally {
      Machine.onCheck(text -> {});
    }
    assertThat(said)
        .containsExactly(
            "checking this machine once, which takes a few seconds",
            "checking the layers of this model on this machine, once");
  }
}
