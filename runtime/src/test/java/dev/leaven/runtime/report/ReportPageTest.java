package dev.leaven.runtime.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leaven.runtime.Task;
import dev.leaven.runtime.evaluate.Calibration;
import dev.leaven.runtime.evaluate.ClassScores;
import dev.leaven.runtime.evaluate.ConfusionMatrix;
import dev.leaven.runtime.evaluate.Estimate;
import dev.leaven.runtime.evaluate.Evaluation;
import dev.leaven.runtime.evaluate.Metric;
import dev.leaven.runtime.evaluate.Predictions;
import dev.leaven.runtime.evaluate.Scores;
import dev.leaven.runtime.interpret.HeatMap;
import dev.leaven.runtime.plan.EpochReport;
import dev.leaven.runtime.plan.Plan;
import dev.leaven.runtime.train.Runs;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

class ReportPageTest {

  private static final String BAD = "<script>alert('&\"')</script>\u0000";

  private static EpochReport epoch(int number) {
    Scores scores = new Scores(21, 0.9 / number, 0.8 / number, 1 - 0.6 / (number + 1), 1);
    return new EpochReport(
        number,
        number <= 2 ? 1 : 2,
        number <= 2 ? 16 : 20,
        1.2 / number,
        Optional.of(1 - 0.7 / (number + 1)),
        scores,
        Optional.empty(),
        0.01 / number,
        12.5 + number,
        9.5 + number,
        420.4,
        0.25,
        0);
  }

