package dev.leaven.runtime.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.leaven.runtime.data.InMemoryImages;
import dev.leaven.runtime.data.Samples;
import dev.leaven.runtime.evaluate.FlipView;
import dev.leaven.runtime.evaluate.MultiScale;
import dev.leaven.runtime.evaluate.Predictions;
import dev.leaven.runtime.evaluate.TenCrop;
import dev.leaven.runtime.evaluate.TestTimeViews;
import dev.leaven.runtime.internal.tensorflow.Values;
import dev.leaven.runtime.optimize.MovingAverage;
import dev.leaven.runtime.plan.Plan;
import dev.leaven.runtime.plan.Stage;
import dev.leaven.runtime.run.RunException;
import dev.leaven.runtime.run.RunResult;
import dev.leaven.runtime.train.Runs;
import dev.leaven.runtime.train.TinyNet;
import dev.leaven.runtime.train.TrainedModel;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.Result;
import org.tensorflow.SavedModelBundle;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.NdArrays;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.TString;
import org.tensorflow.types.TUint8;

/** What leaves a run answers as the run does. */
@Tag("slow")
class ExportTest {

  // Folding rounds each weight once more: a few millionths of a probability.
  private static final float SAME = 1e-5f;

  @TempDir static Path folder;

  private static List<Path> files;
  private static RunResult run;
  private static Path model;

  @TempDir Path own;

  @BeforeAll
  static void train() throws IOException {
    files = Photographs.files(folder.resolve("files"));
    Plan plan = Photographs.plan(Photographs.data(folder.resolve("images")));
    run = Photographs.train(plan, folder.resolve("run"));
    model = Export.of(run).to(folder.resolve("model"));
  }

  private static float[][] asTheRunDoes(int size) {
    try (TrainedModel trained = TrainedModel.open(run.directory())) {
      Predictions answers =
          trained.predict(
              new Samples.Files(files, new int[files.size()]), size, Photographs.SILENT);
      assertThat(answers.size()).isEqualTo(files.size());
      return answers.answers();
    }
  }

  private static float[] values(Prediction prediction) {
    float[] values = new float[prediction.values().size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = prediction.values().get(i);
    }
    return values;
  }

  @ParameterizedTest
  @ValueSource(ints = {24, 40})
  void everyFileIsAnsweredAsTheRunDoes(int size) throws IOException {
    Path exported = Export.of(run).size(size).to(own.resolve("model"));
    float[][] expected = asTheRunDoes(size);
    // Answers that were all alike would agree whatever became of the images.
    assertThat(Arrays.stream(expected).mapToDouble(answer -> answer[0]).distinct().count())
        .isGreaterThan(files.size() / 2);
    try (Predictor predictor = Predictor.load(exported)) {
      List<Prediction> together = predictor.predictFiles(files);
      for (int i = 0; i < expected.length; i++) {
        String name = files.get(i).getFileName().toString();
        assertThat(values(together.get(i))).as(name).containsExactly(expected[i], within(SAME));
        assertThat(values(predictor.predict(files.get(i))))
            .as(name)
            .containsExactly(expected[i], within(SAME));
        assertThat(values(predictor.predict(Files.readAllBytes(files.get(i)))))
            .as(name)
            .containsExactly(expected[i], within(SAME));
      }
    }
  }

  static List<TestTimeViews> fixedViews() {
    return List.of(
        new FlipView(0.3, false),
        new TenCrop(),
        new MultiScale(List.of(0.8, 1.25), true, 0.25, true));
  }

  @ParameterizedTest
  @MethodSource("fixedViews")
  void viewsThatAreNotDrawnAreThoseOfEvaluation(TestTimeViews policy) throws IOException {
    Plan plan =
        Runs.with(
            Photographs.plan(Photographs.data(own.resolve("images"))), "tta", Optional.of(policy));
    RunResult other = Photographs.train(plan, own.resolve("run"));
    Path exported = Export.of(other).to(own.resolve("model"));
    try (TrainedModel trained = TrainedModel.open(other.directory());
        Predictor predictor = Predictor.load(exported)) {
      float[][] expected =
          trained
              .predict(
                  new Samples.Files(files, new int[files.size()]),
                  trained.stage().size(),
                  policy,
                  Photographs.SILENT)
              .answers();
      List<Prediction> answers = predictor.tta().predictFiles(files);
      for (int i = 0; i < expected.length; i++) {
        assertThat(values(answers.get(i)))
            .as(files.get(i).getFileName().toString())
            .containsExactly(expected[i], within(SAME));
      }
    }
  }

