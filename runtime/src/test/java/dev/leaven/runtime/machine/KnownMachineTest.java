package dev.leaven.runtime.machine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leaven.runtime.TechniqueJson;
import dev.leaven.runtime.graph.Kernels;
import dev.leaven.runtime.graph.Precision;
import dev.leaven.runtime.train.TinyNet;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The file of a machine: where it is damaged or cannot be written, the check is made again. */
@ExtendWith(Unforced.class)
class KnownMachineTest {

  private static final String HERE = MachineName.here(Map.of());
  private static final Finding WRONG = new Finding(Finding.Kind.WRONG, "a layer", "46 %");
  private static final Verdict VERDICT =
      new Verdict(
          HERE,
          "2026-11-30T20:06:33Z",
          4.5,
          WRONG,
          Finding.RIGHT,
          OptionalDouble.of(0.5),
          Optional.of(new Gpu("NVIDIA A100", 8, 0)));

  @TempDir Path home;

  private static String json(String machine) {
    return TechniqueJson.writePretty(
        KnownMachine.of(
            new Verdict(
                machine,
                "2026-11-30T20:06:33Z",
                4.5,
                WRONG,
                WRONG,
                OptionalDouble.empty(),
                Optional.empty())));
  }

  @Test
  void comesBackFromItsFile() {
    KnownMachine known =
        KnownMachine.of(VERDICT)
            .with(Map.of("ONEDNN FLOAT32 a", WRONG), Map.of("model", List.of("ONEDNN FLOAT32 a")))
            .with(Map.of("ONEDNN FLOAT32 b", Finding.RIGHT), Map.of("other", List.of()));
    Path file = home.resolve("machines").resolve("file.json");
    known.write(file);
    assertThat(KnownMachine.read(file, HERE)).hasValue(known);
    assertThat(known.layers()).containsOnlyKeys("ONEDNN FLOAT32 a", "ONEDNN FLOAT32 b");
    assertThat(known.models()).containsOnlyKeys("model", "other");
    assertThat(KnownMachine.read(file, HERE + "\nONEDNN_MAX_CPU_ISA: AVX2")).isEmpty();
  }

  static Stream<String> damaged() {
    String whole = json(HERE);
    return Stream.of(
        "",
        "\n",
        whole.substring(0, 1),
        whole.substring(0, whole.length() / 2),
        whole.substring(0, whole.length() - 1),
        "checked on Monday",
        "null",
        "[]",
        "{}",
        "\"%s\"".formatted(HERE.replace("\n", "\\n")),
        "{\"layers\": {}, \"models\": {}, \"verdict\": null}",
        // Whole, but of this machine in name only.
        whole.replace("\"WRONG\"", "\"PERHAPS\""),
        whole.replace("\"kind\" : \"WRONG\"", "\"kind\" : null"),
        whole.replace("\"float32\"", "\"float64\""),
        whole.replaceFirst("(?s)\"float32\" : \\{.*?\\},", ""),
        whole.replaceFirst("(?s)\"bfloat16\" : \\{.*?\\}", "\"bfloat16\" : null"),
        // Of an older version of Leaven, or another machine.
        json(HERE.replace("check: ", "check: 0")),
        json(HERE + "\nONEDNN_MAX_CPU_ISA: AVX2"));
  }

  @ParameterizedTest
  @MethodSource("damaged")
  void isReplacedWhereItIsNotThatOfThisMachine(String text) throws IOException {
    MadeUpChecker checker = MadeUpChecker.right();
    Machine machine = new Machine(checker, home, Map.of());
    Files.createDirectories(machine.file().getParent());
    Files.writeString(machine.file(), text);
    replaces(checker, machine);
  }

  private void replaces(MadeUpChecker checker, Machine machine) throws IOException {
    assertThat(machine.decide().describe())
        .isEqualTo("oneDNN's kernels in float32: checked on this machine");
    assertThat(machine.verdict().bfloat16Time()).hasValue(1.8);
    assertThat(checker.asked()).hasSize(1);
    assertThat(KnownMachine.read(machine.file(), HERE).orElseThrow().verdict())
        .isEqualTo(machine.verdict());
    try (Stream<Path> files = Files.list(machine.file().getParent())) {
      assertThat(files).as("nothing is left over").containsExactly(machine.file());
    }
  }

