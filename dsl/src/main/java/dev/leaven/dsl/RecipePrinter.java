package dev.leaven.dsl;

import dev.leaven.runtime.Check;
import dev.leaven.runtime.Technique;
import dev.leaven.runtime.optimize.FrozenNorms;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Prints a recipe in Java, in a fixed order. It finds the method for a value by trying: the
 * arguments of a method are the value itself, or its components by the names of the method's
 * parameters. A method is used if its result equals the value.
 */
final class RecipePrinter {

  private static final Recipe EMPTY = Recipe.resize(StageSpec.SMALLEST);
  private static final List<Method> WORDS =
      Arrays.stream(RecipeWords.class.getMethods()).filter(Method::isDefault).toList();

  // One method for two values before one for each, zoom(1, 1.2) before geometry(new Zoom(1, 1.2)),
  // mixup() before mixup(0.4), and short before long.
  private static final Comparator<Call> BEST =
      Comparator.<Call>comparingInt(call -> -call.pieces.size())
          .thenComparing(Call::general)
          .thenComparingInt(Call::arguments)
          .thenComparingInt(call -> call.text.length());

  private record Call(String text, boolean general, int arguments, List<?> pieces) {}

  private final List<String> calls = new ArrayList<>();

  private RecipePrinter() {}

  static String print(Recipe recipe) {
    RecipePrinter printer = new RecipePrinter();
    printer.stages(recipe.stages());
    printer.parts(recipe);
    return String.join(".", printer.calls);
  }

  /** Only the words for the whole run. */
  static String printParts(Recipe recipe) {
    RecipePrinter printer = new RecipePrinter();
    printer.parts(recipe);
    return String.join(".", printer.calls);
  }

  private void stages(List<StageSpec> stages) {
    for (int i = 0; i < stages.size(); i++) {
      StageSpec stage = stages.get(i);
      boolean tuned = i + 1 < stages.size() && FineTune.is(stage, stages.get(i + 1));
      add(calls.isEmpty() ? "resize" : "then", stage.size() + (tuned ? "" : schedule(stage)));
      add("batchSize", stage.batchSize());
      if (tuned) {
        i++;
        add(
            "fineTune",
            "%d, %s".formatted(stages.get(i).epochs(), Check.number(stage.learningRate())));
      } else {
        add("epochs", stage.epochs());
        groups(stage);
      }
    }
  }

  private void groups(StageSpec stage) {
    GroupSpec groups = stage.groupsOrAlike();
    if (groups.lowest() < 1 && stage.learningRate() != null) {
      String low = Check.number(groups.lowest() * stage.learningRate());
      add("discriminative", low + ", " + Check.number(stage.learningRate()));
    } else {
      add("learningRate", stage.learningRate() == null ? null : Check.number(stage.learningRate()));
    }
    add("freeze", groups.frozen() > 0 ? groups.frozen() : null);
    add("freezeNorms", groups.norms() == FrozenNorms.IN_FROZEN_GROUPS ? "" : null);
    add("freezeAllNorms", groups.norms() == FrozenNorms.ALL ? "" : null);
  }

  // The recipe's own schedule() is for the whole run, so a stage's is printed within the stage.
  private static String schedule(StageSpec stage) {
    return stage.schedule() == null
        ? ""
        : ", stage -> stage.schedule(%s)".formatted(JavaExpression.of(stage.schedule()));
  }

  private void add(String word, @Nullable Object arguments) {
    if (arguments != null) {
      calls.add(word + "(" + arguments + ")");
    }
  }

  private void parts(Recipe recipe) {
    Part.ALL.forEach(part -> part(part, recipe));
  }

  private <T> void part(Part<T> part, Recipe recipe) {
    recipe.find(part).ifPresent(value -> calls.addAll(calls(part, part.pieces(value))));
  }

