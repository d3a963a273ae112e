package dev.leaven.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Everything public says what it is, what it is given and what it returns, in sound HTML. */
@Tag("slow")
class JavadocTest {

  private static final Pattern WARNING =
      Pattern.compile("(\\S+\\.java):(\\d+): (?:warning|error): (.*)");
  // A compact constructor has the parameters of its record, which are described there.
  private static final Pattern COMPACT = Pattern.compile("(public |protected )?\\w+ \\{");

  @TempDir private Path directory;

  @ParameterizedTest
  @CsvSource({"runtime, dev.leaven.runtime", "dsl, dev.leaven.dsl"})
  void hasNoWarnings(String module, String root) throws IOException {
    Path sources = Repository.ROOT.resolve(module).resolve("src/main/java");
    StringWriter said = new StringWriter();
    PrintWriter out = new PrintWriter(said);
    String[] arguments = {
      "-quiet",
      "-Xdoclint:all",
      "-Xdoclint/package:-" + root + ".internal.*",
      "-Xmaxwarns",
      "9999",
      "-protected",
      "-encoding",
      "UTF-8",
      "-d",
      directory.toString(),
      "-classpath",
      System.getProperty("java.class.path"),
      "-sourcepath",
      sources.toString(),
      "-subpackages",
      root,
      "-exclude",
      root + ".internal"
    };
    ToolProvider javadoc = ToolProvider.findFirst("javadoc").orElseThrow();
    int code = javadoc.run(out, out, arguments);

    List<String> complaints = new ArrayList<>();
    List<String> lines = said.toString().lines().toList();
    for (int i = 0; i < lines.size(); i++) {
      Matcher warning = WARNING.matcher(lines.get(i));
      if (warning.matches() && !COMPACT.matcher(lines.get(i + 1).strip()).matches()) {
        Path file = sources.relativize(Path.of(warning.group(1)));
        complaints.add("%s:%s: %s".formatted(file, warning.group(2), warning.group(3)));
      }
    }
    assertThat(complaints).isEmpty();
    assertThat(code).as(said.toString()).isZero();
    try (Stream<Path> pages = Files.walk(directory)) {
      assertThat(pages.filter(page -> page.toString().endsWith(".html"))).hasSizeGreaterThan(5);
    }
  }
}
