package dev.leaven.runtime.machine;

import dev.leaven.runtime.graph.Kernels;
import dev.leaven.runtime.graph.Precision;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Chooses kernels and a precision from the known results of a machine, best first. */
final class Choice {

  /** Checks a model's own layers. */
  @FunctionalInterface
  interface ModelCheck {
    Map<Precision, Finding> findings(Kernels kernels, List<Precision> precisions);
  }

  private static final String CHECKED = "checked on this machine";

  private final Verdict verdict;
  private final Workload workload;
  private final ModelCheck ofModel;

  Choice(Verdict verdict, Workload workload, ModelCheck ofModel) {
    this.verdict = verdict;
    this.workload = workload;
    this.ofModel = ofModel;
  }

  Decision made() {
    boolean wanted = wantsBfloat16();
    Finding float32 = verdict.float32();
    Finding bfloat16 = verdict.bfloat16();
    List<Precision> doubtful = new ArrayList<>();
    if (!float32.allowsTraining()) {
      doubtful.add(Precision.FLOAT32);
    }
    if (wanted && !bfloat16.allowsTraining()) {
      doubtful.add(Precision.BFLOAT16);
    }
    boolean own = !doubtful.isEmpty();
    if (own) {
      Map<Precision, Finding> found = ofModel.findings(Kernels.ONEDNN, doubtful);
      float32 = found.getOrDefault(Precision.FLOAT32, float32);
      bfloat16 = found.getOrDefault(Precision.BFLOAT16, bfloat16);
    }
    String checked = own ? "this model's layers were " + CHECKED : CHECKED;
    // Inference and explanations compute some layers in float32 as well.
    if (wanted && bfloat16.allowsTraining() && float32.allowsInference()) {
      return new Decision(Kernels.ONEDNN, Precision.BFLOAT16, checked);
    }
    if (float32.allowsTraining()) {
      return new Decision(
          Kernels.ONEDNN,
          workload.precision() == Precision.FLOAT16 ? Precision.FLOAT16 : Precision.FLOAT32,
          wanted ? "in bfloat16, " + bfloat16.describe() : checked + whyNotBfloat16());
    }
    return plain(float32);
  }

  private boolean wantsBfloat16() {
    return switch (workload.precision()) {
      case BFLOAT16 -> true;
      case AUTO -> workload.hasLargeImages() && verdict.fasterInBfloat16();
      case FLOAT32, FLOAT16 -> false;
    };
  }

  private String whyNotBfloat16() {
    if (workload.precision() != Precision.AUTO) {
      return "";
    }
    if (!workload.hasLargeImages()) {
      return "; on images this small bfloat16 is not faster";
    }
    return verdict.bfloat16Time().isPresent()
        ? String.format(
            Locale.ROOT,
            "; bfloat16 takes %.2g times as long",
            verdict.bfloat16Time().getAsDouble())
        : "";
  }

  private Decision plain(Finding wrong) {
    Finding plain =
        ofModel.findings(Kernels.PLAIN, List.of(Precision.FLOAT32)).get(Precision.FLOAT32);
    if (plain != null && plain.kind() != Finding.Kind.UNCHECKED && !plain.allowsTraining()) {
      throw new MachineException(
          "this machine computes the model incorrectly with all of TensorFlow's kernels: with"
              + " oneDNN, %s; without, %s; train it on another machine"
                  .formatted(wrong.describe(), plain.describe()));
    }
    return Machine.plain(workload.precision(), "with oneDNN, " + wrong.describe());
  }

  static Decision toEvaluate(Verdict verdict) {
    return verdict.float32().allowsInference()
        ? new Decision(Kernels.ONEDNN, Precision.FLOAT32, CHECKED)
        : Machine.plain(Precision.FLOAT32, "with oneDNN, " + verdict.float32().describe());
  }

  static Decision ofGpu(Verdict verdict, Gpu gpu, Workload workload) {
    if (!verdict.float32().allowsTraining()) {
      throw new MachineException(
          "%s computes incorrectly: %s; update its driver, or hide it with CUDA_VISIBLE_DEVICES=-1"
              .formatted(gpu.describe(), verdict.float32().describe()));
    }
    Precision precision =
        workload.precision() == Precision.AUTO ? gpu.precision() : workload.precision();
    if (precision == Precision.BFLOAT16 && !verdict.bfloat16().allowsTraining()) {
      return new Decision(
          Kernels.CUDA,
          Precision.FLOAT32,
          "in bfloat16, %s on %s".formatted(verdict.bfloat16().describe(), gpu.describe()));
    }
    return new Decision(Kernels.CUDA, precision, "on " + gpu.describe());
  }
}
