package dev.leaven.runtime.data;

import static dev.leaven.runtime.data.TinyFiles.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileCheckTest {

  @TempDir Path folder;

  @Test
  void knowsImagesByTheirFirstBytes() throws IOException {
    assertThat(problemOf(TinyFiles.JPEG)).isNull();
    assertThat(problemOf(TinyFiles.PNG)).isNull();
    assertThat(problemOf(TinyFiles.GIF)).isNull();
    assertThat(problemOf(TinyFiles.BMP)).isNull();
  }

  @Test
  void saysWhatOtherFilesAre() throws IOException {
    assertThat(problemOf(new byte[0])).isEqualTo("is empty");
    assertThat(problemOf("<!DOCTYPE html>\r\n<html>")).isEqualTo("is text");
    assertThat(problemOf("BMW, Audi and other cars of the year")).isEqualTo("is text");
    assertThat(problemOf("RIFF\0\0\0\0WEBPVP8 ")).isEqualTo("is a WebP image");
    assertThat(problemOf(bytes(0xff, 0xd8))).isEqualTo("is not a JPEG, PNG, GIF or BMP image");
    assertThat(problemOf(bytes(0, 1, 2, 3))).isEqualTo("is not a JPEG, PNG, GIF or BMP image");
  }

  @Test
  void saysWhatCannotBeRead() throws IOException {
    assertThat(FileCheck.problem(folder)).isEqualTo("is a folder");
    assertThat(FileCheck.problem(folder.resolve("none.jpg"))).isEqualTo("cannot be read");
  }

  @Test
  void imageNamesEndInAKnownExtensionInAnyCase() {
    assertThat(FileCheck.isImageName("a.jpg")).isTrue();
    assertThat(FileCheck.isImageName("a.b.JPEG")).isTrue();
    assertThat(FileCheck.isImageName("a.Png")).isTrue();
    assertThat(FileCheck.isImageName("a.gif")).isTrue();
    assertThat(FileCheck.isImageName("a.bmp")).isTrue();
    assertThat(FileCheck.isImageName("a.csv")).isFalse();
    assertThat(FileCheck.isImageName("jpg")).isFalse();
  }

  private String problemOf(String text) throws IOException {
    return problemOf(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  private String problemOf(byte[] content) throws IOException {
    return FileCheck.problem(Files.write(folder.resolve("file"), content));
  }
}
