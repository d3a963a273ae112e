package dev.leaven.runtime.internal.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leaven.runtime.plan.EpochReport;
import dev.leaven.runtime.plan.Plan;
import dev.leaven.runtime.run.RunResult;
import dev.leaven.runtime.run.StepReport;
import dev.leaven.runtime.run.TrainingListener;
import dev.leaven.runtime.run.TrainingOptions;
import dev.leaven.runtime.train.Runs;
import dev.leaven.runtime.train.Trainer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
class TensorBoardTest {

  @TempDir Path directory;

  private static final Plan PLAN = Runs.plan();
  private static final TrainingOptions EVERY_SECOND = TrainingOptions.usual().tensorBoard(2);

  /** A point: a tag, its step and its value. */
  private record Point(String tag, long step, float value) {}

  private RunResult train(String name, TrainingOptions options, TrainingListener listener) {
    return Trainer.train(
        PLAN, PLAN.data().source().load(PLAN.seed()), directory.resolve(name), options, listener);
  }

  @Test
  void theNumbersOfARunAreThere() throws Exception {
    List<StepReport> steps = new ArrayList<>();
    RunResult run =
        train(
            "run",
            EVERY_SECOND,
            new TrainingListener() {
              @Override
              public void onStep(StepReport report) {
                steps.add(report);
              }
            });
    assertThat(steps).extracting(StepReport::ofRun).startsWith(1L).endsWith(24L).hasSize(24);
    Map<String, Map<Long, Float>> points = points("run");
    assertThat(points.keySet())
        .containsExactlyInAnyOrder(
            "step/loss",
            "step/learning_rate",
            "train/loss",
            "train/mixed_top1",
            "train/learning_rate",
            "train/images_per_second",
            "train/waiting",
            "valid/loss",
            "valid/plain_loss",
            "valid/top1",
            "valid/top5",
            "tta/loss",
            "tta/plain_loss",
            "tta/top1",
            "tta/top5");
    assertThat(points.get("step/loss")).hasSize(12);
    for (StepReport step : steps) {
      if (step.ofRun() % 2 == 0) {
        assertThat(points.get("step/loss")).containsEntry(step.ofRun(), (float) step.loss());
        assertThat(points.get("step/learning_rate"))
            .containsEntry(step.ofRun(), (float) step.learningRate());
      }
    }
    assertThat(points.get("valid/top1").keySet()).containsExactly(6L, 12L, 18L, 24L);
    for (EpochReport report : run.history()) {
      long step = 6L * report.epoch();
      assertThat(points.get("valid/top1")).containsEntry(step, (float) report.valid().top1());
      assertThat(points.get("valid/loss")).containsEntry(step, (float) report.valid().loss());
      assertThat(points.get("train/loss")).containsEntry(step, (float) report.trainLoss());
      assertThat(points.get("train/mixed_top1"))
          .containsEntry(step, report.trainTop1().orElseThrow().floatValue());
    }
    assertThat(points.get("tta/top1"))
        .containsExactly(Map.entry(24L, (float) run.tta().orElseThrow().top1()));
  }

  @Test
  void aKilledRunAddsAFileWithoutStepsTwice() throws Exception {
    train("whole", EVERY_SECOND, new TrainingListener() {});
    TrainingListener kill =
        new TrainingListener() {
          @Override
          public void onStep(StepReport report) {
            if (report.ofRun() == 11) {
              throw new IllegalStateException("killed");
            }
          }
        };
    assertThatThrownBy(() -> train("killed", EVERY_SECOND, kill)).hasMessage("killed");
    Path first = files("killed").get(0);
    // As if the process had ended while it wrote.
    byte[] bytes = Files.readAllBytes(first);
    byte[] cut = java.util.Arrays.copyOf(bytes, bytes.length + 7);
    cut[bytes.length] = 40;
    Files.write(first, cut);
    assertThat(parse(bytes)).extracting(Point::step).contains(10L);

    Trainer.resume(
        directory.resolve("killed"), PLAN.data().source(), EVERY_SECOND, new TrainingListener() {});
    assertThat(files("killed")).hasSize(2).element(0).isEqualTo(first);
    assertThat(points("killed").get("step/loss")).isEqualTo(points("whole").get("step/loss"));
    assertThat(points("killed").get("valid/top1")).isEqualTo(points("whole").get("valid/top1"));
    assertThat(parse(Files.readAllBytes(first))).extracting(Point::step).doesNotContain(8L, 10L);
  }