  @Test
  void anImageThatJavaHoldsIsAnsweredAsItsFile() throws IOException {
    try (Predictor predictor = Predictor.load(model)) {
      for (Path file : files) {
        if (file.toString().endsWith(".png")) {
          BufferedImage image = ImageIO.read(file.toFile());
          assertThat(values(predictor.predict(image)))
              .as(file.toString())
              .isEqualTo(values(predictor.predict(file)));
        }
      }
      BufferedImage grey = new BufferedImage(30, 20, BufferedImage.TYPE_BYTE_GRAY);
      BufferedImage deep = new BufferedImage(30, 20, BufferedImage.TYPE_USHORT_GRAY);
      for (int x = 0; x < 30; x++) {
        for (int y = 0; y < 20; y++) {
          grey.getRaster().setSample(x, y, 0, 8 * x + y);
          deep.getRaster().setSample(x, y, 0, 257 * (8 * x + y));
        }
      }
      byte[] file = Photographs.encoded(grey, "png");
      assertThat(values(predictor.predict(grey))).isEqualTo(values(predictor.predict(file)));
      assertThat(values(predictor.predict(deep))).isEqualTo(values(predictor.predict(file)));
    }
  }

  @Test
  void pixelsAreAnsweredAsTheRunDoes() {
    Samples.Pixels images = Runs.stripes(48, 20, 1);
    Stage stage = new Stage(16, 18, 18, 2, 8, 6, 0.01, Runs.plan().stages().get(0).schedule());
    Plan plan =
        Runs.plan(
            InMemoryImages.of(images, images, List.of("across", "upright")),
            new TinyNet(6),
            List.of(stage));
    RunResult grey = Photographs.train(plan, own.resolve("run"));
    Path exported = Export.of(grey).to(own.resolve("model"));
    try (TrainedModel trained = TrainedModel.open(grey.directory());
        SavedModelBundle bundle = SavedModelBundle.load(exported.toString());
        TUint8 pixels =
            TUint8.tensorOf(Shape.of(48, 20, 20, 1), DataBuffers.of(images.pixels(), true, false));
        Result result = bundle.function("pixels").call(Map.of("images", pixels));
        Result views = bundle.function("tta_pixels").call(Map.of("images", pixels))) {
      float[][] expected = trained.predict(images, 16, Photographs.SILENT).answers();
      float[][] answers = probabilities(result);
      for (int i = 0; i < expected.length; i++) {
        assertThat(answers[i]).containsExactly(expected[i], within(SAME));
      }
      assertThat(probabilities(views)).hasDimensions(48, 2);
      assertThat(Arrays.deepEquals(probabilities(views), answers)).isFalse();
    }
  }

  private static float[][] probabilities(Result result) {
    return Values.rows((TFloat32) result.get("probabilities").orElseThrow());
  }

  @Test
  void aMirrorIsTheViewOfARecipeWithoutTestTimeAugmentation() throws IOException {
    Plan plan =
        Runs.with(
            Photographs.plan(Photographs.data(own.resolve("images"))), "tta", Optional.empty());
    Path exported = Export.of(Photographs.train(plan, own.resolve("run"))).to(own.resolve("model"));
    BufferedImage image = Photographs.image(54, 54, 5);
    BufferedImage mirrored = new BufferedImage(54, 54, BufferedImage.TYPE_INT_RGB);
    mirrored.createGraphics().drawImage(image, 54, 0, -54, 54, null);
    try (Predictor predictor = Predictor.load(exported)) {
      float[] here = values(predictor.predict(image));
      float[] there = values(predictor.predict(mirrored));
      // Resizing rounds to whole values, which a mirror may round otherwise.
      assertThat(values(predictor.tta().predict(image)))
          .containsExactly(
              new float[] {(here[0] + there[0]) / 2, (here[1] + there[1]) / 2}, within(1e-3f));
    }
  }

  @Test
  void viewsRepeatAndDoNotDependOnTheOthersInTheBatch() {
    try (Predictor predictor = Predictor.load(model)) {
      Predictor views = predictor.tta();
      List<Prediction> together = views.predictFiles(files);
      List<Prediction> plain = predictor.predictFiles(files);
      int changed = 0;
      for (int i = 0; i < files.size(); i++) {
        // Sums of another order within a batch of another size.
        assertThat(values(views.predict(files.get(i))))
            .containsExactly(values(together.get(i)), within(1e-6f));
        changed += together.get(i).equals(plain.get(i)) ? 0 : 1;
      }
      assertThat(changed).isGreaterThan(files.size() / 2);
      assertThat(views.predictFiles(files)).isEqualTo(together);
    }
  }

