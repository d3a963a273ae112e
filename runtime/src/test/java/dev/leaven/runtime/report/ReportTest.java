package dev.leaven.runtime.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leaven.runtime.data.ImageData;
import dev.leaven.runtime.data.ImageFolder;
import dev.leaven.runtime.evaluate.Metric;
import dev.leaven.runtime.evaluate.Scores;
import dev.leaven.runtime.plan.EpochReport;
import dev.leaven.runtime.plan.Plan;
import dev.leaven.runtime.plan.Stage;
import dev.leaven.runtime.run.RunControl;
import dev.leaven.runtime.run.RunException;
import dev.leaven.runtime.run.RunResult;
import dev.leaven.runtime.run.StepReport;
import dev.leaven.runtime.run.TrainingListener;
import dev.leaven.runtime.train.Runs;
import dev.leaven.runtime.train.Trainer;
import dev.leaven.runtime.transform.Normalize;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

/** Reports of real runs on files whose classes have names that a page could stumble over. */
@Tag("slow")
class ReportTest {

  private static final List<String> CLASSES = List.of("<script>", "a & b's \"c\"");
  private static final TrainingListener SILENT = new TrainingListener() {};

  @TempDir static Path directory;

  private static Plan plan;
  private static RunResult whole;
  private static String page;
  private static Document document;

  @BeforeAll
  static void train() throws Exception {
    Path images = directory.resolve("images");
    draw(images);
    ImageFolder source = ImageFolder.of(images);
    ImageData data = source.load(7);
    plan =
        Runs.with(
            Runs.plan(),
            "source",
            source,
            "classNames",
            data.classNames(),
            "channels",
            3,
            "trainImages",
            data.train().size(),
            "validImages",
            data.valid().size(),
            "normalize",
            Normalize.imagenet(),
            "stages",
            Runs.plan().stages());
    whole = Trainer.train(plan, data, directory.resolve("whole"), SILENT);
    page = report("whole");
    document = parsed(page);
  }

  private static void draw(Path images) throws IOException {
    Random random = new Random(3);
    for (String part : List.of("train", "val")) {
      for (int label = 0; label < CLASSES.size(); label++) {
        Path folder = Files.createDirectories(images.resolve(part).resolve(CLASSES.get(label)));
        for (int i = 0; i < (part.equals("train") ? 24 : 11); i++) {
          BufferedImage image = new BufferedImage(24, 24, BufferedImage.TYPE_INT_RGB);
          for (int y = 0; y < 24; y++) {
            for (int x = 0; x < 24; x++) {
              int stripe = (label == 0 ? y : x) / 2 % 2 * 0x707070;
              image.setRGB(x, y, stripe + random.nextInt(0x60) * 0x010101);
            }
          }
          ImageIO.write(image, "png", folder.resolve(i + ".png").toFile());
        }
      }
    }
  }

  private static String report(String run) throws IOException {
    Path file = directory.resolve("pages").resolve(run + ".html");
    Report.write(directory.resolve(run), "resize(16).then(20).tta(2)", null, file, SILENT);
    return Files.readString(file);
  }