  private static RunContent content(List<String> names, boolean finished) {
    Plan plan = Runs.with(Runs.plan(), "classNames", names);
    int[][] counts = new int[names.size()][names.size()];
    for (int a = 0; a < counts.length; a++) {
      for (int p = 0; p < counts.length; p++) {
        counts[a][p] = a == p ? 90 : (a + 2 * p) % 4;
      }
    }
    ConfusionMatrix matrix = new ConfusionMatrix(names, counts);
    float[] confidences = new float[200];
    boolean[] right = new boolean[200];
    for (int i = 0; i < right.length; i++) {
      confidences[i] = i / 200f;
      right[i] = i % 7 < 4;
    }
    List<ClassScores> classes =
        names.stream()
            .map(
                name ->
                    new ClassScores(
                        name,
                        100,
                        98,
                        0.91,
                        0.9,
                        Optional.empty(),
                        0.905,
                        Optional.of(0.99),
                        Optional.of(0.97)))
            .toList();
    Evaluation evaluation =
        new Evaluation(
            Task.CLASSIFICATION,
            names,
            21,
            new Estimate(0.5, Optional.empty()),
            new Estimate(0.4, Optional.empty()),
            Map.of(Metric.TOP1, Estimate.share(19, 21), Metric.TOP5, Estimate.share(21, 21)),
            List.of(),
            classes,
            List.of(),
            Optional.of(matrix),
            Optional.of(Calibration.of(confidences, right)),
            List.of());
    byte[] pixels = new byte[20 * 20 * 3];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) (i * 7 % 251);
    }
    HeatMap heat = new HeatMap(3, 1, 20, 3, pixels, 2, 2, new float[] {0, 1, 2, 0.5f});
    ImageCard card =
        new ImageCard(
            List.of(
                new ImageCard.View(EmbeddedPicture.of(pixels, 20, 3), "as seen", "the image"),
                new ImageCard.View(EmbeddedPicture.of(heat), "looked at", "with heat")),
            Optional.empty(),
            names.get(0) + " answered as " + names.get(1),
            List.of("probability 97 %, loss 3.51"),
            Optional.of("/data/" + names.get(0) + ".png"));
    return new RunContent(
        "runs/" + names.get(0),
        "resize(16).then(20).mixup().labelSmoothing(0.1).tta(2)",
        plan,
        "plan in words",
        1234,
        IntStream.rangeClosed(1, finished ? 4 : 3).mapToObj(ReportPageTest::epoch).toList(),
        IntStream.range(0, 48)
            .mapToObj(i -> new LineChart.Point(i / 12.0, 0.01 * Math.sin(i / 16.0)))
            .toList(),
        finished ? Optional.of(new Scores(21, 0.2, 0.2, 0.9, 1)) : Optional.empty(),
        finished ? List.of() : List.of("It was cut off."),
        Optional.of(evaluation),
        List.of(card, card, card, card),
        List.of(card, card, card, card, card, card),
        Map.of("processor", "two of them"),
        List.of("leaven train x.recipe.kts"),
        finished);
  }

  private static Document parsed(String page) throws Exception {
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new InputSource(new StringReader(page)));
  }

  private static List<Element> elements(Document document, String tag) {
    NodeList found = document.getElementsByTagName(tag);
    List<Element> elements = new ArrayList<>();
    for (int i = 0; i < found.getLength(); i++) {
      elements.add((Element) found.item(i));
    }
    return elements;
  }

  @Test
  void aRecipeHasALineForEachWord() {
    assertThat(
            ReportPage.broken(
                "resize(128).then(224).learningRate(0.003).model(new XResNet().mish()).mixup()"))
        .isEqualTo(
            """
            resize(128)
                .then(224)
                .learningRate(0.003)
                .model(new XResNet().mish())
                .mixup()""");
  }

  @Test
  void noLabelOfAChartIsCutOff() throws Exception {
    Document document = parsed(ReportPage.of(content(List.of("a", "b"), true)));
    for (Element text : elements(document, "text")) {
      Node svg = text.getParentNode();
      while (!svg.getNodeName().equals("svg")) {
        svg = svg.getParentNode();
      }
      double width = Double.parseDouble(((Element) svg).getAttribute("viewBox").split(" ")[2]);
      // Letters of 12 px are at most 8 px wide, but for a few.
      double half = 4.0 * text.getTextContent().length();
      double x = Double.parseDouble(text.getAttribute("x"));
      if (text.getAttribute("text-anchor").equals("middle")) {
        assertThat(x + half).as(text.getTextContent()).isLessThanOrEqualTo(width);
      }
    }
    assertThat(elements(document, "text")).anyMatch(t -> t.getTextContent().equals("100 %"));
  }

  @Test
  void itSpeaksOfMistakesAndMapsOnlyWhereThereAreSome() {
    RunContent some = content(List.of("a", "b"), true);
    assertThat(ReportPage.of(some))
        .contains("Where it is most wrong", "Often their labels", "warm colours are Grad-CAM")
        .contains("0.5000", "loss, plain", "0.4000");
    Evaluation right =
        Evaluation.of(
            new Predictions(
                Task.CLASSIFICATION,
                List.of("a", "b"),
                new int[] {0, 1},
                new float[][] {{0.75f, 0.25f}, {0.25f, 0.75f}},
                new float[][] {{0}, {1}},
                new float[] {0.5f, 0.25f},
                new float[] {0.5f, 0.25f}));
    ImageCard card = some.mistakes().get(0);
    ImageCard plain =
        new ImageCard(
            card.views().subList(0, 1), card.problem(), card.title(), card.lines(), card.file());
    assertThat(ReportPage.of(with(some, right, plain)))
        .contains("Where it is least sure", "no Grad-CAM: at this size")
        .doesNotContain("Often their labels", "warm colours", "loss, plain");
  }

  private static RunContent with(RunContent content, Evaluation evaluation, ImageCard mistake) {
    return new RunContent(
        content.name(),
        content.recipe(),
        content.plan(),
        content.planText(),
        content.parameters(),
        content.history(),
        content.rates(),
        content.tta(),
        content.notes(),
        Optional.of(evaluation),
        content.batch(),
        List.of(mistake),
        content.environment(),
        content.command(),
        content.finished());
  }

  @Test
  void whateverAClassIsCalledItStaysText() throws Exception {
    String page = ReportPage.of(content(List.of(BAD, "b"), true));
    Document document = parsed(page);
    // The page's own few lines are the only script.
    assertThat(elements(document, "script")).hasSize(1);
    assertThat(page).doesNotContain("<script>alert");
    assertThat(elements(document, "th"))
        .anyMatch(th -> th.getTextContent().equals("<script>alert('&\"')</script>\uFFFD"));
    Path shown = Path.of(System.getProperty("report.to", ""));
    if (!shown.toString().isEmpty()) {
      write(shown);
    }
  }

  private static void write(Path folder) throws IOException {
    List<String> names =
        List.of(
            "T-shirt",
            "trouser",
            "pullover",
            "dress",
            "coat",
            "sandal",
            "shirt",
            "sneaker",
            "bag",
            "ankle boot");
    Files.writeString(folder.resolve("whole.html"), ReportPage.of(content(names, true)));
    Files.writeString(folder.resolve("part.html"), ReportPage.of(content(names, false)));
  }
}
