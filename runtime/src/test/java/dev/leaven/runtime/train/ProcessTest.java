package dev.leaven.runtime.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leaven.runtime.data.ImageFolder;
import dev.leaven.runtime.plan.Plan;
import dev.leaven.runtime.plan.Stage;
import dev.leaven.runtime.run.RunException;
import dev.leaven.runtime.run.RunResult;
import dev.leaven.runtime.run.TrainingListener;
import java.awt.image.BufferedImage;
import java.io.BufferedReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What only a process of its own can show: that it survives its end, and its memory. */
@EnabledOnOs(OS.LINUX)
@Tag("slow")
class ProcessTest {

  @TempDir static Path shared;

  private static Path photos;
  private static String whole;

  @TempDir Path directory;

  @BeforeAll
  static void trainWithoutAStop() throws Exception {
    photos = photos();
    whole = last(lines(start(shared.resolve("whole"), 3)));
    assertThat(whole).startsWith("finished true");
  }

  /** Trains, or resumes if there is a run; prints a line for each step and the process's memory. */
  public static final class Program {

    private Program() {}

    public static void main(String[] arguments) throws Exception {
      Path photos = Path.of(arguments[0]);
      Path run = Path.of(arguments[1]);
      int epochs = Integer.parseInt(arguments[2]);
      Plan plan =
          Runs.plan(ImageFolder.of(photos), new TinyNet(4), List.of(Runs.stage(16, epochs, 8, 80)));
      TrainingListener prints =
          new TrainingListener() {
            private int steps;

            @Override
            public void onStep(int step, Stage stage, double smoothedLoss) {
              steps++;
              System.out.println("step " + steps + " " + residentKilobytes());
            }
          };
      RunResult result =
          Files.exists(run)
              ? Trainer.resume(run, prints)
              : Trainer.train(plan, plan.data().source().load(plan.seed()), run, prints);
      System.out.println("finished " + result.finished() + " " + Runs.numbers(result));
    }

    private static long residentKilobytes() {
      try {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
            .filter(line -> line.startsWith("VmRSS"))
            .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
            .findFirst()
            .orElseThrow();
      } catch (java.io.IOException e) {
        throw new java.io.UncheckedIOException(e);
      }
    }
  }

  private static Process start(Path run, int epochs, String... options) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(options));
    command.addAll(
        List.of(
            "-cp",
            System.getProperty("java.class.path"),
            Program.class.getName(),
            photos.toString(),
            run.toString(),
            Integer.toString(epochs)));
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
  }

  private static Path photos() throws Exception {
    Path root = shared.resolve("photos");
    Random random = new Random(5);
    for (String part : List.of("train", "val")) {
      for (String name : List.of("a", "b")) {
        Path folder = Files.createDirectories(root.resolve(part).resolve(name));
        for (int i = 0; i < 40; i++) {
          BufferedImage image = new BufferedImage(32, 24, BufferedImage.TYPE_INT_RGB);
          for (int pixel = 0; pixel < 200; pixel++) {
            image.setRGB(random.nextInt(32), random.nextInt(24), random.nextInt());
          }
          ImageIO.write(image, "png", folder.resolve(i + ".png").toFile());
        }
      }
    }
    return root;
  }

  private static List<String> lines(Process process) throws Exception {
    try (BufferedReader reader = process.inputReader()) {
      List<String> lines = reader.lines().toList();
      assertThat(process.waitFor()).as(String.join("\n", lines)).isZero();
      return lines;
    }
  }

  private static String last(List<String> lines) {
    return lines.get(lines.size() - 1);
  }

  @Test
  void aKilledRunEndsAsIfItHadNotBeen() throws Exception {
    Path run = directory.resolve("killed");
    Process process = start(run, 3);
    try (BufferedReader reader = process.inputReader()) {
      // Ten steps make an epoch: the 16th is in the middle of the second.
      String line = reader.readLine();
      while (!line.startsWith("step 16 ")) {
        line = reader.readLine();
      }
      process.destroyForcibly().waitFor();
    }
    List<String> resumed = lines(start(run, 3));
    assertThat(last(resumed)).isEqualTo(whole);
    // From the end of the first epoch: two epochs of ten steps.
    assertThat(resumed).filteredOn(line -> line.startsWith("step")).hasSize(20);
  }

  @Test
  void aRunBelongsToOneProcess() throws Exception {
    Path run = directory.resolve("taken");
    Process process = start(run, 1000);
    try (BufferedReader reader = process.inputReader()) {
      assertThat(reader.readLine()).startsWith("step 1 ");
      assertThatThrownBy(() -> Trainer.resume(run, new TrainingListener() {}))
          .isInstanceOf(RunException.class)
          .hasMessage(
              "%s is in use by another process; wait for it, or choose another directory"
                  .formatted(run));
    } finally {
      process.destroyForcibly().waitFor();
    }
  }

  @Test
  void aTerminatedRunSavesTheStepItIsAt() throws Exception {
    Path run = directory.resolve("terminated");
    Process process = start(run, 3);
    int steps = 0;
    try (BufferedReader reader = process.inputReader()) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        if (line.startsWith("step")) {
          steps++;
        }
        if (line.startsWith("step 14 ")) {
          process.toHandle().destroy();
        }
      }
    }
    // 128 + SIGTERM is what the shell sees of a process that ended by it.
    assertThat(process.waitFor()).isEqualTo(143);
    List<String> resumed = lines(start(run, 3));
    assertThat(last(resumed)).isEqualTo(whole);
    assertThat(resumed).filteredOn(line -> line.startsWith("step")).hasSize(30 - steps);
  }

  @Test
  void memoryStaysWhereItIs() throws Exception {
    // The heap is fixed and touched, so that what moves is native memory.
    List<String> lines =
        lines(
            start(
                directory.resolve("long"),
                31,
                "-Xms256m",
                "-Xmx256m",
                "-XX:+AlwaysPreTouch",
                "-XX:+UseSerialGC"));
    double early = resident(lines, 150);
    double late = resident(lines, 300);
    // 15 epochs: a leak of 60 kB a step, or 0.6 MB an epoch, is seen.
    assertThat(late / early).isBetween(0.9875, 1.0125);
  }

  private static double resident(List<String> lines, int step) {
    String start = "step " + step + " ";
    String line = lines.stream().filter(l -> l.startsWith(start)).findFirst().orElseThrow();
    return Double.parseDouble(line.substring(start.length()));
  }
}
