package dev.leaven.runtime.export;

import dev.leaven.runtime.graph.Values;
import dev.leaven.runtime.train.Plan;
import dev.leaven.runtime.train.Runs;
import dev.leaven.runtime.train.Trainer;
import dev.leaven.runtime.train.TrainingListener;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.SavedModelBundle;
import org.tensorflow.ndarray.NdArrays;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TString;

class ExportTest {

  @TempDir Path directory;

  @Test
  void smoke() throws Exception {
    Plan plan = Runs.plan();
    Trainer.train(
        plan, plan.data().load(plan.seed()), directory.resolve("run"), new TrainingListener() {});
    for (WeightPrecision stored : WeightPrecision.values()) {
      Path model =
          Export.of(directory.resolve("run"))
              .precision(stored)
              .to(directory.resolve("model" + stored));
      System.out.println(Files.readString(model.resolve("assets.extra/leaven.json")));
      byte[] png =
          Files.readAllBytes(
              Path.of("src/test/resources/dev/leaven/runtime/data/images/colour.png"));
      byte[] jpg =
          Files.readAllBytes(
              Path.of("src/test/resources/dev/leaven/runtime/data/images/colour.jpg"));
      try (SavedModelBundle bundle = SavedModelBundle.load(model.toString());
          TString files = TString.tensorOfBytes(NdArrays.vectorOfObjects(png, jpg, png))) {
        for (String name : new String[] {"serving_default", "tta_bytes", "embeddings"}) {
          try (var result = bundle.function(name).call(Map.of("image_bytes", files))) {
            result.forEach(
                e ->
                    System.out.println(
                        name
                            + " "
                            + e.getKey()
                            + " "
                            + e.getValue().shape()
                            + " "
                            + (e.getValue() instanceof TFloat32 f
                                ? java.util.Arrays.toString(Values.of(f))
                                : e.getValue() instanceof TString s
                                    ? s.getObject(
                                        s.shape().numDimensions() == 2
                                            ? new long[] {0, 1}
                                            : new long[] {0})
                                    : "")));
          }
        }
      }
    }
  }
}
