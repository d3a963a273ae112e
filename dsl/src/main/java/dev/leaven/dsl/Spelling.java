package dev.leaven.dsl;

import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * How a technique is written in Java: by the shortest constructor that makes it, or by a shorter
 * one and what the technique says of itself afterwards, {@code new XResNet(50).mish()}.
 */
final class Spelling {

  private final Record wanted;
  private final List<RecordComponent> components;

  private Spelling(Record wanted) {
    this.wanted = wanted;
    this.components = List.of(wanted.getClass().getRecordComponents());
  }

  static String of(Record technique) {
    return new Spelling(technique).shortest();
  }

  private String shortest() {
    return IntStream.rangeClosed(0, components.size())
        .mapToObj(this::begunWith)
        .flatMap(Optional::stream)
        .min(Comparator.comparingInt(String::length))
        .orElseThrow();
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
            .map(component -> Sentence.argument(value(wanted, component)))
            .collect(Collectors.joining(", ", "(", ")")));
    while (!made.equals(wanted)) {
      Said next = next(made);
      if (next == null) {
        return Optional.empty();
      }
      text.append('.').append(next.text);
      made = next.made;
    }
    return Optional.of(text.toString());
  }

  private record Said(String text, Record made) {}

  /** What brings a technique nearer to the wanted one: a word alone before one with a value. */
  private @Nullable Said next(Record made) {
    return Arrays.stream(wanted.getClass().getMethods())
        .filter(method -> !Modifier.isStatic(method.getModifiers()))
        .filter(method -> method.getReturnType() == wanted.getClass())
        .sorted(Comparator.comparingInt(Method::getParameterCount).thenComparing(Method::getName))
        .map(method -> said(made, method))
        .flatMap(Optional::stream)
        .filter(said -> differing(said.made).size() < differing(made).size())
        .min(Comparator.comparingInt(said -> changed(made, said.made)))
        .orElse(null);
  }

  private Optional<Said> said(Record made, Method method) {
    if (method.getParameterCount() == 0) {
      return call(made, method).map(next -> new Said(method.getName() + "()", next));
    }
    return components.stream()
        .filter(component -> method.getParameterCount() == 1)
        .filter(component -> component.getName().equals(method.getName()))
        .filter(component -> component.getType() == method.getParameterTypes()[0])
        .findFirst()
        .flatMap(
            component -> {
              Object value = value(wanted, component);
              String text = "%s(%s)".formatted(method.getName(), Sentence.argument(value));
              return call(made, method, value).map(next -> new Said(text, next));
            });
  }

  /** The number of the first component that a call has changed: the order of a sentence. */
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

  // What a technique refuses on the way is no way to write it.
  private Optional<Record> call(Record made, Method method, Object... values) {
    try {
      method.setAccessible(true);
      return Optional.of((Record) method.invoke(made, values));
    } catch (ReflectiveOperationException e) {
      return Optional.empty();
    }
  }

  private static @Nullable Object value(Record record, RecordComponent component) {
    try {
      component.getAccessor().setAccessible(true);
      return component.getAccessor().invoke(record);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("cannot read %s of %s".formatted(component, record), e);
    }
  }
}
