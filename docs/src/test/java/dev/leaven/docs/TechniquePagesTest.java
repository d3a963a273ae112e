package dev.leaven.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leaven.runtime.Technique;
import dev.leaven.runtime.data.DataSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The pages in {@code docs/techniques} are what the cards say today. */
class TechniquePagesTest {

  static final Path SOURCES = Repository.ROOT.resolve("runtime/src/main/java");
  private static final Path FOLDER = Repository.ROOT.resolve("docs/techniques");

  private static Map<String, Class<?>> classes() {
    Map<String, Class<?>> classes = new TreeMap<>();
    for (Path file : Repository.files(SOURCES, ".java")) {
      String name =
          SOURCES.relativize(file).toString().replace('/', '.').replaceAll("\\.java$", "");
      if (!name.endsWith("-info")) {
        try {
          Class<?> type = Class.forName(name, false, Technique.class.getClassLoader());
          classes.put(type.getSimpleName(), type);
        } catch (ClassNotFoundException e) {
          throw new IllegalStateException(file + " has no class " + name, e);
        }
      }
    }
    return classes;
  }

  private static Map<String, String> pages() {
    Map<String, Class<?>> classes = classes();
    List<Class<?>> techniques =
        classes.values().stream()
            .filter(type -> type.isRecord() && Technique.class.isAssignableFrom(type))
            .filter(type -> !DataSource.class.isAssignableFrom(type))
            .toList();
    return new TechniquePages(SourceCards.of(SOURCES), classes).write(techniques);
  }

  @Test
  void arePagesOfToday() throws IOException {
    Map<String, String> pages = pages();
    pages.forEach(
        (name, text) ->
            Repository.requireCurrent(
                FOLDER.resolve(name), text, "docs.update", TechniquePagesTest.class));
    for (Path file : Repository.files(FOLDER, ".md")) {
      String name = file.getFileName().toString();
      if (!pages.containsKey(name) && System.getProperty("docs.update") != null) {
        Files.delete(file);
      }
    }
    assertThat(Repository.files(FOLDER, ".md").stream().map(f -> f.getFileName().toString()))
        .as("a page of a technique that is gone; -Ddocs.update deletes it")
        .containsExactlyInAnyOrderElementsOf(pages.keySet());
  }

  @Test
  void sayWhatTheCardSays() {
    String page = pages().get("MixUp.md");
    assertThat(page)
        .startsWith(
            "# MixUp\n\n> MixUp: λ from Beta(0.4, 0.4) for each image, kept at 0.5 or more\n\n")
        .contains("λ·x + (1-λ)·x[partner]\n")
        .contains(
            "| `alpha` | `double` | how strongly to mix: above 0 and at most 100; 0.4 is fastai's"
                + " default | `0.4` |")
        .contains("Recipe recipe = resize(224).mixup();")
        .contains("    resize(224)\n    mixup()\n")
        .contains("## When it helps\n\nLess overfitting in runs of many epochs;")
        .contains("## Cost\n\nOne pass over the batch.\n")
        .contains("## In our ablation\n\n−0.73 ± 0.67 points of top-1, which is within noise,")
        .contains("- Zhang et al. 2017, \"mixup: Beyond Empirical Risk Minimization\"\n");
  }
}
