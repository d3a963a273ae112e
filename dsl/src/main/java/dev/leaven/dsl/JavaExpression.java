package dev.leaven.dsl;

import dev.leaven.runtime.Check;
import dev.leaven.runtime.Technique;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How a value is written in Java. A technique is written by the shortest of: a factory without
 * parameters, a constructor, or a constructor with fewer parameters and methods after it, as in
 * {@code new XResNet(50).mish()}.
 */
final class JavaExpression {

  private static final int UNNAMED_COST = 5;

  private final Record wanted;
  private final List<RecordComponent> components;

  private JavaExpression(Record wanted) {
    this.wanted = wanted;
    this.components = List.of(wanted.getClass().getRecordComponents());
  }

  static String of(@Nullable Object value) {
    if (value == null) {
      return "null";
    }
    if (value instanceof Double number) {
      return Check.number(number);
    }
    if (value instanceof Long number) {
      return number.intValue() == number ? number.toString() : number + "L";
    }
    if (value instanceof Path path) {
      return "Path.of(\"%s\")".formatted(path);
    }
    if (value instanceof List<?> list) {
      return list.stream()
          .map(JavaExpression::of)
          .collect(Collectors.joining(", ", "List.of(", ")"));
    }
    if (value instanceof Enum<?> constant) {
      Class<?> type = constant.getDeclaringClass();
      String nested = type.getName().substring(type.getPackageName().length() + 1);
      return nested.replace('$', '.') + "." + constant.name();
    }
    return value instanceof Technique && value instanceof Record record
        ? new JavaExpression(record).shortest()
        : value.toString();
  }

  private String shortest() {
    return Stream.concat(
            IntStream.rangeClosed(0, components.size())
                .mapToObj(this::begunWith)
                .flatMap(Optional::stream),
            factories())
        .min(Comparator.comparingInt(JavaExpression::cost))
        .orElseThrow();
  }

  // A true or false without a name is unclear to a reader.
  private static int cost(String text) {
    long unnamed = Pattern.compile("[(, ](true|false)[,)]").matcher(text).results().count();
    return text.length() + (int) (UNNAMED_COST * unnamed);
  }

  private Stream<String> factories() {
    Class<?> type = wanted.getClass();
    return Arrays.stream(type.getMethods())
        .filter(method -> Modifier.isStatic(method.getModifiers()))
        .filter(method -> method.getReturnType() == type && method.getParameterCount() == 0)
        .filter(method -> call(null, method).filter(wanted::equals).isPresent())
        .map(method -> "%s.%s()".formatted(type.getSimpleName(), method.getName()));
  }

  /** The text that begins with a constructor of so many parameters, if there is one. */
  private Optional<String> begunWith(int parameters) {
    Record made = made(parameters);
    if (made == null) {
      return Optional.empty();
    }
    StringBuilder text = new StringBuilder("new " + wanted.getClass().getSimpleName());
    text.append(
        components.subList(0, parameters).stream()
            .map(component -> JavaExpression.of(value(wanted, component)))
            .collect(Collectors.joining(", ", "(", ")")));
    while (!made.equals(wanted)) {
      Step next = next(made);
      if (next == null) {
        return Optional.empty();
      }
      text.append('.').append(next.text);
      made = next.made;
    }
    return Optional.of(text.toString());
  }

  private record Step(String text, Record made) {}

  /**
   * What brings a technique nearer to the wanted one: a method without parameter before one with a
   * value.
   */
  private @Nullable Step next(Record made) {
    return Arrays.stream(wanted.getClass().getMethods())
        .filter(method -> !Modifier.isStatic(method.getModifiers()))
        .filter(method -> method.getReturnType() == wanted.getClass())
        .sorted(Comparator.comparingInt(Method::getParameterCount).thenComparing(Method::getName))
        .map(method -> step(made, method))
        .flatMap(Optional::stream)
        .filter(step -> differing(step.made).size() < differing(made).size())
        .min(Comparator.comparingInt(step -> changed(made, step.made)))
        .orElse(null);
  }

  private Optional<Step> step(Record made, Method method) {
    if (method.getParameterCount() == 0) {
      return call(made, method).map(next -> new Step(method.getName() + "()", next));
    }
    return components.stream()
        .filter(component -> method.getParameterCount() == 1)
        .filter(component -> component.getName().equals(method.getName()))
        .filter(component -> component.getType() == method.getParameterTypes()[0])
        .findFirst()
        .flatMap(
            component -> {
              Object value = value(wanted, component);
              String text = "%s(%s)".formatted(method.getName(), JavaExpression.of(value));
              return call(made, method, value).map(next -> new Step(text, next));
            });
  }

  /**
   * The number of the first component that a call has changed: the order in which methods are
   * written.
   */
  private int changed(Record before, Record after) {
    return IntStream.range(0, components.size())
        .filter(
            i -> !Objects.equals(value(before, components.get(i)), value(after, components.get(i))))
        .findFirst()
        .orElse(components.size());
  }

  private List<RecordComponent> differing(Record made) {
    return components.stream()
        .filter(component -> !Objects.equals(value(made, component), value(wanted, component)))
        .toList();
  }

  private @Nullable Record made(int parameters) {
    List<RecordComponent> first = components.subList(0, parameters);
    try {
      Constructor<? extends Record> constructor =
          wanted
              .getClass()
              .getDeclaredConstructor(
                  first.stream().map(RecordComponent::getType).toArray(Class<?>[]::new));
      constructor.setAccessible(true);
      return constructor.newInstance(first.stream().map(c -> value(wanted, c)).toArray());
    } catch (ReflectiveOperationException e) {
      return null;
    }
  }

  // An expression is not usable if the technique rejects one of its intermediate values.
  private static Optional<Record> call(@Nullable Record made, Method method, Object... values) {
    try {
      method.setAccessible(true);
      return Optional.of((Record) method.invoke(made, values));
    } catch (ReflectiveOperationException e) {
      return Optional.empty();
    }
  }

  static @Nullable Object value(Record record, RecordComponent component) {
    try {
      component.getAccessor().setAccessible(true);
      return component.getAccessor().invoke(record);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("cannot read %s of %s".formatted(component, record), e);
    }
  }
}
