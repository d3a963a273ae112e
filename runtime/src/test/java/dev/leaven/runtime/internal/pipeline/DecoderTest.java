package dev.leaven.runtime.internal.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.leaven.runtime.internal.tensorflow.GraphOps;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.ndarray.NdArrays;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TString;
import org.tensorflow.types.TUint8;

/** Against what Pillow 9.4 made of the same files; {@code pillow.txt} has its pixels. */
class DecoderTest {

  private static final float ALL = Float.POSITIVE_INFINITY;

  private static Graph graph;
  private static Session session;
  private static Placeholder<TString> content;
  private static Placeholder<TFloat32> needed;
  private static Operand<TUint8> colour;
  private static Operand<TUint8> grey;

  private record Pixels(int height, int width, int channels, int[] values) {}

  @BeforeAll
  static void build() {
    graph = new Graph();
    Ops tf = GraphOps.of(graph);
    content = tf.placeholder(TString.class, Placeholder.shape(Shape.scalar()));
    needed = tf.placeholder(TFloat32.class, Placeholder.shape(Shape.of(2)));
    colour = Decoder.apply(tf, content, 3, needed);
    grey = Decoder.apply(tf, content, 1, needed);
    session = new Session(graph);
  }

  @AfterAll
  static void close() {
    session.close();
    graph.close();
  }

  private static Pixels decode(byte[] file, int channels, float shorter, float longer) {
    try (TString bytes = TString.tensorOfBytes(NdArrays.scalarOfObject(file));
        TFloat32 sides = TFloat32.vectorOf(shorter, longer);
        var result =
            session
                .runner()
                .feed(content, bytes)
                .feed(needed, sides)
                .fetch(channels == 3 ? colour : grey)
                .run()) {
      TUint8 image = (TUint8) result.get(0);
      int[] values = new int[(int) image.size()];
      int[] i = {0};
      image.scalars().forEach(scalar -> values[i[0]++] = scalar.getByte() & 0xff);
      return new Pixels(
          (int) image.shape().get(0),
          (int) image.shape().get(1),
          (int) image.shape().get(2),
          values);
    }
  }

  private static Pixels decode(byte[] file, int channels) {
    return decode(file, channels, ALL, ALL);
  }

  private static byte[] file(String name) throws IOException {
    try (InputStream in =
        DecoderTest.class.getResourceAsStream("/dev/leaven/runtime/data/images/" + name)) {
      return in.readAllBytes();
    }
  }

  static Stream<String> pillow() throws IOException {
    return new String(file("pillow.txt"), StandardCharsets.US_ASCII).lines();
  }

  @ParameterizedTest
  @MethodSource("pillow")
  void showsWhatPillowShows(String line) throws IOException {
    String[] parts = line.split(" ");
    int channels = parts[0].startsWith("grey:") ? 1 : 3;
    String name = parts[0].replace("grey:", "");
    Pixels image = decode(file(name), channels);
    assertThat(image.height()).isEqualTo(Integer.parseInt(parts[1]));
    assertThat(image.width()).isEqualTo(Integer.parseInt(parts[2]));
    assertThat(image.channels()).isEqualTo(channels);
    byte[] expected = HexFormat.of().parseHex(parts[3]);
    assertThat(image.values()).hasSameSizeAs(expected);
    // A JPEG's luminance is taken as it is, where Pillow goes over rounded colours: one level.
    int tolerance = name.endsWith("jpg") ? 1 : 0;
    for (int i = 0; i < expected.length; i++) {
      assertThat(image.values()[i])
          .as("value %d", i)
          .isCloseTo(expected[i] & 0xff, within(tolerance));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void sixteenBitsAreScaledAndRounded(int channels) throws IOException {
    BufferedImage image = new BufferedImage(256, 256, BufferedImage.TYPE_USHORT_GRAY);
    for (int v = 0; v < 65536; v++) {
      image.getRaster().setSample(v % 256, v / 256, 0, v);
    }
    int[] values = decode(written(image, "png"), channels).values();
    for (int v = 0; v < 65536; v++) {
      int expected = (int) Math.round(v * 255.0 / 65535);
      for (int c = 0; c < channels; c++) {
        assertThat(values[v * channels + c]).as("%d", v).isEqualTo(expected);
      }
    }
  }

  private static byte[] written(BufferedImage image, String format) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    assertThat(ImageIO.write(image, format, out)).isTrue();
    return out.toByteArray();
  }

  private static byte[] jpeg(int height, int width) throws IOException {
    return written(new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB), "jpg");
  }