  // A page that an XML parser takes has every element ended and every text escaped.
  private static Document parsed(String page) throws Exception {
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new InputSource(new StringReader(page)));
  }

  private static List<Element> elements(Node within, String tag) {
    NodeList found =
        within instanceof Document all
            ? all.getElementsByTagName(tag)
            : ((Element) within).getElementsByTagName(tag);
    List<Element> elements = new ArrayList<>();
    for (int i = 0; i < found.getLength(); i++) {
      elements.add((Element) found.item(i));
    }
    return elements;
  }

  private static Element table(Document document, String caption) {
    return elements(document, "table").stream()
        .filter(t -> elements(t, "caption").get(0).getTextContent().startsWith(caption))
        .findFirst()
        .orElseThrow();
  }

  private static List<List<String>> rows(Element table) {
    return elements(elements(table, "tbody").get(0), "tr").stream()
        .map(
            row -> {
              List<String> cells = new ArrayList<>();
              for (Node n = row.getFirstChild(); n != null; n = n.getNextSibling()) {
                if (n instanceof Element cell) {
                  cells.add(cell.getTextContent());
                }
              }
              return cells;
            })
        .toList();
  }

  private static RunResult stopped(String name, int epoch, int step) {
    return Trainer.train(
        plan,
        plan.data().source().load(plan.seed()),
        directory.resolve(name),
        new TrainingListener() {
          private int present;
          private RunControl control;

          @Override
          public void onControl(RunControl control) {
            this.control = control;
          }

          @Override
          public void onEpochStart(int epoch, int stage, Stage of) {
            present = epoch;
          }

          @Override
          public void onStep(StepReport report) {
            if (present == epoch && report.step() == step) {
              control.stop();
            }
          }
        });
  }

  @Test
  void itsNumbersAreTheRuns() {
    Scores last = whole.scores();
    assertThat(elements(document, "h1").get(0).getTextContent())
        .isEqualTo("%s top-1 on 22 validation images".formatted(Figures.percent(last.top1())));
    List<List<String>> epochs = rows(table(document, "Epochs"));
    assertThat(epochs).hasSize(4);
    for (EpochReport epoch : whole.history()) {
      assertThat(epochs.get(epoch.epoch() - 1))
          .startsWith(
              Integer.toString(epoch.epoch()),
              epoch.size() + " px",
              Figures.loss(epoch.trainLoss()),
              Figures.loss(epoch.valid().loss()),
              Figures.percent(epoch.valid().top1()));
    }
    assertThat(elements(document, "dd").stream().map(Node::getTextContent))
        .contains(Figures.percent(whole.tta().orElseThrow().top1()), Figures.loss(last.loss()));
    List<String> top1 =
        rows(table(document, "Metrics")).stream()
            .filter(row -> row.get(0).equals(Metric.TOP1.label()))
            .findFirst()
            .orElseThrow();
    assertThat(top1.get(1)).isEqualTo(Figures.percent(last.top1()));
    assertThat(rows(table(document, "Metrics")).stream().map(row -> row.get(0)))
        .contains("F1, macro", "ROC AUC", "average precision, macro");
    assertThat(page).doesNotContain("top-5");
  }

  @Test
  void theConfusionMatrixHasEveryImageOnce() {
    List<List<String>> rows = rows(table(document, "Rows are the true classes"));
    assertThat(rows.stream().map(row -> row.get(0)))
        .containsExactlyElementsOf(plan.data().classNames());
    int all = 0;
    int right = 0;
    for (int a = 0; a < 2; a++) {
      for (int p = 0; p < 2; p++) {
        String cell = rows.get(a).get(1 + p);
        int images = cell.equals("·") ? 0 : Integer.parseInt(cell);
        all += images;
        right += a == p ? images : 0;
      }
    }
    assertThat(all).isEqualTo(22);
    assertThat(Figures.percent(right / 22.0)).isEqualTo(Figures.percent(whole.scores().top1()));
  }

  @Test
  void itLoadsNothing() {
    assertThat(page).doesNotContain("http://", "https://", "url(", "@import", "//cdn");
    for (Element element : elements(document, "*")) {
      for (String name : List.of("src", "href", "srcset", "data", "action", "poster")) {
        if (element.hasAttribute(name)) {
          assertThat(element.getAttribute(name)).matches("(?s)(data:image/(png|jpeg);base64,|#).*");
        }
      }
      assertThat(element.getTagName())
          .isNotIn("link", "iframe", "object", "embed", "video", "audio", "base", "form");
    }
    assertThat(elements(document, "script")).hasSize(1);
  }

  @Test
  void whoCannotSeeItIsToldWhatIsThere() {
    assertThat(elements(document, "img")).hasSizeGreaterThan(20);
    assertThat(elements(document, "img"))
        .allMatch(image -> !image.getAttribute("alt").isBlank())
        .allMatch(image -> !image.getAttribute("width").isEmpty());
    assertThat(elements(document, "svg"))
        .allMatch(picture -> picture.getAttribute("role").equals("img"))
        .allMatch(picture -> !elements(picture, "desc").get(0).getTextContent().isBlank());
    assertThat(elements(document, "th")).allMatch(th -> th.hasAttribute("scope"));
    assertThat(elements(document, "table"))
        .allMatch(table -> elements(table, "caption").size() == 1);
    assertThat(elements(document, "html").get(0).getAttribute("lang")).isEqualTo("en");
    assertThat(elements(document, "h1")).hasSize(1);
    List<String> ids =
        elements(document, "*").stream()
            .map(element -> element.getAttribute("id"))
            .filter(id -> !id.isEmpty())
            .toList();
    assertThat(ids).doesNotHaveDuplicates();
    for (Element link : elements(document, "a")) {
      assertThat(ids).contains(link.getAttribute("href").substring(1));
    }
  }

  @Test
  void itSaysWhereItWasTrainedAndHowToDoItAgain() {
    List<List<String>> rows = rows(table(document, "Where it was trained"));
    assertThat(rows)
        .contains(List.of("precision", "float32"), List.of("seed", "7"))
        .anyMatch(row -> row.get(0).equals("TensorFlow") && row.get(1).startsWith("2."))
        .anyMatch(row -> row.get(0).equals("Java") && row.get(1).contains("" + Runtime.version()));
    assertThat(page).contains("Recipe.fromJson(Files.readString(Path.of(");
  }

  @Test
  void aRunThatWasCutOffHasWhatThereIs() throws Exception {
    stopped("cut off", 3, 2);
    Document part = parsed(report("cut off"));
    assertThat(elements(part, "h1").get(0).getTextContent()).endsWith("so far");
    assertThat(elements(part, "p").stream().map(Node::getTextContent))
        .anyMatch(
            text ->
                text.startsWith("This run was cut off: 2 of 4 epochs are finished. “leaven resume")
                    && text.endsWith("goes on with it."));
    assertThat(rows(table(part, "Epochs"))).hasSize(2);
    assertThat(rows(table(part, "Stages")).get(1)).contains("0 of 2", "–");
  }

  @Test
  void aRunWithoutAnEpochHasItsRecipeAndImages() throws Exception {
    stopped("at once", 1, 1);
    Document part = parsed(report("at once"));
    assertThat(elements(part, "h1").get(0).getTextContent()).isEqualTo("No epoch was finished");
    assertThat(elements(part, "section").stream().map(section -> section.getAttribute("id")))
        .contains("recipe", "batch", "again")
        .doesNotContain("curves", "confusion", "time");
  }

  @Test
  void withoutItsImagesItComesWithoutThemAndSaysWhy() throws Exception {
    Path away = directory.resolve("images away");
    Files.move(directory.resolve("images"), away);
    try {
      Document part = parsed(report("whole"));
      assertThat(elements(part, "img")).isEmpty();
      assertThat(elements(part, "p").stream().map(Node::getTextContent))
          .anyMatch(
              text ->
                  text.startsWith("What needs the images is left out")
                      && text.contains(directory.resolve("images").toString()));
      assertThat(rows(table(part, "Epochs"))).hasSize(4);

      Path file = directory.resolve("pages").resolve("moved.html");
      Report.write(whole.directory(), "x", ImageFolder.of(away), file, SILENT);
      assertThat(elements(parsed(Files.readString(file)), "img")).hasSizeGreaterThan(20);
    } finally {
      Files.move(away, directory.resolve("images"));
    }
  }

  @Test
  void aRunThatStillGoesOnCanBeReportedAndIsNotDisturbed() throws Exception {
    List<String> pages = new ArrayList<>();
    RunResult run =
        Trainer.train(
            plan,
            plan.data().source().load(plan.seed()),
            directory.resolve("going on"),
            new TrainingListener() {
              @Override
              public void onEpoch(EpochReport epoch, boolean best) {
                if (epoch.epoch() == 2) {
                  try {
                    pages.add(report("going on"));
                  } catch (IOException e) {
                    throw new AssertionError(e);
                  }
                  assertThatThrownBy(() -> Trainer.resume(directory.resolve("going on"), SILENT))
                      .isInstanceOf(RunException.class)
                      .hasMessageContaining("in use");
                }
              }
            });
    assertThat(pages).hasSize(1);
    assertThat(pages.get(0)).contains("This run is still going on: a process is training it.");
    assertThat(run.finished()).isTrue();
    assertThat(run.history().stream().map(EpochReport::trainLoss).toList())
        .isEqualTo(whole.history().stream().map(EpochReport::trainLoss).toList());
    assertThat(report("going on")).doesNotContain("still going on");
  }

  @Test
  void whatIsNoRunOrNoFileIsRefusedInOneSentence() {
    Path file = directory.resolve("x.html");
    assertThatThrownBy(() -> Report.write(directory, "x", null, file, SILENT))
        .isInstanceOf(RunException.class)
        .hasMessageContaining("is not a run directory");
    assertThatThrownBy(() -> Report.write(whole.directory(), "x", null, directory, SILENT))
        .hasMessageEndingWith("this is a folder; name a file for the report");
    assertThat(file).doesNotExist();
  }
}
