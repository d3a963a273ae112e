package dev.leaven.docs;

import dev.leaven.dsl.Recipe;
import dev.leaven.dsl.RecipeWords;
import dev.leaven.runtime.Technique;
import dev.leaven.runtime.loss.ClassWeights;
import dev.leaven.runtime.loss.LabelSmoothing;
import dev.leaven.runtime.optimize.WarmUp;
import dev.leaven.runtime.transform.Flip;
import java.lang.reflect.Executable;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * How a recipe says a technique: in Java as {@link Recipe#toString} has it, and the same in Kotlin.
 *
 * @param java a chain of calls
 * @param kotlin the same chain in Kotlin
 * @param block the lines of a Kotlin block
 * @param names the classes that it names
 */
record Saying(String java, String kotlin, List<String> block, List<Class<?>> names) {

  private static final int SIZE = 224;

  /**
   * Says a technique.
   *
   * @param technique the technique
   * @param classes every class of the runtime by its simple name
   * @return nothing if no method of a recipe takes it
   */
  static Optional<Saying> of(Technique technique, Map<String, Class<?>> classes) {
    return recipe(technique).map(recipe -> of(recipe.toString(), classes));
  }

  private static Saying of(String sentence, Map<String, Class<?>> classes) {
    TreeSet<String> names = new TreeSet<>();
    List<String> block = new ArrayList<>();
    for (Call call : Call.chain(sentence)) {
      block.add(kotlin(call, methods(Recipe.class, call), classes, names));
    }
    return new Saying(
        sentence,
        String.join(".", block),
        block,
        names.stream().<Class<?>>map(classes::get).toList());
  }

  private static Optional<Recipe> recipe(Technique technique) {
    Recipe begun = Recipe.resize(SIZE);
    if (technique instanceof LabelSmoothing smoothing) {
      return Optional.of(begun.labelSmoothing(smoothing.epsilon()));
    }
    if (technique instanceof Flip flip) {
      return Optional.of(begun.flip(flip.probability()));
    }
    if (technique instanceof ClassWeights) {
      return Optional.of(begun.classWeights());
    }
    if (technique instanceof WarmUp warmUp) {
      return Optional.of(begun.warmUp(warmUp.share()));
    }
    return Arrays.stream(RecipeWords.class.getMethods())
        .filter(method -> method.getParameterCount() == 1)
        .filter(method -> Technique.class.isAssignableFrom(method.getParameterTypes()[0]))
        .filter(method -> method.getParameterTypes()[0].isInstance(technique))
        // Reflection gives methods in any order.
        .min(
            Comparator.comparing((Method method) -> !takes(method, technique.getClass()))
                .thenComparing(Method::getName))
        .map(method -> invoke(method, begun, technique));
  }

  private static boolean takes(Method method, Class<?> type) {
    return method.getParameterTypes()[0] == type;
  }

  private static Recipe invoke(Method method, Recipe begun, Technique technique) {
    try {
      return (Recipe) method.invoke(begun, technique);
    } catch (IllegalAccessException | InvocationTargetException e) {
      throw new IllegalStateException("a recipe does not take " + technique, e);
    }
  }

  private static Stream<? extends Executable> methods(Class<?> type, Call call) {
    return Arrays.stream(type.getMethods()).filter(method -> method.getName().equals(call.name()));
  }

  // Kotlin has no `new` and does not make a Double of 10; everything else is as in Java.
  private static String kotlin(
      Call call,
      Stream<? extends Executable> candidates,
      Map<String, Class<?>> classes,
      TreeSet<String> names) {
    List<Class<?>[]> types =
        candidates
            .<Class<?>[]>map(Executable::getParameterTypes)
            .filter(parameters -> parameters.length == call.arguments().size())
            .toList();
    List<String> said = new ArrayList<>();
    for (int i = 0; i < call.arguments().size(); i++) {
      String argument = call.arguments().get(i);
      int place = i;
      boolean real = types.stream().allMatch(t -> t[place] == double.class);
      said.add(argument(argument, real, classes, names));
    }
    return call.name() + "(" + String.join(", ", said) + ")";
  }

  private static String argument(
      String argument, boolean real, Map<String, Class<?>> classes, TreeSet<String> names) {
    if (argument.matches("-?\\d+")) {
      return real ? argument + ".0" : argument;
    }
    if (argument.startsWith("List.of(")) {
      Call list = Call.chain(argument.substring("List.".length())).get(0);
      return list.arguments().stream()
          .map(each -> argument(each, true, classes, names))
          .collect(Collectors.joining(", ", "listOf(", ")"));
    }
    if (argument.startsWith("new ")) {
      Call made = Call.chain(argument.substring("new ".length())).get(0);
      Class<?> type = named(made.name(), classes, names);
      return kotlin(made, Arrays.stream(type.getConstructors()), classes, names);
    }
    int dot = argument.indexOf('.');
    if (dot > 0 && Character.isUpperCase(argument.charAt(0))) {
      String owner = argument.substring(0, dot);
      Class<?> type = named(owner, classes, names);
      String rest = argument.substring(dot + 1);
      if (rest.endsWith(")")) {
        Call call = Call.chain(rest).get(0);
        return owner + "." + kotlin(call, methods(type, call), classes, names);
      }
    }
    return argument;
  }

  private static Class<?> named(String name, Map<String, Class<?>> classes, TreeSet<String> names) {
    Class<?> type = classes.get(name);
    if (type == null) {
      throw new IllegalStateException("a recipe names " + name + ", which is no class of ours");
    }
    names.add(name);
    return type;
  }

  /** A call in a chain: {@code name(arguments)}. */
  private record Call(String name, List<String> arguments) {

    static List<Call> chain(String text) {
      List<Call> calls = new ArrayList<>();
      int at = 0;
      while (at < text.length()) {
        int open = text.indexOf('(', at);
        String name = text.substring(at, open);
        List<String> arguments = new ArrayList<>();
        int depth = 1;
        int begin = open + 1;
        int end = begin;
        for (; depth > 0; end++) {
          char c = text.charAt(end);
          depth += c == '(' ? 1 : c == ')' ? -1 : 0;
          if (depth == 0 || depth == 1 && c == ',') {
            String argument = text.substring(begin, end).strip();
            if (!argument.isEmpty()) {
              arguments.add(argument);
            }
            begin = end + 1;
          }
        }
        calls.add(new Call(name, arguments));
        at = end + 1; // the dot
      }
      return calls;
    }
  }
}