  @Test
  void signaturesSayWhatServingNeeds() throws IOException {
    byte[] png = Files.readAllBytes(files.get(1));
    try (SavedModelBundle bundle = SavedModelBundle.load(model.toString());
        TString content = TString.tensorOfBytes(NdArrays.vectorOfObjects(png, png));
        Result result = bundle.function("serving_default").call(Map.of("image_bytes", content));
        Result features = bundle.function("embeddings").call(Map.of("image_bytes", content))) {
      assertThat(bundle.metaGraphDef().getSignatureDefMap())
          .containsOnlyKeys("serving_default", "pixels", "tta_bytes", "tta_pixels", "embeddings");
      float[][] answers = probabilities(result);
      TString labels = (TString) result.get("labels").orElseThrow();
      assertThat(labels.shape()).isEqualTo(Shape.of(2, 2));
      assertThat(labels.getObject(1, 0)).isEqualTo("cat");
      assertThat(labels.getObject(1, 1)).isEqualTo("dog");
      int best = answers[0][0] >= answers[0][1] ? 0 : 1;
      assertThat(((TInt64) result.get("class").orElseThrow()).getLong(0)).isEqualTo(best);
      assertThat(((TString) result.get("label").orElseThrow()).getObject(0))
          .isEqualTo(best == 0 ? "cat" : "dog");
      Tensor embeddings = features.get("embeddings").orElseThrow();
      assertThat(embeddings.shape()).isEqualTo(Shape.of(2, 64));
    }
    try (Predictor predictor = Predictor.load(model)) {
      assertThat(predictor.embedding(png)).hasSize(64).isEqualTo(predictor.embedding(files.get(1)));
    }
  }

  @Test
  void theModelTellsOfItself() throws IOException {
    Path assets = model.resolve("assets.extra");
    assertThat(assets.resolve("labels.txt")).hasContent("cat\ndog\n");
    assertThat(assets.resolve("recipe.json")).hasContent("{\"recipe\":\"of a test\"}");
    assertThat(Files.readString(assets.resolve("plan.txt"))).contains("TinyNet of 64");
    assertThat(Files.readString(assets.resolve("statistics.json"))).contains("0.485");
    assertThat(Files.readString(assets.resolve("metrics.json"))).contains("\"TOP1\"");
    Path larger = Export.of(run).size(32).to(folder.resolve("larger"));
    assertThat(Files.readString(larger.resolve("assets.extra/metrics.json")))
        .contains("the scores are of 24 px, but this model sees 32 px");
    try (Predictor predictor = Predictor.load(model)) {
      ModelInfo info = predictor.model();
      assertThat(info.classNames()).containsExactly("cat", "dog");
      assertThat(info.size()).isEqualTo(24);
      assertThat(info.views()).isEqualTo(3);
      assertThat(info.foldedNorms()).isEqualTo(1);
      assertThat(info.embedding()).isEqualTo(64);
    }
    try (SavedModelBundle bundle = SavedModelBundle.load(model.toString())) {
      assertThat(bundle.metaGraphDef().getGraphDef().getNodeList())
          .extracting(NodeDef::getOp)
          .contains("Conv2D")
          .doesNotContain("FusedBatchNormV3", "VarHandleOp", "VariableV2");
    }
  }

  @Test
  void theAverageIsExportedWhereThereIsOne() throws IOException {
    Plan plan =
        Runs.with(
            Photographs.plan(Photographs.data(own.resolve("images"))),
            "averaging",
            Optional.of(new MovingAverage(3)));
    RunResult averaged = Photographs.train(plan, own.resolve("run"));
    Path exported = Export.of(averaged).best().to(own.resolve("model"));
    try (TrainedModel trained = TrainedModel.open(averaged.directory(), TrainedModel.Which.BEST);
        Predictor predictor = Predictor.load(exported)) {
      float[][] expected =
          trained
              .predict(new Samples.Files(files, new int[files.size()]), 24, Photographs.SILENT)
              .answers();
      assertThat(values(predictor.predict(files.get(5))))
          .containsExactly(expected[5], within(SAME));
    }
  }

  @ParameterizedTest
  @EnumSource(WeightPrecision.class)
  void fewerBitsMakeASmallerFileWithNearlyTheSameAnswers(WeightPrecision precision)
      throws IOException {
    Path exported = Export.of(run).precision(precision).to(own.resolve("model"));
    float[][] expected = asTheRunDoes(24);
    // Weights are off by up to 2^-12 of themselves, or by half of a 127th of the largest.
    float tolerance =
        switch (precision) {
          case FLOAT32 -> SAME;
          case FLOAT16 -> 2e-3f;
          case DYNAMIC -> 2e-2f;
        };
    try (Predictor predictor = Predictor.load(exported);
        SavedModelBundle bundle = SavedModelBundle.load(exported.toString())) {
      List<Prediction> answers = predictor.predictFiles(files);
      for (int i = 0; i < expected.length; i++) {
        assertThat(values(answers.get(i))).containsExactly(expected[i], within(tolerance));
      }
      long bytes =
          bundle.metaGraphDef().getGraphDef().getNodeList().stream()
              .filter(node -> node.getName().startsWith("weights/folded/conv"))
              .filter(node -> node.getOp().equals("Const"))
              .mapToLong(node -> node.getAttrOrThrow("value").getTensor().getTensorContent().size())
              .sum();
      int weights = 3 * 3 * 3 * 64;
      assertThat(bytes)
          .isEqualTo(
              switch (precision) {
                case FLOAT32 -> 4 * weights;
                case FLOAT16 -> 2 * weights;
                case DYNAMIC -> weights + 4 * 64;
              });
    }
  }

