package dev.leaven.runtime.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MatFileTest {

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"plain.mat", "compressed.mat"})
  void readsEveryTypeOfNumbersThatSciPyWrites(String name) throws IOException {
    Map<String, int[]> matrices = MatFile.read(write(resource(name)));
    assertThat(matrices)
        .containsOnlyKeys(
            "a", "i1", "i2", "u2", "i4", "u4", "i8", "u8", "single", "columns_first", "none");
    assertThat(matrices.get("a")).containsExactly(0, 1, 255);
    assertThat(matrices.get("i1")).containsExactly(-128, 127);
    assertThat(matrices.get("i2")).containsExactly(-32768, 32767, 5);
    assertThat(matrices.get("u2")).containsExactly(65535, 1, 2);
    assertThat(matrices.get("i4")).containsExactly(Integer.MIN_VALUE, Integer.MAX_VALUE);
    assertThat(matrices.get("u4")).containsExactly(Integer.MAX_VALUE, 7);
    assertThat(matrices.get("i8")).containsExactly(-3, 4);
    assertThat(matrices.get("u8")).containsExactly(3, 4);
    assertThat(matrices.get("single")).containsExactly(2, -16777216);
    assertThat(matrices.get("columns_first")).containsExactly(1, 4, 2, 5, 3, 6);
    assertThat(matrices.get("none")).isEmpty();
  }

  @Test
  void readsNumbersThatAreStoredShorterThanTheirClass() throws IOException {
    // As in the files of the 102 flowers: doubles in bytes and in two bytes.
    Path file =
        write(
            new MatBytes(ByteOrder.LITTLE_ENDIAN)
                .compressed("labels", 2, 77, 102, 1)
                .compressed("trnid", 4, 6765, 1)
                .bytes());
    assertThat(MatFile.read(file).get("labels")).containsExactly(77, 102, 1);
    assertThat(MatFile.read(file).get("trnid")).containsExactly(6765, 1);
  }

  @Test
  void readsFilesOfTheOtherByteOrder() throws IOException {
    Path file =
        write(
            new MatBytes(ByteOrder.BIG_ENDIAN)
                .plain("ids", 4, 513, 2)
                .compressed("n", 4, 3)
                .bytes());
    assertThat(MatFile.read(file).get("ids")).containsExactly(513, 2);
    assertThat(MatFile.read(file).get("n")).containsExactly(3);
  }

  @ParameterizedTest
  @CsvSource({
    "fraction.mat, the number 1.5 in 'labels'",
    "beyond.mat, the number 2.147483648E9 in 'labels'",
    "largest.mat, the number 1.8446744073709552E19 in 'labels'",
    "complex.mat, the complex numbers 'labels'",
    "text.mat, text",
    "cell.mat, a cell array",
    "structure.mat, a structure",
    "sparse.mat, a sparse matrix"
  })
  void refusesWhatIsNoMatrixOfWholeNumbers(String name, String what) throws IOException {
    refuses(
        resource(name),
        "%s: holds "
            + what
            + ", where only matrices of whole numbers are read; put the right file there");
  }

  @Test
  void refusesAnElementThatIsNoMatrix() throws IOException {
    byte[] bytes = Arrays.copyOf(new MatBytes(ByteOrder.LITTLE_ENDIAN).bytes(), 136);
    bytes[128] = 9;
    refuses(
        bytes,
        "%s: holds an element of type 9, where only matrices of whole numbers are read; put the"
            + " right file there");
  }

  @Test
  void refusesAClassThatIsNotKnown() throws IOException {
    byte[] bytes = new MatBytes(ByteOrder.LITTLE_ENDIAN).plain("ids", 4, 1).bytes();
    // Header, tag of the matrix, tag of the flags.
    bytes[128 + 8 + 8] = 16;
    refuses(
        bytes,
        "%s: holds an array of class 16, where only matrices of whole numbers are read; put the"
            + " right file there");
  }

  @Test
  void refusesATypeOfNumbersThatIsNotKnown() throws IOException {
    refuses(
        new MatBytes(ByteOrder.LITTLE_ENDIAN).plain("ids", 8, 1).bytes(),
        "%s: holds 'ids' in numbers of type 8, where only matrices of whole numbers are read; put"
            + " the right file there");
  }

  @Test
  void refusesOtherFormats() throws IOException {
    String message =
        "%s: is not a MATLAB file of version 5, because it does not begin with"
            + " 'MATLAB 5.0 MAT-file'; put the right file there";
    refuses(resource("old.mat"), message);
    refuses("<html>not found</html>".getBytes(StandardCharsets.UTF_8), message);
    refuses(new byte[0], message);
    byte[] other = new MatBytes(ByteOrder.LITTLE_ENDIAN).bytes();
    other[125] = 2;
    refuses(
        other,
        "%s: is not a MATLAB file of version 5, though its first bytes say so; put the right file"
            + " there");
  }

  @ParameterizedTest
  @ValueSource(strings = {"plain.mat", "compressed.mat"})
  void refusesAFileThatIsCutOffInAMatrix(String name) throws IOException {
    byte[] whole = resource(name);
    int sound = 0;
    for (int length = 20; length < whole.length; length++) {
      Path file = write(Arrays.copyOf(whole, length));
      try {
        MatFile.read(file);
        sound++;
      } catch (DataException e) {
        assertThat(e).hasMessage(file + ": ends too early; the file is damaged, download it again");
      }
    }
    // Where the header or one of the first ten of eleven matrices ends, a shorter file is sound.
    assertThat(sound).isEqualTo(11);
  }

  @Test
  void refusesDamagedCompressedData() throws IOException {
    byte[] bytes = resource("compressed.mat");
    bytes[128 + 8 + 12] ^= 1;
    Path file = write(bytes);
    assertThatThrownBy(() -> MatFile.read(file))
        .isInstanceOf(DataException.class)
        .hasMessage("%s: holds damaged compressed data; download it again", file);
  }

  @Test
  void refusesAnotherNumberThanAnnounced() throws IOException {
    byte[] bytes = new MatBytes(ByteOrder.LITTLE_ENDIAN).plain("ids", 4, 1, 2, 3).bytes();
    // Header, tag, flags with their tag, tag of the dimensions, one row.
    bytes[128 + 8 + 16 + 8 + 4] = 4;
    refuses(
        bytes,
        "%s: 'ids' announces 4 numbers, but holds 3; the file is damaged, download it again");
  }

  @Test
  void refusesToUnpackWithoutLimit() throws IOException {
    byte[] bytes =
        new MatBytes(ByteOrder.LITTLE_ENDIAN).compressed("ids", 2, new int[17 << 20]).bytes();
    assertThat(bytes).hasSizeLessThan(100_000);
    refuses(
        bytes,
        "%s: holds more than 16 MB, where only matrices of whole numbers are read; put the right"
            + " file there");
  }

  private Path write(byte[] bytes) throws IOException {
    return Files.write(folder.resolve("x.mat"), bytes);
  }

  private void refuses(byte[] bytes, String message) throws IOException {
    Path file = write(bytes);
    assertThatThrownBy(() -> MatFile.read(file))
        .isInstanceOf(DataException.class)
        .hasMessage(message.formatted(file));
  }

  private static byte[] resource(String name) throws IOException {
    try (InputStream in = MatFileTest.class.getResourceAsStream("mat/" + name)) {
      return in.readAllBytes();
    }
  }
}
