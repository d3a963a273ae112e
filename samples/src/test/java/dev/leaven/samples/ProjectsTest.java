package dev.leaven.samples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leaven.dsl.Recipe;
import dev.leaven.dsl.script.RecipeFile;
import dev.leaven.runtime.data.ImageFolder;
import dev.leaven.runtime.plan.Plan;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The projects beside this module: what holds for each of them. */
@Tag("slow")
class ProjectsTest {

  private static final Path SAMPLES = Path.of("").toAbsolutePath();
  private static final Pattern MAIN = Pattern.compile("<exec.mainClass>(.*)</exec.mainClass>");
  private static final Pattern VERSION = Pattern.compile("<version>(.*)</version>");
  private static final Pattern LEAVEN = Pattern.compile("<leaven.version>(.*)</leaven.version>");

  @TempDir private static Path directory;

  private static List<Path> found(String ending) throws IOException {
    try (Stream<Path> files = Files.walk(SAMPLES, 2)) {
      return files
          .filter(
              file -> file.toString().endsWith(ending) && !file.startsWith(SAMPLES.resolve("src")))
          .filter(file -> !file.getParent().equals(SAMPLES) && !file.toString().contains("target"))
          .sorted()
          .toList();
    }
  }

  private static final Pattern NAMED = Pattern.compile("(?m)^val (\\w+) =");

  static Stream<Path> scripts() throws IOException {
    return found(".recipe.kts").stream();
  }

  /** Each script, and the name of each of its recipes where they have names. */
  static Stream<Arguments> recipes() throws IOException {
    return scripts()
        .flatMap(
            script -> {
              List<String> names =
                  NAMED.matcher(read(script)).results().map(match -> match.group(1)).toList();
              return names.isEmpty()
                  ? Stream.of(Arguments.of(script, null))
                  : names.stream().map(name -> Arguments.of(script, name));
            });
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new IllegalStateException("cannot read " + file, e);
    }
  }

  static Stream<Path> poms() throws IOException {
    return found("/pom.xml").stream();
  }

  private static String group(Pattern pattern, Path file) {
    Matcher matcher = pattern.matcher(read(file));
    assertThat(matcher.find()).as("%s has %s", file, pattern).isTrue();
    return matcher.group(1);
  }

  private static ImageFolder photographs() throws IOException {
    for (String name : List.of("train/day", "train/night", "val/day", "val/night")) {
      Path folder = Files.createDirectories(directory.resolve("photographs").resolve(name));
      for (int i = 0; i < 70; i++) { // more than a batch
        BufferedImage picture = new BufferedImage(4, 4, BufferedImage.TYPE_INT_RGB);
        ImageIO.write(picture, "png", folder.resolve(i + ".png").toFile());
      }
    }
    return ImageFolder.of(directory.resolve("photographs"));
  }

  @ParameterizedTest
  @MethodSource("recipes")
  void aScriptIsReadAndItsRecipesCanBePlanned(Path script, @Nullable String name)
      throws IOException {
    RecipeFile file = new RecipeFile(script, directory.resolve("cache"));
    Recipe recipe = file.read(name, Map.of()).getRecipe();
    ImageFolder photographs = photographs();
    if (recipe.toJson().contains("\"pretrained\"")) {
      // No weights are shipped, and the refusal names the file that is missing.
      assertThatThrownBy(() -> recipe.plan(photographs))
          .hasMessageContaining("there is no file " + script.getParent());
      return;
    }
    // Grey pictures for recipes of grey pictures would need other files; a plan fits both.
    Plan plan = recipe.plan(photographs);
    assertThat(plan.recipeHash()).isEqualTo(recipe.hash());
    assertThat(plan.epochs()).isPositive();
  }

  @ParameterizedTest
  @MethodSource("poms")
  void aPomNamesTheVersionOfToday(Path pom) {
    String parent = group(VERSION, SAMPLES.resolve("../pom.xml").normalize());
    assertThat(group(LEAVEN, pom)).isEqualTo(parent);
  }

  @ParameterizedTest
  @MethodSource("poms")
  void aPomNamesAClassOfItsOwnProject(Path pom) {
    String main = group(MAIN, pom).replace('.', '/');
    Path sources = pom.resolveSibling("src/main");
    assertThat(
            List.of(
                sources.resolve("java/" + main + ".java"),
                sources.resolve("kotlin/" + main.replaceFirst("Kt$", "") + ".kt")))
        .anyMatch(Files::exists);
  }

  @ParameterizedTest
  @MethodSource("poms")
  void aProgramWithoutArgumentsSaysHowItIsUsed(Path pom) throws Exception {
    String main = group(MAIN, pom);
    ProcessBuilder program =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                main)
            .redirectErrorStream(true);
    // Java announces these options, too.
    program.environment().remove("JAVA_TOOL_OPTIONS");
    Process process = program.start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).isEqualTo(2);
    assertThat(said.lines())
        .singleElement()
        .asString()
        .startsWith("usage: " + main.replaceFirst(".*\\.", "").replaceFirst("Kt$", "") + " ");
  }

  @Test
  void eachFolderWithAPomOrAScriptHasAReadmeWithItsResult() throws IOException {
    List<Path> folders =
        Stream.concat(poms(), scripts())
            .map(Path::getParent)
            .distinct()
            .filter(folder -> !folder.endsWith("scripts")) // the README's own
            .toList();
    assertThat(folders).hasSizeGreaterThan(6);
    assertThat(folders)
        .allSatisfy(
            folder -> assertThat(folder.resolve("README.md")).content().contains("**Result.**"));
  }
}
