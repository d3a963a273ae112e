package dev.leaven.runtime.internal.tensorflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.ndarray.Shape;

class SafeTensorsTest {

  private static final float[] ODD = {
    0f,
    -0f,
    Float.MIN_VALUE,
    -Float.MIN_VALUE / 2,
    1e-40f,
    Float.MAX_VALUE,
    Float.NaN,
    Float.intBitsToFloat(0x7FC12345),
    Float.NEGATIVE_INFINITY,
    1f / 3
  };

  @TempDir Path directory;
  private Path file;

  @BeforeEach
  void chooseAFile() {
    file = directory.resolve("weights.safetensors");
  }

  private static SafeTensors.Entry entry(String name, float[] values, long... shape) {
    return new SafeTensors.Entry(name, Shape.of(shape), () -> values);
  }

  private void write(Map<String, String> metadata) throws IOException {
    SafeTensors.write(
        file,
        metadata,
        List.of(
            entry("stem.weight", ODD, 2, 5),
            entry("step", new float[] {7}),
            entry("none", new float[0], 0, 3)));
  }

  private void writeHeader(String json) throws IOException {
    byte[] header = json.getBytes(StandardCharsets.UTF_8);
    Files.write(
        file,
        ByteBuffer.allocate(8 + header.length + 8)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(header.length)
            .put(header)
            .array());
  }

  private void refuses(String message) {
    assertThatThrownBy(() -> SafeTensors.read(file))
        .isInstanceOf(IOException.class)
        .hasMessage(message);
  }

  @Test
  void givesBackEveryBit() throws IOException {
    write(Map.of());
    SafeTensors read = SafeTensors.read(file);
    assertThat(bits(read.values().get("stem.weight"))).isEqualTo(bits(FloatBuffer.wrap(ODD)));
    assertThat(bits(read.values().get("step"))).containsExactly(Float.floatToRawIntBits(7));
    assertThat(bits(read.values().get("none"))).isEmpty();
    assertThat(read.shapes())
        .containsExactly(
            Map.entry("stem.weight", Shape.of(2, 5)),
            Map.entry("step", Shape.scalar()),
            Map.entry("none", Shape.of(0, 3)));
  }

  private static int[] bits(FloatBuffer values) {
    int[] bits = new int[values.remaining()];
    for (int i = 0; i < bits.length; i++) {
      bits[i] = Float.floatToRawIntBits(values.get(i));
    }
    return bits;
  }

  @Test
  void givesBackTextsOfAnyScript() throws IOException {
    Map<String, String> texts =
        Map.of("plan", "{\"größe\":\"128\"}\n", "ключ", "猫 🐈 \u0000 \\ \"", "", "");
    write(texts);
    assertThat(SafeTensors.read(file).metadata()).isEqualTo(texts);
  }

  @Test
  void theHeaderSaysWhereEveryArrayLies() throws IOException {
    for (String text : List.of("", "a", "ab", "abc", "é", "abcdef", "abcdefg")) {
      write(Map.of("text", text));
      ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
      int length = Math.toIntExact(bytes.getLong());
      assertThat(length % 8).as("the values begin at a multiple of 8 bytes").isZero();
      byte[] header = new byte[length];
      bytes.get(header);
      assertThat(header[0]).as("the format wants the brace first").isEqualTo((byte) '{');
      JsonNode json = new ObjectMapper().readTree(header);
      assertThat(json.toString())
          .isEqualTo(
              "{\"__metadata__\":{\"text\":\""
                  + text
                  + "\"},\"stem.weight\":{\"dtype\":\"F32\",\"shape\":[2,5],"
                  + "\"data_offsets\":[0,40]},"
                  + "\"step\":{\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[40,44]},"
                  + "\"none\":{\"dtype\":\"F32\",\"shape\":[0,3],\"data_offsets\":[44,44]}}");
      assertThat(bytes.getFloat(8 + length + 40)).isEqualTo(7f);
      assertThat(bytes.limit()).isEqualTo(8 + length + 44);
    }
  }

  @Test
  void overwritesALongerFile() throws IOException {
    Files.write(file, new byte[100_000]);
    write(Map.of());
    assertThat(SafeTensors.read(file).values()).hasSize(3);
    assertThat(Files.size(file)).isLessThan(1000);
  }

  @Test
  void refusesValuesThatAreNotOfTheirShape() {
    assertThatThrownBy(
            () -> SafeTensors.write(file, Map.of(), List.of(entry("w", new float[3], 2, 2))))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("w has 3 values, but its shape is [2, 2]");
  }

  @Test
  void refusesAFileThatIsCutOffAnywhere() throws IOException {
    write(Map.of());
    byte[] whole = Files.readAllBytes(file);
    int header = whole.length - 44;
    for (int length = 0; length < whole.length; length++) {
      Files.write(file, Arrays.copyOf(whole, length));
      if (length < header) {
        refuses(file + " is not a safetensors file, or is cut off");
      } else {
        int needed = length < header + 40 ? 40 : 44;
        refuses(
            "%s is cut off: it should have at least %d bytes, but has %d"
                .formatted(file, header + needed, length));
      }
    }
  }

  @Test
  void refusesFilesOfAnotherKind() throws IOException {
    Files.write(file, new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n', 0, 0, 0});
    refuses(file + " is not a safetensors file, or is cut off");
    Files.write(file, new byte[100]);
    refuses(file + " is not a safetensors file, or is cut off");
  }

  @Test
  void refusesADamagedHeader() throws IOException {
    for (String header : List.of("{\"w\":", "no JSON!", "[1, 2]  ", "12345678")) {
      writeHeader(header);
      refuses(file + " has a damaged header");
    }
  }

  @Test
  void refusesArraysThatAreNotFloat32OfTheirShape() throws IOException {
    for (String array :
        List.of(
            "{\"dtype\":\"F16\",\"shape\":[2],\"data_offsets\":[0,8]}",
            "{\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[0,8]}",
            "{\"dtype\":\"F32\",\"shape\":[-1],\"data_offsets\":[4,0]}",
            "{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[-4,0]}",
            "{\"dtype\":\"F32\",\"shape\":[2]}",
            "7")) {
      writeHeader("{\"w\":%s}".formatted(array));
      refuses(file + ": the array w is not float32 of its shape");
    }
  }

  @Test
  void widensSixteenBitsAndLeavesOutIntegers() throws IOException {
    byte[] header =
        ("{\"half\":{\"dtype\":\"F16\",\"shape\":[3],\"data_offsets\":[0,6]},"
                + "\"brain\":{\"dtype\":\"BF16\",\"shape\":[2],\"data_offsets\":[6,10]},"
                + "\"count\":{\"dtype\":\"I64\",\"shape\":[],\"data_offsets\":[10,18]}}")
            .getBytes(StandardCharsets.UTF_8);
    Files.write(
        file,
        ByteBuffer.allocate(8 + header.length + 18)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(header.length)
            .put(header)
            // IEEE 754: -1.5, the largest 65504, the smallest 2⁻²⁴.
            .putShort((short) 0xBE00)
            .putShort((short) 0x7BFF)
            .putShort((short) 0x0001)
            .putShort((short) 0x3FC0)
            .putShort((short) 0xC100)
            .array());
    SafeTensors read = SafeTensors.readWeights(file);
    assertThat(read.values().keySet()).containsExactlyInAnyOrder("half", "brain");
    assertThat(read.values().get("half"))
        .isEqualTo(FloatBuffer.wrap(new float[] {-1.5f, 65504, 0x1p-24f}));
    assertThat(read.values().get("brain")).isEqualTo(FloatBuffer.wrap(new float[] {1.5f, -8}));
  }
}
