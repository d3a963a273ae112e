package dev.leaven.runtime.internal.plan;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.leaven.runtime.Check;
import dev.leaven.runtime.Technique;
import dev.leaven.runtime.TechniqueJson;
import dev.leaven.runtime.plan.Plan;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Describes the differences between two recipes, or two plans, in words. */
public final class Differences {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String TECHNIQUE = "technique";
  private static final int MOST_NAMED = 8;

  private final List<String> found = new ArrayList<>();

  private Differences() {}

  /**
   * Compares two recipes in JSON.
   *
   * @return for instance {@code "mixing: alpha 0.4 there, 0.2 here"}, in alphabetical order
   */
  public static List<String> ofRecipes(String there, String here) {
    return of(tree(there), tree(here));
  }

  /** Compares all that two plans decided, except their recipes. */
  public static List<String> ofPlans(Plan there, Plan here) {
    return of(decided(there), decided(here));
  }

  private static JsonNode decided(Plan plan) {
    ObjectNode tree = (ObjectNode) tree(TechniqueJson.write(plan));
    tree.remove(List.of("recipe", "recipeHash"));
    // Its component names are for programmers; people know its content.
    ObjectNode flat = JSON.createObjectNode();
    tree.properties()
        .forEach(
            part -> {
              if (part.getValue() instanceof ObjectNode fields) {
                flat.setAll(fields);
              } else {
                flat.set(part.getKey(), part.getValue());
              }
            });
    return flat;
  }

  private static List<String> of(JsonNode there, JsonNode here) {
    Differences differences = new Differences();
    differences.compareFields("", there, here);
    return List.copyOf(differences.found);
  }

  /** The first difference as a part of a sentence. */
  public static String listed(List<String> differences) {
    String named = differences.stream().limit(MOST_NAMED).collect(Collectors.joining("; "));
    int more = differences.size() - MOST_NAMED;
    return more > 0 ? "%s; and %d more".formatted(named, more) : named;
  }

  /** JSON as a tree. */
  public static JsonNode tree(String json) {
    try {
      return JSON.readTree(json);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("not JSON: " + e.getOriginalMessage(), e);
    }
  }

  private void compareFields(String path, JsonNode there, JsonNode here) {
    Set<String> names = new TreeSet<>();
    there.fieldNames().forEachRemaining(names::add);
    here.fieldNames().forEachRemaining(names::add);
    for (String name : names) {
      compare(path, name, there.path(name), here.path(name));
    }
  }

  private void compare(String path, String name, JsonNode there, JsonNode here) {
    if (there.equals(here)) {
      return;
    }
    if (there.isObject() && here.isObject() && there.path(TECHNIQUE).equals(here.path(TECHNIQUE))) {
      compareFields(path + name + ": ", there, here);
    } else if (there.isArray() && here.isArray()) {
      for (int i = 0; i < Math.max(there.size(), here.size()); i++) {
        compare(
            path,
            "%s %d".formatted(name.replaceFirst("s$", ""), i + 1),
            there.path(i),
            here.path(i));
      }
    } else {
      found.add(
          "%s%s %s there, %s here"
              .formatted(path, colon(name, there, here), words(there), words(here)));
    }
  }

  // A number or a text follows its name as in "alpha 0.4"; longer values are set off.
  private static String colon(String name, JsonNode there, JsonNode here) {
    return there.isValueNode()
            && here.isValueNode()
            && !there.isNull()
            && !here.isNull()
            && !there.isMissingNode()
            && !here.isMissingNode()
        ? name
        : name + ":";
  }

  private static String words(JsonNode value) {
    if (value.isMissingNode() || value.isNull()) {
      return "not said";
    }
    if (value.isNumber()) {
      return value.isIntegralNumber() ? value.asText() : Check.number(value.asDouble());
    }
    if (value.isObject()) {
      return value.has(TECHNIQUE) ? technique(value) : fields(value);
    }
    if (value.isArray()) {
      List<String> elements = new ArrayList<>();
      value.forEach(element -> elements.add(words(element)));
      return elements.isEmpty() ? "none" : String.join(", ", elements);
    }
    return value.asText();
  }

  private static String technique(JsonNode value) {
    try {
      return "'%s'".formatted(TechniqueJson.read(value.toString(), Technique.class).describe());
    } catch (IllegalArgumentException e) {
      // A user's own technique that is missing here, or is of another version: its parameters are
      // enough.
      return "%s (%s)".formatted(value.path(TECHNIQUE).asText(), fields(value));
    }
  }

  private static String fields(JsonNode value) {
    return value.properties().stream()
        .filter(field -> !field.getKey().equals(TECHNIQUE) && !field.getValue().isNull())
        .map(field -> field.getKey() + " " + words(field.getValue()))
        .collect(Collectors.joining(", "));
  }
}
