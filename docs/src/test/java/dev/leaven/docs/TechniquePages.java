package dev.leaven.docs;

import dev.leaven.docs.SourceCards.Card;
import dev.leaven.runtime.Check;
import dev.leaven.runtime.Technique;
import java.io.File;
import java.lang.reflect.Constructor;
import java.lang.reflect.RecordComponent;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Writes a page for each technique from its card, and an index. */
final class TechniquePages {

  private static final String ROOT = "dev.leaven.runtime.";
  private static final Map<String, String> PACKAGES = new LinkedHashMap<>();

  static {
    PACKAGES.put("transform", "Transforms");
    PACKAGES.put("mix", "Mixing");
    PACKAGES.put("loss", "Losses and targets");
    PACKAGES.put("models", "Models");
    PACKAGES.put("optimize", "Optimizers, schedules, clipping and averaging");
    PACKAGES.put("data", "Dividing and sampling data");
    PACKAGES.put("plan", "Ending a run");
    PACKAGES.put("evaluate", "Evaluation");
  }

  private static final Pattern EFFECT = Pattern.compile("Effect: (.*?)(?=Cost: |\\n\\n|$)");
  private static final Pattern COST =
      Pattern.compile("Cost: (.*?)(?=Effect: |Defaults? |\\n\\n|$)");
  private static final Pattern PAPER =
      Pattern.compile("\\(([A-Z][^()]*?\\b(?:19|20)\\d\\d(?:, \"[^\"]*\")?)\\)");
  private static final Pattern CODE = Pattern.compile("`([^`]+)`");
  private static final Pattern FORMULA =
      Pattern.compile("[·Σ√←=×ᵗ²]|1-|\\b(max|min|mean|log|exp)\\(|\\w/\\w");

  private final Map<String, Card> cards;
  private final Map<String, Class<?>> classes;
  private final AblationNotes ablation = new AblationNotes();

  /**
   * Pages of techniques.
   *
   * @param cards the cards of their sources
   * @param classes every class of the runtime, by its simple name
   */
  TechniquePages(Map<String, Card> cards, Map<String, Class<?>> classes) {
    this.cards = cards;
    this.classes = classes;
  }

  /**
   * Writes all pages.
   *
   * @param techniques the classes
   * @return texts by their file's name, the index among them
   */
  Map<String, String> write(List<Class<?>> techniques) {
    Map<String, String> pages = new TreeMap<>();
    for (Class<?> type : techniques) {
      pages.put(type.getSimpleName() + ".md", page(type));
    }
    pages.put("README.md", index(techniques));
    // A list of files is made absolute, which differs from machine to machine.
    String here = Path.of("").toAbsolutePath() + File.separator;
    pages.replaceAll((name, text) -> text.replace(here, ""));
    return pages;
  }

  private String index(List<Class<?>> techniques) {
    StringBuilder text =
        new StringBuilder(
            """
            # Techniques

            A page for each technique, written from its Javadoc by `TechniquePagesTest`. The line is what the technique says of itself
            with its usual parameters.
            """);
    Map<String, List<Class<?>>> rooms =
        techniques.stream().collect(Collectors.groupingBy(TechniquePages::room));
    if (!PACKAGES.keySet().containsAll(rooms.keySet())) {
      throw new IllegalStateException("a room has no heading in TechniquePages: " + rooms.keySet());
    }
    PACKAGES.forEach(
        (room, title) -> {
          text.append("\n## ")
              .append(title)
              .append("\n\n| technique | with its usual parameters |\n|---|---|\n");
          rooms.getOrDefault(room, List.of()).stream()
              .sorted(Comparator.comparing(Class::getSimpleName))
              .forEach(
                  type ->
                      text.append(
                          "| [%s](%s.md) | %s |\n"
                              .formatted(
                                  type.getSimpleName(),
                                  type.getSimpleName(),
                                  cell(TechniqueExamples.of(type).describe()))));
        });
    return text.toString();
  }

  private static String room(Class<?> type) {
    return type.getPackageName().substring(ROOT.length());
  }

  private String page(Class<?> type) {
    Card card =
        Optional.ofNullable(cards.get(type.getName()))
            .orElseThrow(() -> new IllegalStateException(type + " has no card"));
    Technique usual = TechniqueExamples.of(type);
    StringBuilder text = new StringBuilder();
    text.append("# ").append(type.getSimpleName()).append("\n\n");
    text.append("> ").append(usual.describe()).append("\n\n");
    text.append(body(card.text())).append('\n');
    Set<String> formulas = formulas(card);
    if (!formulas.isEmpty()) {
      section(text, "Formula", "```\n" + String.join("\n", formulas) + "\n```");
    }
    parameters(type, usual, card).ifPresent(table -> section(text, "Parameters", table));
    usage(type, usual).ifPresent(usage -> section(text, "Usage", usage));
    found(EFFECT, card.text()).ifPresent(effect -> section(text, "When it helps", effect));
    found(COST, card.text()).ifPresent(cost -> section(text, "Cost", cost));
    ablation.of(type).ifPresent(note -> section(text, "In our ablation", note));
    List<String> papers = PAPER.matcher(card.text()).results().map(m -> "- " + m.group(1)).toList();
    if (!papers.isEmpty()) {
      section(text, "Reference", String.join("\n", papers));
    }
    text.append(
        "\n[All techniques](README.md) · [source](../../runtime/src/main/java/%s.java)\n"
            .formatted(type.getName().replace('.', '/')));
    return text.toString();
  }