  private static List<String> calls(Part<?> part, List<?> pieces) {
    List<String> calls = new ArrayList<>();
    List<Object> left = new ArrayList<>(pieces);
    // A method for several values, such as augment(), where all are present: the differences
    // follow.
    WORDS.stream()
        .filter(word -> word.getParameterCount() == 0)
        .flatMap(word -> call(word, part, new Object[0]).stream())
        .filter(call -> call.pieces.size() > 1 && kinds(pieces).containsAll(kinds(call.pieces)))
        .forEach(
            call -> {
              calls.add(call.text);
              left.removeAll(call.pieces);
            });
    while (!left.isEmpty()) {
      Object piece = left.get(0);
      Call best =
          WORDS.stream()
              .flatMap(word -> arguments(word, piece).flatMap(a -> call(word, part, a)).stream())
              .filter(call -> call.pieces.contains(piece) && left.containsAll(call.pieces))
              .min(BEST)
              .orElseThrow(() -> new IllegalStateException("no word makes " + piece));
      calls.add(best.text);
      left.removeAll(best.pieces);
    }
    return calls;
  }

  private static Set<Class<?>> kinds(List<?> pieces) {
    return pieces.stream().map(Object::getClass).collect(Collectors.toCollection(HashSet::new));
  }

  /** The result of a method for arguments, if it sets this part and nothing else. */
  private static <T> Optional<Call> call(Method word, Part<T> part, Object[] arguments) {
    try {
      Recipe made = (Recipe) word.invoke(EMPTY, arguments);
      T value = made.get(part);
      if (value == null || !made.without(part).equals(EMPTY)) {
        return Optional.empty();
      }
      String text =
          Arrays.stream(arguments)
              .flatMap(a -> a instanceof Number[] numbers ? Arrays.stream(numbers) : Stream.of(a))
              .map(JavaExpression::of)
              .collect(Collectors.joining(", ", word.getName() + "(", ")"));
      boolean general = Arrays.stream(arguments).anyMatch(Technique.class::isInstance);
      return Optional.of(new Call(text, general, arguments.length, part.pieces(value)));
    } catch (InvocationTargetException e) {
      return Optional.empty(); // the method rejects them
    } catch (IllegalAccessException e) {
      throw new IllegalStateException("words are public", e);
    }
  }

  private static Optional<Object[]> arguments(Method word, Object value) {
    Parameter[] parameters = word.getParameters();
    if (parameters.length == 1 && fits(parameters[0], value)) {
      return Optional.of(new Object[] {value});
    }
    Object[] arguments = new Object[parameters.length];
    for (int i = 0; i < parameters.length; i++) {
      Object component = component(value, parameters[i].getName());
      if (word.isVarArgs() && component instanceof List<?> list) {
        component = list.toArray(Number[]::new);
      }
      if (component == null || !fits(parameters[i], component)) {
        return Optional.empty();
      }
      arguments[i] = component;
    }
    return Optional.of(arguments);
  }

  private static boolean fits(Parameter parameter, Object value) {
    Class<?> type = parameter.getType();
    return type.isInstance(value)
        || type == int.class && value instanceof Integer
        || type == long.class && value instanceof Long
        || type == double.class && value instanceof Double
        || type == boolean.class && value instanceof Boolean;
  }

  /**
   * A component by its name, or a component of a component: {@code mixupAlpha} is mixUp's alpha.
   */
  private static @Nullable Object component(Object value, String name) {
    if (value instanceof Record record) {
      for (RecordComponent component : record.getClass().getRecordComponents()) {
        String prefix = component.getName().toLowerCase(Locale.ROOT);
        Object found = JavaExpression.value(record, component);
        if (name.toLowerCase(Locale.ROOT).equals(prefix)) {
          return found;
        }
        if (found != null && name.toLowerCase(Locale.ROOT).startsWith(prefix)) {
          Object within = component(found, name.substring(prefix.length()));
          if (within != null) {
            return within;
          }
        }
      }
    }
    return null;
  }
}
