package dev.leaven.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leaven.dsl.script.RecipeFile;
import dev.leaven.dsl.script.RecipeScriptCompilation;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import kotlin.script.experimental.api.ScriptCompilationConfiguration;
import kotlin.script.experimental.api.ScriptCompilationKt;
import org.jetbrains.kotlin.cli.common.ExitCode;
import org.jetbrains.kotlin.cli.jvm.K2JVMCompiler;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every block of Java and Kotlin in the pages compiles. */
@Tag("slow")
class SnippetsTest {

  // What the cookbook says once, at its beginning.
  private static final List<String> PACKAGES =
      List.of(
          "data",
          "data.catalogue",
          "evaluate",
          "export",
          "graph",
          "loss",
          "mix",
          "models",
          "nn",
          "optimize",
          "plan",
          "run",
          "train",
          "transform");
  private static final String JAVA =
      "import static dev.leaven.dsl.Recipe.resize;"
          + " import dev.leaven.dsl.*; import java.nio.file.Path; import java.util.List;"
          + PACKAGES.stream()
              .map(room -> " import dev.leaven.runtime." + room + ".*;")
              .collect(Collectors.joining());
  private static final String KOTLIN =
      "import dev.leaven.dsl.*; import dev.leaven.dsl.Recipe.resize; import java.nio.file.Path;"
          + PACKAGES.stream()
              .map(room -> " import dev.leaven.runtime." + room + ".*;")
              .collect(Collectors.joining());

  // The script host takes a second or two for each.
  private static final int READ = 5;

  @TempDir private Path directory;

  private static List<Path> pages() {
    List<Path> pages = new ArrayList<>(Repository.files(Repository.ROOT.resolve("docs"), ".md"));
    pages.addAll(Repository.files(Repository.ROOT.resolve("samples"), ".md"));
    pages.add(Repository.ROOT.resolve("README.md"));
    pages.add(Repository.ROOT.resolve("CONTRIBUTING.md"));
    pages.removeIf(page -> page.toString().contains("target") || !Files.exists(page));
    return pages;
  }

  private static List<Snippet> snippets(String language) {
    return Stream.concat(
            Snippet.inAll(pages()),
            Repository.files(Repository.ROOT.resolve("samples"), ".ipynb").stream()
                .map(Snippet::ofNotebook))
        .filter(snippet -> snippet.language().equals(language))
        .toList();
  }

  static Stream<Snippet> scripts() {
    return snippets("kotlin").stream()
        .filter(Snippet::isScript)
        .filter(snippet -> !snippet.page().startsWith("docs/techniques"))
        .limit(READ);
  }

  @Test
  void ofJavaCompile() throws Exception {
    List<Snippet> snippets = snippets("java");
    assertThat(snippets).hasSizeGreaterThan(2);
    List<Path> files = new ArrayList<>();
    for (Snippet snippet : snippets) {
      Path folder = Files.createDirectories(directory.resolve(snippet.name()));
      files.add(Files.writeString(folder.resolve(snippet.javaFile()), snippet.java(JAVA)));
    }
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter said = new StringWriter();
    try (StandardJavaFileManager manager =
        compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8)) {
      boolean compiled =
          compiler
              .getTask(
                  said,
                  manager,
                  null,
                  List.of(
                      "-proc:none",
                      "-d",
                      directory.resolve("classes").toString(),
                      "-classpath",
                      System.getProperty("java.class.path")),
                  null,
                  manager.getJavaFileObjectsFromPaths(files))
              .call();
      assertThat(compiled).as("%s%n%s", places(snippets), said).isTrue();
    }
  }

  @Test
  void ofKotlinCompile() throws Exception {
    List<Snippet> snippets = snippets("kotlin");
    assertThat(snippets).hasSizeGreaterThan(2);
    List<String> imports = ofScripts();
    assertThat(imports).contains("dev.leaven.dsl.*");
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "-no-stdlib",
                "-no-reflect",
                "-jvm-target",
                "17",
                "-nowarn",
                "-d",
                directory.resolve("classes").toString(),
                "-classpath",
                System.getProperty("java.class.path")));
    for (Snippet snippet : snippets) {
      Path file = directory.resolve(snippet.name() + ".kt");
      arguments.add(Files.writeString(file, snippet.kotlin(KOTLIN, imports)).toString());
    }
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    ExitCode code =
        new K2JVMCompiler()
            .exec(
                new PrintStream(said, true, StandardCharsets.UTF_8),
                arguments.toArray(String[]::new));
    assertThat(code).as(said.toString(StandardCharsets.UTF_8)).isEqualTo(ExitCode.OK);
  }

  /** All are compiled above; these few are read as {@code ./leaven} reads them. */
  @ParameterizedTest
  @MethodSource("scripts")
  void ofScriptsAreRead(Snippet snippet) throws Exception {
    Path script = directory.resolve(snippet.name() + ".recipe.kts");
    Files.writeString(script, snippet.code());
    assertThat(
            new RecipeFile(script, directory.resolve("cache"))
                .read(null, Map.of())
                .getRecipe()
                .hash())
        .as(snippet.where())
        .hasSize(12);
  }

  private static List<String> ofScripts() {
    return RecipeScriptCompilation.INSTANCE.get(
        ScriptCompilationKt.getDefaultImports(ScriptCompilationConfiguration.Companion));
  }

  private static String places(List<Snippet> snippets) {
    return snippets.stream()
        .map(snippet -> snippet.name() + " is " + snippet.where())
        .collect(Collectors.joining("\n"));
  }
}