  @ParameterizedTest
  @CsvSource({
    // height, width, needed of the shorter and of the longer side, expected height and width
    "64, 80, 33, 33, 64, 80",
    "64, 80, 32, 32, 32, 40", // exactly twice
    "63, 80, 32, 32, 63, 80",
    "128, 160, 32, 32, 32, 40", // exactly four times
    "127, 160, 32, 32, 64, 80",
    "160, 128, 32, 32, 40, 32", // upright
    "256, 300, 32, 32, 32, 38", // exactly eight times; a part of a pixel is one
    "255, 300, 32, 32, 64, 75",
    "999, 999, 32, 32, 125, 125", // no further
    "64, 256, 1, 64, 16, 64", // the longer side decides
    "64, 255, 1, 64, 32, 128",
    "64, 64, 31.99999, 32, 32, 32",
  })
  void aJpegIsDecodedNoLargerThanNeeded(
      int height, int width, float shorter, float longer, int rows, int columns)
      throws IOException {
    for (int channels : new int[] {1, 3}) {
      Pixels image = decode(jpeg(height, width), channels, shorter, longer);
      assertThat(List.of(image.height(), image.width())).isEqualTo(List.of(rows, columns));
    }
  }

  @Test
  void aShareThatIsNoExactNumberStillDecodesAtTheBoundary() throws IOException {
    // 128 of 152: the needed side is 152 up to the last bit of a float32.
    float side = 128 / (float) (128.0 / 152);
    assertThat(decode(jpeg(304, 400), 3, side, side).height()).isEqualTo(152);
  }

  @Test
  void otherFormatsAreDecodedInFullSize() throws IOException {
    BufferedImage image = new BufferedImage(300, 200, BufferedImage.TYPE_INT_RGB);
    assertThat(decode(written(image, "png"), 3, 20, 20).height()).isEqualTo(200);
  }

  // Six blocks of 8 by 8 px; a reduction by 8 leaves one pixel of each.
  private static final int[][] BLOCKS = {
    {230, 20, 20}, {20, 200, 20}, {20, 20, 220}, {240, 240, 240}, {128, 128, 128}, {10, 10, 10}
  };

  private static int[] blocks(byte[] file) {
    Pixels image = decode(file, 3, 2, 3);
    assertThat(image.height() * image.width()).isEqualTo(6);
    int[] found = new int[7];
    found[6] = image.width();
    for (int p = 0; p < 6; p++) {
      found[p] = -1;
      for (int b = 0; b < 6; b++) {
        boolean same = true;
        for (int c = 0; c < 3; c++) {
          // What JPEG of quality 95 loses.
          same &= Math.abs(image.values()[p * 3 + c] - BLOCKS[b][c]) <= 4;
        }
        found[p] = same ? b : found[p];
      }
    }
    return found;
  }

  private static final int[] UPRIGHT = {0, 1, 2, 3, 4, 5, 3};

  /** Segments behind the 20 bytes of the first, which is JFIF's. */
  private static byte[] withSegments(byte[]... segments) throws IOException {
    byte[] plain = file("blocks.jpg");
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(plain, 0, 20);
    for (byte[] segment : segments) {
      out.write(segment);
    }
    out.write(plain, 20, plain.length - 20);
    return out.toByteArray();
  }

  private static byte[] segment(int marker, String begin, byte[] rest) {
    return ByteBuffer.allocate(4 + begin.length() + rest.length)
        .put((byte) 0xff)
        .put((byte) marker)
        .putShort((short) (2 + begin.length() + rest.length))
        .put(begin.getBytes(StandardCharsets.ISO_8859_1))
        .put(rest)
        .array();
  }

  private static byte[] exif(byte[] tiff) {
    return segment(0xe1, "Exif\0\0", tiff);
  }

