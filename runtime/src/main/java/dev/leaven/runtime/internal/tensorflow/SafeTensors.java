package dev.leaven.runtime.internal.tensorflow;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.ShortBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.tensorflow.ndarray.Shape;

/**
 * Named float32 arrays and texts in one file, in the safetensors format: a header in JSON, then the
 * values. It contains no code, can be read piece by piece, and Python reads it too.
 *
 * @param metadata the texts
 * @param shapes the shape of each array
 * @param values the values of each array in C order, mapped from the file
 */
public record SafeTensors(
    Map<String, String> metadata, Map<String, Shape> shapes, Map<String, FloatBuffer> values) {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int ALIGNMENT = 8;
  private static final Set<String> FLOATS = Set.of("F32", "F16", "BF16");
  // Small enough to be still in the processor's cache when it is written.
  private static final int CHUNK = 1 << 18;
  private static final long LARGEST_HEADER = 100_000_000;

  /**
   * An array to be written.
   *
   * @param name unique in its file
   * @param shape its shape
   * @param values gives the values in C order; called once, when they are written
   */
  public record Entry(String name, Shape shape, Supplier<float[]> values) {}

  /**
   * Writes a file. It is forced to the disk before the method returns.
   *
   * @param file overwritten if it exists
   * @param metadata the texts
   * @param entries the arrays, in order
   * @throws IOException when it cannot be written
   */
  public static void write(Path file, Map<String, String> metadata, List<Entry> entries)
      throws IOException {
    byte[] header = header(metadata, entries);
    // Not a channel: an interrupt of the thread must not truncate a file.
    try (FileOutputStream out = new FileOutputStream(file.toFile())) {
      out.write(
          ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(header.length).array());
      out.write(header);
      ByteBuffer bytes = ByteBuffer.allocate(CHUNK).order(ByteOrder.LITTLE_ENDIAN);
      FloatBuffer floats = bytes.asFloatBuffer();
      for (Entry entry : entries) {
        float[] values = entry.values().get();
        if (values.length != entry.shape().size()) {
          throw new IllegalStateException(
              "%s has %d values, but its shape is %s"
                  .formatted(entry.name(), values.length, entry.shape()));
        }
        for (int from = 0; from < values.length; from += floats.capacity()) {
          int count = Math.min(floats.capacity(), values.length - from);
          floats.clear().put(values, from, count);
          out.write(bytes.array(), 0, count * Float.BYTES);
        }
      }
      out.getFD().sync();
    }
  }

  private static byte[] header(Map<String, String> metadata, List<Entry> entries)
      throws JsonProcessingException {
    ObjectNode header = JSON.createObjectNode();
    ObjectNode texts = header.putObject("__metadata__");
    metadata.forEach(texts::put);
    long offset = 0;
    for (Entry entry : entries) {
      ObjectNode tensor = header.putObject(entry.name());
      tensor.put("dtype", "F32");
      ArrayNode shape = tensor.putArray("shape");
      for (long size : entry.shape().asArray()) {
        shape.add(size);
      }
      long end = offset + entry.shape().size() * Float.BYTES;
      tensor.putArray("data_offsets").add(offset).add(end);
      offset = end;
    }
    String json = JSON.writeValueAsString(header);
    int length = json.getBytes(StandardCharsets.UTF_8).length;
    int padding = (ALIGNMENT - length % ALIGNMENT) % ALIGNMENT;
    return (json + " ".repeat(padding)).getBytes(StandardCharsets.UTF_8);
  }

  /**
   * Reads a file's header and maps its values.
   *
   * @param file the file
   * @return its content
   * @throws IOException when it cannot be read, is not of this format, or is cut off
   */
  public static SafeTensors read(Path file) throws IOException {
    return read(file, false);
  }

  /**
   * Reads weights that another program wrote. Numbers of 16 bits (F16, BF16) are widened to
   * float32; arrays of integers, such as counters, are left out.
   *
   * @param file the file
   * @return its content
   * @throws IOException when it cannot be read, is not of this format, or is cut off
   */
  public static SafeTensors readWeights(Path file) throws IOException {
    return read(file, true);
  }

  private static SafeTensors read(Path file, boolean anyType) throws IOException {
    long size = Files.size(file);
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      ByteBuffer length = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
      readAll(channel, length, 0);
      long headerLength = length.flip().remaining() < 8 ? -1 : length.getLong();
      if (headerLength < 2 || headerLength > LARGEST_HEADER || 8 + headerLength > size) {
        throw new IOException("%s is not a safetensors file, or is cut off".formatted(file));
      }
      ByteBuffer header = ByteBuffer.allocate((int) headerLength);
      readAll(channel, header, 8);
      JsonNode json = parse(file, header.array());
      Map<String, String> metadata = new LinkedHashMap<>();
      Map<String, Shape> shapes = new LinkedHashMap<>();
      Map<String, FloatBuffer> values = new LinkedHashMap<>();
      for (Map.Entry<String, JsonNode> field : json.properties()) {
        if (field.getKey().equals("__metadata__")) {
          field
              .getValue()
              .properties()
              .forEach(e -> metadata.put(e.getKey(), e.getValue().asText()));
          continue;
        }
        String type = field.getValue().path("dtype").asText();
        if (anyType && !FLOATS.contains(type)) {
          continue;
        }
        boolean half = anyType && !type.equals("F32");
        Shape shape = shape(field.getValue().path("shape"));
        long begin = field.getValue().path("data_offsets").path(0).asLong(-1);
        long end = field.getValue().path("data_offsets").path(1).asLong(-1);
        boolean fits =
            begin >= 0
                && end >= begin
                && end - begin == shape.size() * (half ? Short.BYTES : Float.BYTES);
        if (!fits || !(half || type.equals("F32"))) {
          throw new IOException(
              "%s: the array %s is not float32 of its shape".formatted(file, field.getKey()));
        }
        if (8 + headerLength + end > size) {
          throw new IOException(
              "%s is cut off: it should have at least %d bytes, but has %d"
                  .formatted(file, 8 + headerLength + end, size));
        }
        shapes.put(field.getKey(), shape);
        ByteBuffer bytes =
            channel
                .map(FileChannel.MapMode.READ_ONLY, 8 + headerLength + begin, end - begin)
                .order(ByteOrder.LITTLE_ENDIAN);
        values.put(
            field.getKey(),
            half ? widened(bytes.asShortBuffer(), type.equals("BF16")) : bytes.asFloatBuffer());
      }
      return new SafeTensors(metadata, shapes, values);
    }
  }

  private static FloatBuffer widened(ShortBuffer halves, boolean brain) {
    FloatBuffer floats = FloatBuffer.allocate(halves.remaining());
    while (halves.hasRemaining()) {
      int bits = halves.get() & 0xFFFF;
      floats.put(brain ? Float.intBitsToFloat(bits << 16) : float16(bits));
    }
    return floats.flip();
  }

  // A sign, five bits of exponent, ten of fraction.
  private static float float16(int bits) {
    int exponent = bits >> 10 & 0x1F;
    int fraction = bits & 0x3FF;
    float size;
    if (exponent == 0x1F) {
      size = fraction == 0 ? Float.POSITIVE_INFINITY : Float.NaN;
    } else if (exponent == 0) {
      size = Math.scalb((float) fraction, -24);
    } else {
      size = Math.scalb((float) (fraction | 0x400), exponent - 25);
    }
    return bits < 0x8000 ? size : -size;
  }

  private static void readAll(FileChannel channel, ByteBuffer target, long from)
      throws IOException {
    while (target.hasRemaining() && channel.read(target, from + target.position()) >= 0) {
      continue;
    }
  }

  private static JsonNode parse(Path file, byte[] header) throws IOException {
    JsonNode json;
    try {
      json = JSON.readTree(header);
    } catch (JsonProcessingException e) {
      throw new IOException("%s has a damaged header".formatted(file), e);
    }
    if (!json.isObject()) {
      throw new IOException("%s has a damaged header".formatted(file));
    }
    return json;
  }

  private static Shape shape(JsonNode sizes) {
    long[] shape = new long[sizes.size()];
    for (int i = 0; i < shape.length; i++) {
      shape[i] = sizes.get(i).asLong();
    }
    return Shape.of(shape);
  }
}
