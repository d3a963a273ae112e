package dev.leaven.runtime.machine;

import dev.leaven.runtime.TechniqueJson;
import dev.leaven.runtime.graph.Kernels;
import dev.leaven.runtime.graph.Precision;
import dev.leaven.runtime.internal.tensorflow.Device;
import dev.leaven.runtime.internal.tensorflow.TensorFlowErrors;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The program that a check runs in a separate process, because wrong kernels may crash it. It reads
 * the layers to check, a line each, and writes each layer that it begins and each result, a line
 * each, so the last begun layer is known when it crashes.
 */
final class CheckProgram {

  // More layers in a graph are faster to prepare, fewer need less memory.
  private static final int TOGETHER = 8;

  private final PrintStream out;
  private final boolean gpu;

  private CheckProgram(PrintStream out, boolean gpu) {
    this.out = out;
    this.gpu = gpu;
  }

  /**
   * Checks the layers that standard input requests.
   *
   * @param arguments none
   * @throws IOException when standard input cannot be read
   */
  public static void main(String[] arguments) throws IOException {
    String json = new String(System.in.readAllBytes(), StandardCharsets.UTF_8);
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    try {
      check(TechniqueJson.read(json, CheckRequest.class), out);
    } catch (RuntimeException | LinkageError e) {
      String message = String.valueOf(e.getMessage()).replaceAll("\\s+", " ");
      out.println(CheckReply.PREFIX + "error\t" + message);
    }
  }

  private static void check(CheckRequest request, PrintStream out) {
    boolean gpu = Device.all().stream().anyMatch(device -> device.type().equals("GPU"));
    CheckProgram program = new CheckProgram(out, gpu);
    if (gpu) {
      Kernels.chosen(Kernels.CUDA);
      program.write("gpu");
    }
    program.run(request);
    program.write("end");
  }

  private void run(CheckRequest request) {
    for (Precision precision : request.precisions()) {
      if (precision == Precision.BFLOAT16 && request.speed() && isSlow()) {
        return;
      }
      check(request, precision);
    }
  }

  private void check(CheckRequest request, Precision precision) {
    List<LayerShape> wanted =
        shapes(request, precision).stream()
            .filter(shape -> !request.knows(precision, shape))
            .toList();
    int together = request.alone() ? 1 : TOGETHER;
    for (int i = 0; i < wanted.size(); i += together) {
      check(wanted.subList(i, Math.min(wanted.size(), i + together)), precision);
    }
  }

  private Set<LayerShape> shapes(CheckRequest request, Precision precision) {
    Set<LayerShape> shapes = new LinkedHashSet<>();
    request
        .model()
        .ifPresent(
            model ->
                model
                    .sizes()
                    .forEach(size -> shapes.addAll(ModelLayers.of(model, size, precision))));
    shapes.forEach(shape -> write("layer", precision.name(), shape.key()));
    if (request.usual()) {
      shapes.addAll(ModelLayers.usual(precision));
    }
    return shapes;
  }

  private void check(List<LayerShape> shapes, Precision precision) {
    String keys = shapes.stream().map(LayerShape::key).collect(Collectors.joining(" "));
    write("begin", precision.name(), keys);
    boolean between = gpu && precision == Precision.BFLOAT16;
    try (LayerTests tests =
        new LayerTests(shapes, (tf, shape) -> new LayerGraph(tf, shape, between))) {
      tests
          .run(precision)
          .forEach(
              (shape, deviation) ->
                  found(precision, shape, Finding.of(shape, deviation, allowed(precision))));
    } catch (RuntimeException e) {
      if (!TensorFlowErrors.isOne(e)) {
        throw e;
      }
      if (shapes.size() > 1) {
        shapes.forEach(shape -> check(List.of(shape), precision));
      } else {
        String message = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
        LayerShape shape = shapes.get(0);
        found(precision, shape, new Finding(Finding.Kind.FAILED, shape.describe(), message));
      }
    }
  }

  // Float32 sums differ from float64 by about 1e-6 of the largest value; GPUs round the factors to
  // 10 bits (TF32). A bfloat16 has 8 bits: two rounded factors and a rounded result differ by 0.6
  // %. Sums in bfloat16 have an error that grows with the number of terms.
  private double allowed(Precision precision) {
    return switch (precision) {
      case FLOAT32 -> gpu ? 1e-2 : 1e-4;
      default -> 1.2e-2;
    };
  }

  private void found(Precision precision, LayerShape shape, Finding finding) {
    write(
        "found",
        precision.name(),
        shape.key(),
        finding.kind().name(),
        finding.layer(),
        finding.detail());
  }

  // A GPU has one fastest precision, whatever the time of a single layer.
  private boolean isSlow() {
    return !gpu && speed() > Verdict.FASTER;
  }

  private double speed() {
    write("begin", Precision.BFLOAT16.name(), LayerSpeed.LAYER.key());
    try (LayerSpeed speed = new LayerSpeed()) {
      double ratio = speed.ratio();
      write("speed", Double.toString(ratio));
      return ratio;
    }
  }

  private void write(String... parts) {
    out.println(CheckReply.PREFIX + String.join("\t", parts));
  }
}