  @Test
  void aPlaceThatIsTakenIsRefused() throws IOException {
    assertThatThrownBy(() -> Export.of(run).to(model))
        .isInstanceOf(ModelException.class)
        .hasMessage("%s is not empty; export into another directory".formatted(model));
    Path file = Files.writeString(own.resolve("file"), "");
    assertThatThrownBy(() -> Export.of(run).to(file))
        .isInstanceOf(ModelException.class)
        .hasMessage("%s is a file, but a model needs a directory".formatted(file));
    assertThatThrownBy(() -> Export.of(run).to(file.resolve("model")))
        .isInstanceOf(ModelException.class)
        .hasMessage("%s is a file, but a model needs a directory".formatted(file));
    assertThatThrownBy(() -> Export.of(own).to(own.resolve("model")))
        .isInstanceOf(RunException.class)
        .hasMessage("%s is not a run directory: it has no recipe.json".formatted(own));
    assertThatThrownBy(() -> Export.of(run).size(8))
        .hasMessage("export: size must be at least 16, but is 8");
    Path empty = Files.createDirectory(own.resolve("empty"));
    assertThat(Export.of(run).to(empty)).isEqualTo(empty).isDirectoryContaining("glob:**.pb");
  }

  private Path copy() throws IOException {
    Path copy = own.resolve("copy");
    Files.createDirectories(copy.resolve("assets.extra"));
    for (String name : List.of("saved_model.pb", "assets.extra/leaven.json")) {
      Files.copy(model.resolve(name), copy.resolve(name));
    }
    return copy;
  }

  private static void refused(Path directory, String message) {
    assertThatThrownBy(() -> Predictor.load(directory))
        .isInstanceOf(ModelException.class)
        .hasMessage(message.replace("{}", directory.toString()));
  }

  @Test
  void whatIsNoModelIsNamed() throws IOException {
    refused(own.resolve("none"), "{} is not a model: there is no such directory");
    refused(own, "{} is not a model: it has no saved_model.pb");
    refused(
        run.directory(),
        "{} is a run, not an exported model; export it first: Export.of(run).to(directory),"
            + " or leaven export {} DIR");
    assertThatThrownBy(() -> Predictor.load(run.directory())).hasNoCause();
    Path file = Files.writeString(own.resolve("model.onnx"), "");
    refused(file, "{} is a file, not a model; name the directory of a model");
    Path other = copy();
    Files.delete(other.resolve("assets.extra/leaven.json"));
    refused(
        other,
        "{} is a SavedModel, but not one that Leaven exported: it has no assets.extra/leaven.json");
  }

  @Test
  void aModelThatIsDamagedOrNewerIsRefused() throws IOException {
    Path copy = copy();
    Path info = copy.resolve("assets.extra/leaven.json");
    Path graph = copy.resolve("saved_model.pb");
    String text = Files.readString(info);
    byte[] bytes = Files.readAllBytes(graph);

    Files.writeString(info, text.replace("leaven model 1", "leaven model 2"));
    refused(
        copy,
        info
            + ": its format is 'leaven model 2', but this version of Leaven reads 'leaven model 1';"
            + " use the version of Leaven that wrote it, or export the run again");
    Files.writeString(info, text.substring(0, text.length() / 2));
    refused(copy, info + " is damaged or cut off; export the run again");
    Files.writeString(info, text);

    Files.write(graph, Arrays.copyOf(bytes, 1000));
    refused(
        copy,
        "%s is cut off: it should have %d bytes, but has 1000; copy the model again, or export the run again"
            .formatted(graph, bytes.length));
    byte[] changed = bytes.clone();
    changed[bytes.length / 2] ^= 1;
    Files.write(graph, changed);
    refused(
        copy,
        graph
            + " is damaged: its checksum is another than when it was exported;"
            + " copy the model again, or export the run again");
    Files.delete(graph);
    refused(copy, graph + " is missing; copy the whole model");
  }
}