  /** Each entry is a tag, a type, how many and the value; a second directory follows the first. */
  private static byte[] tiff(ByteOrder order, int[][] first, int[][] second) {
    ByteBuffer out = ByteBuffer.allocate(200).order(order);
    out.put((order == ByteOrder.LITTLE_ENDIAN ? "II" : "MM").getBytes(StandardCharsets.US_ASCII));
    out.putShort((short) 42).putInt(8);
    directory(out, first, 8 + 2 + 12 * first.length + 4);
    directory(out, second, 0);
    return Arrays.copyOf(out.array(), out.position());
  }

  private static void directory(ByteBuffer out, int[][] entries, int next) {
    out.putShort((short) entries.length);
    for (int[] entry : entries) {
      out.putShort((short) entry[0]).putShort((short) entry[1]).putInt(entry[2]);
      if (entry[1] == 3) {
        out.putShort((short) entry[3]).putShort((short) 0);
      } else {
        out.putInt(entry[3]);
      }
    }
    out.putInt(next);
  }

  private static byte[] tiff(int orientation) {
    return tiff(ByteOrder.BIG_ENDIAN, new int[][] {{0x0112, 3, 1, orientation}}, new int[0][]);
  }

  static Stream<int[]> orientations() {
    // What Pillow's exif_transpose makes of them: blocks row by row, then the width.
    return Stream.of(
        UPRIGHT,
        new int[] {2, 1, 0, 5, 4, 3, 3},
        new int[] {5, 4, 3, 2, 1, 0, 3},
        new int[] {3, 4, 5, 0, 1, 2, 3},
        new int[] {0, 3, 1, 4, 2, 5, 2},
        new int[] {3, 0, 4, 1, 5, 2, 2},
        new int[] {5, 2, 4, 1, 3, 0, 2},
        new int[] {2, 5, 1, 4, 0, 3, 2});
  }

  @Test
  void anImageIsTurnedAsItsOrientationSays() throws IOException {
    int orientation = 1;
    for (int[] expected : orientations().toList()) {
      for (ByteOrder order : List.of(ByteOrder.BIG_ENDIAN, ByteOrder.LITTLE_ENDIAN)) {
        int[][] tags = {{0x010f, 3, 1, 6}, {0x0112, 3, 1, orientation}, {0x0128, 3, 1, 2}};
        int[][] thumbnail = {{0x0112, 3, 1, 9 - orientation}};
        byte[] photograph = withSegments(exif(tiff(order, tags, thumbnail)));
        assertThat(blocks(photograph)).as("%d, %s", orientation, order).isEqualTo(expected);
      }
      orientation++;
    }
  }

  @Test
  void exifDataIsFoundBehindOtherSegments() throws IOException {
    int[] expected = orientations().toList().get(5);
    byte[] other = segment(0xe2, "ICC_PROFILE\0", new byte[3000]);
    byte[] comment = segment(0xfe, "Exif\0\0 is the word for it", new byte[0]);
    byte[] xmp = segment(0xe1, "http://ns.adobe.com/xap/1.0/\0", tiff(2));
    byte[] found = withSegments(other, comment, xmp, exif(tiff(6)));
    assertThat(blocks(found)).isEqualTo(expected);
    // Without JFIF's segment, as cameras write it.
    List<Byte> bytes = new ArrayList<>();
    for (byte b : withSegments(exif(tiff(6)))) {
      bytes.add(b);
    }
    bytes.subList(2, 20).clear();
    byte[] camera = new byte[bytes.size()];
    for (int i = 0; i < camera.length; i++) {
      camera[i] = bytes.get(i);
    }
    assertThat(blocks(camera)).isEqualTo(expected);
  }

