package dev.leaven.docs;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A block of code in a page.
 *
 * @param page the page, from the repository's root
 * @param line the line that it begins at, from 1
 * @param language as the page says it: {@code java} or {@code kotlin}
 * @param code the block
 */
record Snippet(Path page, int line, String language, String code) {

  private static final Pattern TYPE =
      Pattern.compile("(?m)^(public |final |abstract )*(class|record|interface|enum) (\\w+)");
  private static final Pattern DATA = Pattern.compile("(?m)^data = ");

  static List<Snippet> in(Path file) {
    List<Snippet> found = new ArrayList<>();
    List<String> lines = Repository.read(file).lines().toList();
    for (int i = 0; i < lines.size(); i++) {
      String fence = lines.get(i).strip();
      if (fence.startsWith("```") && fence.length() > 3) {
        int begin = i + 1;
        do {
          i++;
        } while (!lines.get(i).strip().equals("```"));
        found.add(
            new Snippet(
                Repository.ROOT.relativize(file),
                begin + 1,
                fence.substring(3),
                String.join("\n", lines.subList(begin, i)).stripIndent()));
      }
    }
    return found;
  }

  /** The cells of a notebook as one program; what the kernel alone understands is left out. */
  static Snippet ofNotebook(Path file) {
    StringBuilder code = new StringBuilder();
    try {
      for (JsonNode cell : new ObjectMapper().readTree(Repository.read(file)).get("cells")) {
        if (cell.get("cell_type").asText().equals("code")) {
          cell.get("source").forEach(line -> code.append(line.asText()));
          code.append('\n');
        }
      }
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(file + " is no notebook", e);
    }
    String program =
        code.toString()
            .lines()
            .filter(line -> !line.startsWith("@file:") && !line.startsWith("%"))
            .collect(Collectors.joining("\n"));
    return new Snippet(Repository.ROOT.relativize(file), 1, "kotlin", program);
  }

  /** Whether it is a recipe script and not Kotlin to be compiled into a program. */
  boolean isScript() {
    return language.equals("kotlin") && (code.contains(".recipe.kts") || DATA.matcher(code).find());
  }

  /** A name for a file: {@code README_md_45}. */
  String name() {
    return page.toString().replaceAll("[^A-Za-z0-9]", "_") + "_" + line;
  }

  String where() {
    return page + ":" + line;
  }

  // Kotlin takes a class that is imported twice for two.
  private String imports(String given) {
    return code.lines()
        .filter(text -> text.startsWith("import "))
        .filter(text -> Arrays.stream(given.split("[;\n] ?")).noneMatch(text::equals))
        .collect(Collectors.joining("\n"));
  }

  private String body() {
    return code.lines()
        .filter(text -> !text.startsWith("import "))
        .collect(Collectors.joining("\n"));
  }

  /**
   * A Java file with this block in it, either as it is or as the body of a method.
   *
   * @param prelude imports that every block may use
   */
  String java(String prelude) {
    String head = "package snippets." + name() + ";\n" + prelude + imports(prelude) + "\n";
    return TYPE.matcher(code).find()
        ? head + body()
        : head
            + "class "
            + name()
            + " { Run run; List<Path> files; void run() throws Exception {\n"
            + body()
            + "\n} }\n";
  }

  /** The file that {@link #java} must lie in. */
  String javaFile() {
    var type = Pattern.compile("(?m)^public .*?(class|record|interface|enum) (\\w+)").matcher(code);
    return (type.find() ? type.group(2) : name()) + ".java";
  }

  /**
   * A Kotlin file with this block in a function; a script's has the script's own words.
   *
   * @param prelude imports that every block may use
   * @param ofScripts imports that every script has
   */
  String kotlin(String prelude, List<String> ofScripts) {
    String head = "package snippets." + name() + "\n";
    if (isScript()) {
      String given =
          ofScripts.stream().map(each -> "import " + each + "\n").collect(Collectors.joining());
      return head
          + given
          + "import dev.leaven.dsl.script.*\n"
          + imports(given)
          + "\nprivate abstract class %s(directory: Path, args: Arguments) :".formatted(name())
          + " RecipeScript(directory, args) { fun run() {\n"
          + body()
          + "\n} }\n";
    }
    return head
        + prelude
        + imports(prelude)
        + "\nprivate fun run(run: Run, files: List<Path>) {\n"
        + body()
        + "\n}\n";
  }

  static Stream<Snippet> inAll(List<Path> files) {
    return files.stream().flatMap(file -> in(file).stream());
  }
}