  @Test
  void epochsThatNoFileHasAreAdded() throws Exception {
    TrainingListener kill =
        new TrainingListener() {
          @Override
          public void onStep(StepReport report) {
            if (report.ofRun() == 14) {
              throw new IllegalStateException("killed");
            }
          }
        };
    assertThatThrownBy(() -> train("later", TrainingOptions.usual(), kill)).hasMessage("killed");
    RunResult run =
        Trainer.resume(
            directory.resolve("later"),
            PLAN.data().source(),
            EVERY_SECOND,
            new TrainingListener() {});
    Map<String, Map<Long, Float>> points = points("later");
    assertThat(points.get("valid/loss").keySet()).containsExactly(6L, 12L, 18L, 24L);
    assertThat(points.get("valid/loss"))
        .containsEntry(6L, (float) run.history().get(0).valid().loss());
    assertThat(points.get("step/loss").keySet()).containsExactly(14L, 16L, 18L, 20L, 22L, 24L);
  }

  private List<Path> files(String run) throws Exception {
    try (var files = Files.list(directory.resolve(run).resolve("tensorboard"))) {
      return files.sorted().toList();
    }
  }

  /** The points of all files, each step at most once. */
  private Map<String, Map<Long, Float>> points(String run) throws Exception {
    Map<String, Map<Long, Float>> points = new TreeMap<>();
    for (Path file : files(run)) {
      assertThat(file.getFileName().toString()).startsWith("events.out.tfevents.");
      for (Point point : parse(Files.readAllBytes(file))) {
        Float before =
            points
                .computeIfAbsent(point.tag(), tag -> new TreeMap<>())
                .put(point.step(), point.value());
        assertThat(before).as("%s twice at step %d", point.tag(), point.step()).isNull();
      }
    }
    return points;
  }

  // What follows reads the format by its description, without the classes that wrote it.

  private static List<Point> parse(byte[] file) {
    List<Point> points = new ArrayList<>();
    ByteBuffer in = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    boolean first = true;
    while (in.hasRemaining()) {
      int start = in.position();
      int length = (int) in.getLong();
      assertThat(in.getInt()).isEqualTo(maskedCrc(file, start, 8));
      int data = in.position();
      in.position(data + length);
      assertThat(in.getInt()).isEqualTo(maskedCrc(file, data, length));
      points.addAll(event(ByteBuffer.wrap(file, data, length).slice(), first));
      first = false;
    }
    return points;
  }

  // CRC-32C bit by bit, with the polynomial of Castagnoli reversed, then turned and moved.
  private static int maskedCrc(byte[] bytes, int from, int length) {
    int crc = -1;
    for (int i = from; i < from + length; i++) {
      crc ^= bytes[i] & 0xff;
      for (int bit = 0; bit < 8; bit++) {
        crc = (crc & 1) == 1 ? crc >>> 1 ^ 0x82f63b78 : crc >>> 1;
      }
    }
    crc = ~crc;
    return (crc >>> 15 | crc << 17) + 0xa282ead8;
  }

  // Event: 1 wall_time (double), 2 step (varint), 3 file_version, 5 summary, 7 session_log.
  private static List<Point> event(ByteBuffer in, boolean first) {
    in.order(ByteOrder.LITTLE_ENDIAN);
    long step = 0;
    List<Point> points = new ArrayList<>();
    while (in.hasRemaining()) {
      int key = (int) varint(in);
      switch (key >> 3) {
        case 1 -> assertThat(in.getDouble()).isGreaterThan(1.6e9);
        case 2 -> step = varint(in);
        case 3 -> {
          assertThat(first).isTrue();
          assertThat(text(bytes(in))).isEqualTo("brain.Event:2");
        }
        case 5 -> points.addAll(summary(bytes(in), step));
        case 7 -> bytes(in);
        default -> throw new AssertionError("field " + (key >> 3));
      }
    }
    return points;
  }

  // Summary: 1 value. Value: 1 tag, 2 simple_value (float).
  private static List<Point> summary(ByteBuffer in, long step) {
    List<Point> points = new ArrayList<>();
    while (in.hasRemaining()) {
      assertThat(varint(in)).isEqualTo(1 << 3 | 2);
      ByteBuffer value = bytes(in);
      assertThat(varint(value)).isEqualTo(1 << 3 | 2);
      String tag = text(bytes(value));
      assertThat(varint(value)).isEqualTo(2 << 3 | 5);
      points.add(new Point(tag, step, value.getFloat()));
    }
    return points;
  }

  private static long varint(ByteBuffer in) {
    long value = 0;
    for (int shift = 0; ; shift += 7) {
      byte next = in.get();
      value |= (long) (next & 0x7f) << shift;
      if (next >= 0) {
        return value;
      }
    }
  }

  private static ByteBuffer bytes(ByteBuffer in) {
    int length = (int) varint(in);
    ByteBuffer part = in.slice(in.position(), length).order(ByteOrder.LITTLE_ENDIAN);
    in.position(in.position() + length);
    return part;
  }

  private static String text(ByteBuffer in) {
    return StandardCharsets.UTF_8.decode(in).toString();
  }
}
