package dev.leaven.runtime.machine;

import static dev.leaven.runtime.graph.Precision.BFLOAT16;
import static dev.leaven.runtime.graph.Precision.FLOAT32;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leaven.runtime.TechniqueJson;
import dev.leaven.runtime.graph.Kernels;
import dev.leaven.runtime.graph.Precision;
import dev.leaven.runtime.models.Architecture;
import dev.leaven.runtime.nn.Layers;
import dev.leaven.runtime.train.TinyNet;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

/** The program itself, in processes as they are on every machine. */
@Tag("slow")
class CheckProgramTest {

  private static final CheckRequest.Model TINY =
      new CheckRequest.Model(new TinyNet(8), 3, 10, List.of(16));
  private static final String CONVOLUTION = "Conv2D,4x18x18x3,3x3x3x8,2,VALID";
  private static final String NORM = "FusedBatchNormV3,4x8x8x8,8,1,VALID";
  private static final String HEAD = "MatMul,4x8,8x10,1,VALID";

  /** An architecture that cannot be built. */
  public record Unbuildable() implements Architecture {

    @Override
    public Operand<TFloat32> logits(
        Layers layers, Operand<TFloat32> images, int channels, int classes) {
      throw new IllegalStateException("there is no\nmodel of %d classes".formatted(classes));
    }

    @Override
    public String describe() {
      return "none";
    }
  }

  @Test
  void plainKernelsAreRight() throws IOException {
    CheckReply reply =
        CheckProcess.usual()
            .check(Kernels.PLAIN, CheckRequest.of(TINY, List.of(FLOAT32), List.of()));
    assertThat(reply.complete()).isTrue();
    assertThat(reply.layers(FLOAT32)).containsExactlyInAnyOrder(CONVOLUTION, NORM, HEAD);
    assertThat(reply.findings(FLOAT32)).containsOnlyKeys(CONVOLUTION, NORM, HEAD);
    assertThat(reply.findings(FLOAT32).values()).containsOnly(Finding.RIGHT);
    assertThat(reply.speed()).isEmpty();
  }

  /** Whether they are right depends on the machine; that they are answered for does not. */
  @Test
  void oneDnnIsAnsweredFor() throws IOException {
    CheckReply reply =
        CheckProcess.usual()
            .check(Kernels.ONEDNN, CheckRequest.of(TINY, List.of(FLOAT32, BFLOAT16), List.of()));
    for (Precision precision : List.of(FLOAT32, BFLOAT16)) {
      boolean all = reply.findings(precision).keySet().containsAll(reply.layers(precision));
      boolean ends =
          reply.findings(precision).values().stream()
              .map(Finding::kind)
              .anyMatch(kind -> kind == Finding.Kind.DIED || kind == Finding.Kind.TIMED_OUT);
      assertThat(!reply.layers(precision).isEmpty() && all || ends).as("%s", precision).isTrue();
    }
    // A fourth channel of zeros.
    assertThat(reply.layers(BFLOAT16)).contains("Conv2D,4x18x18x4,3x3x4x8,2,VALID");
  }

  @Test
  void saysWhyAModelCannotBeBuilt() {
    CheckRequest.Model none = new CheckRequest.Model(new Unbuildable(), 3, 10, List.of(16));
    assertThatThrownBy(
            () ->
                CheckProcess.usual()
                    .check(Kernels.PLAIN, CheckRequest.of(none, List.of(FLOAT32), List.of())))
        .isInstanceOf(IOException.class)
        .hasMessage("the process for it failed: there is no model of 10 classes");
  }

  private static List<String> lines(CheckRequest request) throws IOException {
    return lines(TechniqueJson.write(request));
  }

  private static List<String> lines(String request) throws IOException {
    InputStream in = System.in;
    PrintStream out = System.out;
    ByteArrayOutputStream written = new ByteArrayOutputStream();
    System.setIn(new ByteArrayInputStream(request.getBytes(StandardCharsets.UTF_8)));
    System.setOut(new PrintStream(written, true, StandardCharsets.UTF_8));
    try {
      CheckProgram.main(new String[0]);
    } finally {
      System.setIn(in);
      System.setOut(out);
    }
    return written
        .toString(StandardCharsets.UTF_8)
        .lines()
        .map(line -> line.replace(CheckReply.PREFIX, "").replace('\t', ' '))
        .toList();
  }

  @Test
  void announcesEachLayerBeforeItComputesIt() throws IOException {
    CheckRequest all = CheckRequest.of(TINY, List.of(FLOAT32), List.of("FLOAT32 " + NORM));
    assertThat(lines(all))
        .startsWith(
            "layer FLOAT32 " + CONVOLUTION,
            "layer FLOAT32 " + NORM,
            "layer FLOAT32 " + HEAD,
            "begin FLOAT32 %s %s".formatted(CONVOLUTION, HEAD))
        .endsWith("end")
        .hasSize(7);
    assertThat(lines(all.rest(List.of(FLOAT32), List.of())))
        .filteredOn(line -> line.startsWith("begin"))
        .containsExactly("begin FLOAT32 " + CONVOLUTION, "begin FLOAT32 " + HEAD);
  }

  /** As after another layer that ended the process. */
  @Test
  void computesEachLayerAlone() throws IOException {
    CheckRequest alone =
        CheckRequest.of(TINY, List.of(FLOAT32), List.of()).rest(List.of(FLOAT32), List.of());
    CheckReply reply = CheckProcess.usual().check(Kernels.PLAIN, alone);
    assertThat(reply.findings(FLOAT32)).containsOnlyKeys(CONVOLUTION, NORM, HEAD);
    assertThat(reply.findings(FLOAT32).values()).containsOnly(Finding.RIGHT);
  }

  @Test
  void announcesTheTiming() throws IOException {
    CheckRequest timed =
        new CheckRequest(
            List.of(BFLOAT16),
            false,
            Optional.of(TINY),
            List.of("BFLOAT16 " + NORM, "BFLOAT16 " + HEAD),
            true,
            false);
    List<String> lines = lines(timed);
    assertThat(lines.get(0)).isEqualTo("begin BFLOAT16 Conv2D,8x32x32x64,3x3x64x64,1,SAME");
    assertThat(lines.get(1)).startsWith("speed ");
    double ratio = Double.parseDouble(lines.get(1).substring("speed ".length()));
    assertThat(ratio).isPositive().isFinite();
    assertThat(lines.stream().anyMatch(line -> line.startsWith("found")))
        .as("what is not faster is not checked")
        .isEqualTo(ratio <= Verdict.FASTER);
  }

  @Test
  void saysWhatItDoesNotUnderstand() throws IOException {
    assertThat(lines("{\"precisions\": []"))
        .singleElement()
        .asString()
        .startsWith("error not a CheckRequest in JSON: ");
  }
}
