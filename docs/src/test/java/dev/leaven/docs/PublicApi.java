package dev.leaven.docs;

import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import kotlin.Metadata;
import kotlin.jvm.JvmClassMappingKt;
import kotlin.reflect.KVisibility;
import kotlin.reflect.jvm.ReflectJvmMapping;

/** Every public class and member of a module, as sorted lines of text. */
final class PublicApi {

  private static final int SHOWN =
      Modifier.PROTECTED | Modifier.STATIC | Modifier.FINAL | Modifier.ABSTRACT;
  // What every record and enum has.
  private static final Set<String> OF_RECORDS = Set.of("equals", "hashCode", "toString");
  private static final Set<String> OF_ENUMS = Set.of("values", "valueOf");

  // Public for the other packages of the module only.
  private static final String INTERNAL = ".internal.";

  private PublicApi() {}

  /**
   * Reads the classes of a module, none of which is initialised.
   *
   * @param member a class of the module
   * @return a block for each public class, in alphabetical order
   */
  static String of(Class<?> member) {
    try {
      Path place = Path.of(member.getProtectionDomain().getCodeSource().getLocation().toURI());
      if (Files.isDirectory(place)) {
        return of(place, member.getClassLoader());
      }
      try (FileSystem jar = FileSystems.newFileSystem(place)) {
        return of(jar.getPath("/"), member.getClassLoader());
      }
    } catch (IncompatibleClassChangeError e) {
      throw new IllegalStateException(
          "the classes beside %s are of two builds; begin anew with ./mvnw clean".formatted(member),
          e);
    } catch (IOException | URISyntaxException | ClassNotFoundException e) {
      throw new IllegalStateException("cannot read the classes beside " + member, e);
    }
  }

  private static String of(Path root, ClassLoader loader)
      throws IOException, ClassNotFoundException {
    TreeMap<String, String> blocks = new TreeMap<>();
    List<String> names;
    try (Stream<Path> files = Files.walk(root)) {
      names =
          files
              .map(file -> root.relativize(file).toString())
              .filter(name -> name.endsWith(".class") && !name.endsWith("-info.class"))
              .map(name -> name.substring(0, name.length() - 6).replace('/', '.'))
              .filter(name -> !name.contains(INTERNAL))
              .toList();
    }
    for (String name : names) {
      Class<?> type = Class.forName(name, false, loader);
      if (isPublic(type)) {
        blocks.put(name, block(type));
      }
    }
    return String.join("\n", blocks.values());
  }

  private static boolean isPublic(Class<?> type) {
    if (type.isSynthetic() || type.isAnonymousClass() || type.isLocalClass() || isInternal(type)) {
      return false;
    }
    boolean seen = Modifier.isPublic(type.getModifiers()) || isProtected(type.getModifiers());
    return seen && (type.getEnclosingClass() == null || isPublic(type.getEnclosingClass()));
  }

  // Kotlin's internal classes are public to the virtual machine. A file's class has no visibility.
  private static boolean isInternal(Class<?> type) {
    Metadata metadata = type.getAnnotation(Metadata.class);
    return metadata != null
        && metadata.k() == 1
        && JvmClassMappingKt.getKotlinClass(type).getVisibility() != KVisibility.PUBLIC;
  }

  private static boolean isInternal(Class<?> type, Constructor<?> constructor) {
    return type.isAnnotationPresent(Metadata.class)
        && type.getAnnotation(Metadata.class).k() == 1
        && JvmClassMappingKt.getKotlinClass(type).getConstructors().stream()
            .filter(known -> known.getVisibility() != KVisibility.PUBLIC)
            .anyMatch(known -> constructor.equals(ReflectJvmMapping.getJavaConstructor(known)));
  }

