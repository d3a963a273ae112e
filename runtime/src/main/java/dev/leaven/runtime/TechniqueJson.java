package dev.leaven.runtime;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DatabindContext;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.annotation.JsonTypeIdResolver;
import com.fasterxml.jackson.databind.deser.std.FromStringDeserializer;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.jsontype.impl.TypeIdResolverBase;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import java.nio.file.Path;
import java.util.List;

/**
 * The JSON form of techniques and of the values that hold them.
 *
 * <p>A technique is an object with its parameters and its name: {@code {"technique": "MixUp",
 * "alpha": 0.4}}. Leaven's own go by their simple name; a user's own by the full name of its class,
 * which must be on the class path when it is read back. Only classes that implement the expected
 * kind of technique are ever instantiated. Properties are written in alphabetical order, so that
 * equal values have equal texts.
 */
public final class TechniqueJson {

  private static final List<String> ROOMS =
      List.of(
          "data",
          "data.catalogue",
          "transform",
          "mix",
          "loss",
          "models",
          "optimize",
          "evaluate",
          "plan");

  private static final ObjectMapper MAPPER =
      JsonMapper.builder()
          .enable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
          .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
          .disable(SerializationFeature.FAIL_ON_EMPTY_BEANS)
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .addModule(new Jdk8Module())
          .addMixIn(Technique.class, Named.class)
          .addModule(
              new SimpleModule()
                  .addSerializer(Path.class, new ToStringSerializer(Path.class))
                  .addDeserializer(Path.class, new PlainPath()))
          .build();

  private TechniqueJson() {}

  /**
   * Writes a value that is a technique, or holds some, on one line.
   *
   * @param value a record of numbers, texts, lists, paths and techniques
   * @return its JSON text
   */
  public static String write(Object value) {
    try {
      return MAPPER.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          "%s has no JSON form: %s".formatted(value, e.getOriginalMessage()), e);
    }
  }

  /**
   * Writes a value as {@link #write} does, with line breaks for people.
   *
   * @param value a record of numbers, texts, lists, paths and techniques
   * @return its JSON text
   */
  public static String writePretty(Object value) {
    try {
      return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          "%s has no JSON form: %s".formatted(value, e.getOriginalMessage()), e);
    }
  }

  /**
   * Reads what {@link #write} wrote.
   *
   * @param json the text
   * @param type the expected type
   * @param <T> the type of the value
   * @return the value
   * @throws IllegalArgumentException when the text is not JSON, names an unknown technique or
   *     property, or a value is outside its range
   */
  public static <T> T read(String json, Class<T> type) {
    try {
      return MAPPER.readValue(json, type);
    } catch (JsonProcessingException e) {
      Throwable cause = e.getCause();
      String reason =
          cause instanceof IllegalArgumentException ? cause.getMessage() : e.getOriginalMessage();
      throw new IllegalArgumentException(
          "not a %s in JSON: %s".formatted(type.getSimpleName(), reason), e);
    }
  }

  // Only a record's components are its JSON form; methods such as describe() are not.
  @JsonTypeInfo(use = JsonTypeInfo.Id.CUSTOM, property = "technique")
  @JsonTypeIdResolver(Names.class)
  @JsonAutoDetect(
      fieldVisibility = JsonAutoDetect.Visibility.ANY,
      getterVisibility = JsonAutoDetect.Visibility.NONE,
      isGetterVisibility = JsonAutoDetect.Visibility.NONE)
  private abstract static class Named {}

  /** Reads a path as people write it; Jackson would expect a {@code file:} URI. */
  private static final class PlainPath extends FromStringDeserializer<Path> {

    PlainPath() {
      super(Path.class);
    }

    @Override
    protected Path _deserialize(String text, DeserializationContext context) {
      return Path.of(text);
    }
  }

  /** Turns a technique's class into its name and back. */
  static final class Names extends TypeIdResolverBase {

    private JavaType expected;

    @Override
    public void init(JavaType base) {
      expected = base;
    }

    @Override
    public String idFromValue(Object value) {
      return idFromValueAndType(value, value.getClass());
    }

    @Override
    public String idFromValueAndType(Object value, Class<?> type) {
      String room = Technique.class.getPackageName() + ".";
      boolean ours =
          ROOMS.stream().anyMatch(name -> type.getPackageName().equals(room + name))
              && type.getEnclosingClass() == null;
      return ours ? type.getSimpleName() : type.getName();
    }

    @Override
    public JavaType typeFromId(DatabindContext context, String id) throws JsonMappingException {
      Class<?> type = find(id);
      if (type == null || !expected.getRawClass().isAssignableFrom(type)) {
        throw JsonMappingException.from(
            (DeserializationContext) context,
            "there is no %s named '%s' on the class path"
                .formatted(expected.getRawClass().getSimpleName(), id));
      }
      return context.constructSpecializedType(expected, type);
    }

    private static Class<?> find(String id) {
      ClassLoader loader = Technique.class.getClassLoader();
      if (id.indexOf('.') >= 0) {
        ClassLoader context = Thread.currentThread().getContextClassLoader();
        return load(id, context == null ? loader : context);
      }
      return ROOMS.stream()
          .map(room -> load(Technique.class.getPackageName() + "." + room + "." + id, loader))
          .filter(type -> type != null)
          .findFirst()
          .orElse(null);
    }

    private static Class<?> load(String name, ClassLoader loader) {
      try {
        return Class.forName(name, false, loader);
      } catch (ClassNotFoundException e) {
        return null;
      }
    }

    @Override
    public JsonTypeInfo.Id getMechanism() {
      return JsonTypeInfo.Id.CUSTOM;
    }
  }
}