  private static void section(StringBuilder text, String title, String body) {
    text.append("\n## ").append(title).append("\n\n").append(body).append('\n');
  }

  private static String body(String card) {
    String text = COST.matcher(EFFECT.matcher(card).replaceAll("")).replaceAll("");
    return Stream.of(text.split("\\n\\n+"))
        .map(String::strip)
        .filter(paragraph -> !paragraph.isEmpty())
        .collect(Collectors.joining("\n\n"));
  }

  private static Optional<String> found(Pattern pattern, String text) {
    Matcher matcher = pattern.matcher(text);
    if (!matcher.find()) {
      return Optional.empty();
    }
    String said = matcher.group(1).strip();
    return Optional.of(Character.toUpperCase(said.charAt(0)) + said.substring(1));
  }

  private static Set<String> formulas(Card card) {
    Set<String> found = new LinkedHashSet<>();
    for (String text : Stream.concat(Stream.of(card.text()), card.methods().stream()).toList()) {
      CODE.matcher(text)
          .results()
          .map(match -> match.group(1))
          .filter(code -> FORMULA.matcher(code).find())
          .filter(code -> !code.startsWith("new ") && !code.contains("\"") && !code.contains("->"))
          .forEach(found::add);
    }
    return found;
  }

  private Optional<String> parameters(Class<?> type, Technique usual, Card card) {
    RecordComponent[] components = type.getRecordComponents();
    if (components.length == 0) {
      return Optional.empty();
    }
    int required =
        Arrays.stream(type.getConstructors())
            .mapToInt(Constructor::getParameterCount)
            .min()
            .orElse(components.length);
    StringBuilder table =
        new StringBuilder("| parameter | type | meaning and range | usual |\n|---|---|---|---|\n");
    for (int i = 0; i < components.length; i++) {
      RecordComponent component = components[i];
      String value = value(component, usual);
      table.append(
          "| `%s` | %s | %s | %s |\n"
              .formatted(
                  component.getName(),
                  "`" + component.getType().getSimpleName() + "`",
                  cell(card.parameters().getOrDefault(component.getName(), "")),
                  i < required ? "for instance " + value : value));
    }
    return Optional.of(table.toString().strip());
  }

  private static String value(RecordComponent component, Technique usual) {
    try {
      Object value = component.getAccessor().invoke(usual);
      if (value == null) {
        return "none";
      }
      if (value instanceof Technique technique) {
        return technique.getClass().getSimpleName();
      }
      String text = value instanceof Double number ? Check.number(number) : value.toString();
      return text.isEmpty() || text.equals("[]") ? "none" : cell("`" + text + "`");
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("cannot read " + component, e);
    }
  }

  private Optional<String> usage(Class<?> type, Technique usual) {
    String split = TechniqueExamples.SPLITS.get(type);
    if (split != null) {
      String kotlin = split.replace("new ", "");
      return Optional.of(
          blocks(
              imports("import %s;\n", List.of(type))
                  + "DataSource data = ImageFolder.of(\"photographs\").split(%s);".formatted(split),
              imports("import %s\n", List.of(type))
                  + "val data = ImageFolder.of(\"photographs\").split(%s)".formatted(kotlin),
              "data = imageFolder(\"photographs\", split = %s)\nresize(224)".formatted(kotlin)));
    }
    return Saying.of(usual, classes)
        .map(
            said ->
                blocks(
                    imports("import %s;\n", said.names()) + "Recipe recipe = " + said.java() + ";",
                    imports("import %s\n", said.names())
                        + "val recipe = recipe {\n"
                        + said.block().stream()
                            .map(line -> "    " + line + "\n")
                            .collect(Collectors.joining())
                        + "}",
                    "data = imageFolder(\"photographs\")\n" + said.kotlin()));
  }

  private static String imports(String line, List<Class<?>> names) {
    List<String> lines = new ArrayList<>();
    names.forEach(name -> lines.add(line.formatted(name.getName())));
    return String.join("", lines) + (lines.isEmpty() ? "" : "\n");
  }

  private static String blocks(String java, String kotlin, String script) {
    return """
    ```java
    %s
    ```

    ```kotlin
    %s
    ```

    ```kotlin
    // %s
    %s
    ```\
    """
        .formatted(java, kotlin, "pets.recipe.kts", script);
  }

  private static String cell(String text) {
    return text.replace("|", "\\|").replaceAll("\\s*\\n\\s*", " ");
  }
}