  @Test
  void whatIsNotUnderstoodLeavesTheImageAsItIs() throws IOException {
    int[][] none = {};
    int[][] turned = {{0x0112, 3, 1, 6}};
    ByteOrder little = ByteOrder.LITTLE_ENDIAN;
    byte[] unordered = tiff(6);
    unordered[0] = 'X';
    byte[] unmarked = tiff(6);
    unmarked[3] = 43;
    byte[] elsewhere = tiff(6);
    elsewhere[4] = 0x7f;
    byte[] before = tiff(6);
    Arrays.fill(before, 4, 8, (byte) 0xff);
    byte[] many = tiff(6);
    many[8] = (byte) 0xff;
    many[11] = 0;
    List<byte[]> strange =
        List.of(
            tiff(0),
            tiff(9),
            tiff(little, none, none),
            tiff(little, none, turned), // a thumbnail's only
            tiff(little, new int[][] {{0x0112, 2, 1, 6}}, none), // a text
            tiff(little, new int[][] {{0x0112, 3, 2, 6}}, none), // two numbers
            unordered,
            unmarked,
            elsewhere,
            before,
            many,
            Arrays.copyOf(tiff(6), 12),
            new byte[0]);
    for (byte[] tiff : strange) {
      assertThat(blocks(withSegments(exif(tiff)))).isEqualTo(UPRIGHT);
    }
    assertThat(blocks(withSegments(segment(0xe1, "", new byte[0])))).isEqualTo(UPRIGHT);
  }

  @Test
  void theFirstOfSeveralOrientationsCounts() throws IOException {
    int[][] tags = {{0x0112, 4, 1, 6}, {0x0112, 3, 1, 2}};
    byte[] photograph = withSegments(exif(tiff(ByteOrder.BIG_ENDIAN, tags, new int[0][])));
    assertThat(blocks(photograph)).isEqualTo(orientations().toList().get(5));
  }

  @ParameterizedTest
  @CsvSource({"jpg", "png", "gif", "bmp"})
  void theSmallestImagesAreDecoded(String format) throws IOException {
    for (int[] size : new int[][] {{1, 1}, {1, 40}, {40, 1}}) {
      BufferedImage image = new BufferedImage(size[0], size[1], BufferedImage.TYPE_INT_RGB);
      for (int channels : new int[] {1, 3}) {
        Pixels found = decode(written(image, format), channels, 16, 16);
        assertThat(found.width()).isEqualTo(size[0]);
        assertThat(found.height()).isEqualTo(size[1]);
      }
    }
  }

  @Test
  void whatIsNoImageFails() throws IOException {
    byte[] jpeg = file("colour.jpg");
    byte[] png = file("colour.png");
    for (byte[] bad :
        List.of(
            new byte[0],
            new byte[] {(byte) 0xff, (byte) 0xd8, (byte) 0xff},
            "a text".getBytes(StandardCharsets.US_ASCII),
            file("webp.webp"),
            file("one.bmp"),
            Arrays.copyOf(jpeg, jpeg.length - 40),
            Arrays.copyOf(png, png.length - 40))) {
      assertThatThrownBy(() -> decode(bad, 3)).isInstanceOf(RuntimeException.class);
    }
  }

  @Test
  void tooManyPixelsAreRefusedByTheHeader() throws IOException {
    // A header of 13378 × 13377 px, one of a row less, which is damaged for lack of data.
    ByteBuffer png = ByteBuffer.wrap(file("colour.png"));
    png.putInt(16, 13378).putInt(20, 13377);
    assertThatThrownBy(() -> decode(png.array(), 3)).hasMessageContaining("too many pixels");
    png.putInt(20, 13376);
    assertThatThrownBy(() -> decode(png.array(), 3)).hasMessageNotContaining("too many pixels");
    ByteBuffer gif = ByteBuffer.wrap(file("palette.gif")).order(ByteOrder.LITTLE_ENDIAN);
    gif.putShort(6, (short) 20000).putShort(8, (short) 20000);
    assertThatThrownBy(() -> decode(gif.array(), 3)).hasMessageContaining("too many pixels");
    byte[] jpeg = file("colour.jpg");
    int frame = 0;
    while ((jpeg[frame] & 0xff) != 0xff || (jpeg[frame + 1] & 0xff) != 0xc0) {
      frame++;
    }
    ByteBuffer large = ByteBuffer.wrap(jpeg);
    large.putShort(frame + 5, (short) 20000).putShort(frame + 7, (short) 20000);
    assertThatThrownBy(() -> decode(jpeg, 3)).hasMessageContaining("too many pixels");
  }
}