  private static String block(Class<?> type) {
    TreeSet<String> members = new TreeSet<>();
    for (Constructor<?> constructor : type.getDeclaredConstructors()) {
      if (isShown(type, constructor)
          && !isCanonical(type, constructor)
          && !isInternal(type, constructor)) {
        members.add("new(%s)".formatted(parameters(constructor)));
      }
    }
    for (Method method : type.getDeclaredMethods()) {
      if (isShown(type, method) && !isUsual(type, method)) {
        members.add(
            "%s%s%s %s(%s)"
                .formatted(
                    modifiers(method.getModifiers() & SHOWN),
                    method.isDefault() ? "default " : "",
                    name(method.getGenericReturnType()),
                    method.getName(),
                    parameters(method)));
      }
    }
    for (Field field : type.getDeclaredFields()) {
      if (isSeen(field.getModifiers(), type) && !field.isSynthetic()) {
        members.add(
            field.isEnumConstant()
                ? field.getName()
                : modifiers(field.getModifiers() & SHOWN)
                    + name(field.getGenericType())
                    + " "
                    + field.getName());
      }
    }
    return head(type)
        + "\n"
        + members.stream().map(member -> "    " + member + "\n").collect(Collectors.joining());
  }

  private static String head(Class<?> type) {
    String components =
        type.isRecord()
            ? Arrays.stream(type.getRecordComponents())
                .map(component -> name(component.getGenericType()) + " " + component.getName())
                .collect(Collectors.joining(", ", "(", ")"))
            : "";
    boolean extending =
        type.getSuperclass() != null
            && !Set.of(Object.class, Record.class, Enum.class).contains(type.getSuperclass());
    String parent = extending ? " extends " + name(type.getGenericSuperclass()) : "";
    String interfaces =
        type.isAnnotation() || type.getGenericInterfaces().length == 0
            ? ""
            : Arrays.stream(type.getGenericInterfaces())
                .map(PublicApi::name)
                .sorted()
                .collect(Collectors.joining(", ", " : ", ""));
    String sealed = type.isSealed() ? "sealed " : "";
    boolean plain = kind(type).equals("class");
    String modifiers =
        modifiers(type.getModifiers() & (plain ? SHOWN : Modifier.PROTECTED | Modifier.STATIC));
    return sealed
        + modifiers
        + kind(type)
        + " "
        + type.getName()
        + components
        + parent
        + interfaces;
  }

  private static String kind(Class<?> type) {
    if (type.isAnnotation()) {
      return "annotation";
    }
    if (type.isInterface()) {
      return "interface";
    }
    return type.isRecord() ? "record" : type.isEnum() ? "enum" : "class";
  }

  private static boolean isShown(Class<?> type, Executable member) {
    return isSeen(member.getModifiers(), type)
        && !member.isSynthetic()
        // Kotlin's internal members have the module's name in theirs.
        && !member.getName().contains("$");
  }

  private static boolean isSeen(int modifiers, Class<?> type) {
    return Modifier.isPublic(modifiers)
        || isProtected(modifiers) && !Modifier.isFinal(type.getModifiers());
  }

  private static boolean isProtected(int modifiers) {
    return Modifier.isProtected(modifiers);
  }

  private static boolean isCanonical(Class<?> type, Constructor<?> constructor) {
    return type.isRecord()
        && Arrays.equals(
            constructor.getParameterTypes(),
            Arrays.stream(type.getRecordComponents())
                .map(RecordComponent::getType)
                .toArray(Class<?>[]::new));
  }

  private static boolean isUsual(Class<?> type, Method method) {
    if (type.isRecord()) {
      boolean accessor =
          method.getParameterCount() == 0
              && Arrays.stream(type.getRecordComponents())
                  .anyMatch(component -> component.getName().equals(method.getName()));
      return accessor || OF_RECORDS.contains(method.getName());
    }
    return type.isEnum() && OF_ENUMS.contains(method.getName());
  }

  private static String parameters(Executable member) {
    return Arrays.stream(member.getGenericParameterTypes())
        .map(PublicApi::name)
        .collect(Collectors.joining(", "));
  }

  private static String modifiers(int modifiers) {
    String text = Modifier.toString(modifiers);
    return text.isEmpty() ? "" : text + " ";
  }

  private static String name(Type type) {
    return type.getTypeName().replace("java.lang.", "").replace("java.util.", "");
  }
}