  @Test
  void isReplacedWhereItIsNoText() throws IOException {
    MadeUpChecker checker = MadeUpChecker.right();
    Machine machine = new Machine(checker, home, Map.of());
    Files.createDirectories(machine.file().getParent());
    Files.write(machine.file(), "{ÿ".getBytes(StandardCharsets.ISO_8859_1));
    replaces(checker, machine);
  }

  @Test
  void isNotReplacedWhereItIsWhole() throws IOException {
    MadeUpChecker checker = MadeUpChecker.right();
    Machine machine = new Machine(checker, home, Map.of());
    Files.createDirectories(machine.file().getParent());
    Files.writeString(machine.file(), json(HERE));
    assertThat(machine.verdict().float32()).isEqualTo(WRONG);
    assertThat(checker.asked()).isEmpty();
  }

  @Test
  void machinesOfOtherSettingsHaveFilesOfTheirOwn() throws IOException {
    MadeUpChecker checker = MadeUpChecker.right();
    Machine first = new Machine(checker, home, Map.of());
    Machine other = new Machine(checker, home, Map.of("ONEDNN_MAX_CPU_ISA", "AVX2"));
    first.verdict();
    other.verdict();
    assertThat(checker.asked()).hasSize(2);
    assertThat(first.file()).exists().isNotEqualTo(other.file());
    assertThat(first.file().getParent()).isEqualTo(home.resolve("machines"));
  }

  @Test
  void decidesWhereNothingCanBeWritten() throws IOException {
    Path file = Files.writeString(home.resolve("file"), "no folder");
    for (Path folder : List.of(file, file.resolve("below"))) {
      MadeUpChecker checker =
          MadeUpChecker.machine(MadeUpChecker.wrong(Precision.FLOAT32))
              .model(Kernels.ONEDNN, MadeUpChecker.right(Precision.FLOAT32));
      Machine machine = new Machine(checker, folder, Map.of());
      Workload workload = new Workload(new TinyNet(4), 3, 10, List.of(64), Precision.AUTO);
      for (int i = 0; i < 2; i++) {
        assertThat(machine.decide(workload).describe())
            .isEqualTo(
                "oneDNN's kernels in float32: this model's layers were checked on this machine");
      }
      assertThat(checker.asked()).as("kept in memory").hasSize(2);
    }
    assertThat(file).hasContent("no folder");
  }

  @Test
  void decidesWhereAFolderIsInTheFilesPlace() throws IOException {
    MadeUpChecker checker = MadeUpChecker.right();
    Machine machine = new Machine(checker, home, Map.of());
    Files.createDirectories(machine.file().resolve("folder"));
    assertThat(machine.decide().kernels()).isEqualTo(Kernels.ONEDNN);
    try (Stream<Path> files = Files.list(machine.file().getParent())) {
      assertThat(files).as("nothing is left over").containsExactly(machine.file());
    }
  }

  @Test
  void machinesThatCheckAtTheSameTimeAreAllRight() throws Exception {
    int machines = 8;
    CyclicBarrier together = new CyclicBarrier(machines);
    MadeUpChecker checker = MadeUpChecker.right();
    Checker atOnce =
        (kernels, request) -> {
          try {
            together.await();
          } catch (Exception e) {
            throw new IOException(e);
          }
          return checker.check(kernels, request);
        };
    ExecutorService threads = Executors.newFixedThreadPool(machines);
    try {
      List<Future<Decision>> decisions = new ArrayList<>();
      for (int i = 0; i < machines; i++) {
        decisions.add(threads.submit(() -> new Machine(atOnce, home, Map.of()).decide()));
      }
      for (Future<Decision> decision : decisions) {
        assertThat(decision.get().describe())
            .isEqualTo("oneDNN's kernels in float32: checked on this machine");
      }
    } finally {
      threads.shutdownNow();
    }
    assertThat(checker.asked()).hasSize(machines);
    replacesNothing(checker);
  }

  private void replacesNothing(MadeUpChecker checker) throws IOException {
    int before = checker.asked().size();
    Machine later = new Machine(checker, home, Map.of());
    assertThat(later.verdict().float32()).isEqualTo(Finding.RIGHT);
    assertThat(checker.asked()).hasSize(before);
    try (Stream<Path> files = Files.list(later.file().getParent())) {
      assertThat(files).containsExactly(later.file());
    }
  }
}
