package dev.leaven.dsl;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** The JSON form of a recipe: its stages and parts by their keys, in alphabetical order. */
final class RecipeJson {

  private static final String STAGES = "stages";
  private static final SortedMap<String, Part<?>> PARTS = new TreeMap<>();

  static {
    Part.ALL.forEach(part -> PARTS.put(part.key(), part));
  }

  private RecipeJson() {}

  static final class Writer extends JsonSerializer<Recipe> {

    @Override
    public void serialize(Recipe recipe, JsonGenerator json, SerializerProvider provider)
        throws IOException {
      json.writeStartObject();
      for (Map.Entry<String, Part<?>> entry : PARTS.headMap(STAGES).entrySet()) {
        write(recipe, entry.getValue(), json, provider);
      }
      json.writeFieldName(STAGES);
      provider
          .findTypedValueSerializer(stages(provider::constructType), true, null)
          .serialize(recipe.stages(), json, provider);
      for (Map.Entry<String, Part<?>> entry : PARTS.tailMap(STAGES).entrySet()) {
        write(recipe, entry.getValue(), json, provider);
      }
      json.writeEndObject();
    }

    private static void write(
        Recipe recipe, Part<?> part, JsonGenerator json, SerializerProvider provider)
        throws IOException {
      Object value = recipe.get(part);
      if (value != null) {
        JavaType type = provider.constructType(part.type());
        json.writeFieldName(part.key());
        // An element has the type of its list; any other value has its own type.
        provider
            .findTypedValueSerializer(
                type.isContainerType() ? type : provider.constructType(value.getClass()),
                true,
                null)
            .serialize(value, json, provider);
      }
    }
  }

  static final class Reader extends JsonDeserializer<Recipe> {

    @Override
    public Recipe deserialize(JsonParser json, DeserializationContext context) throws IOException {
      if (!json.isExpectedStartObjectToken()) {
        return (Recipe) context.handleUnexpectedToken(Recipe.class, json);
      }
      List<StageSpec> stages = List.of();
      Map<Part<?>, Object> parts = new HashMap<>();
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String key = json.currentName();
        JsonToken value = json.nextToken();
        if (value == JsonToken.VALUE_NULL) {
          continue;
        }
        if (key.equals(STAGES)) {
          stages = context.readValue(json, stages(context::constructType));
        } else if (PARTS.containsKey(key)) {
          Part<?> part = PARTS.get(key);
          parts.put(part, context.readValue(json, context.constructType(part.type())));
        } else {
          throw UnrecognizedPropertyException.from(
              json, Recipe.class, key, List.<Object>copyOf(PARTS.keySet()));
        }
      }
      try {
        return new Recipe(stages, parts);
      } catch (IllegalArgumentException e) {
        throw JsonMappingException.from(json, e.getMessage(), e);
      }
    }
  }

  private interface Types {
    JavaType of(java.lang.reflect.Type type);
  }

  private static JavaType stages(Types types) {
    return types.of(Part.listOf(StageSpec.class));
  }
}
