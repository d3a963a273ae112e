package dev.leaven.runtime.data.catalogue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A digest that a file must have.
 *
 * @param algorithm {@code MD5} or {@code SHA-256}
 * @param hex the digest in lower-case hexadecimal digits
 */
public record Checksum(String algorithm, String hex) {

  private static final int BUFFER = 1 << 16;

  /**
   * Checks the form.
   *
   * @throws IllegalArgumentException when the algorithm is another or the digits do not fit it
   */
  public Checksum {
    int digits =
        switch (algorithm) {
          case "MD5" -> 32;
          case "SHA-256" -> 64;
          default ->
              throw new IllegalArgumentException(
                  "Checksum: algorithm must be MD5 or SHA-256, but is %s".formatted(algorithm));
        };
    if (!hex.matches("[0-9a-f]{" + digits + "}")) {
      throw new IllegalArgumentException(
          "Checksum: %s needs %d hexadecimal digits in lower case, but has '%s'"
              .formatted(algorithm, digits, hex));
    }
  }

  /**
   * An MD5 sum, which tells a damaged file from a sound one, but not a forged one.
   *
   * @param hex 32 digits
   * @return the checksum
   */
  public static Checksum md5(String hex) {
    return new Checksum("MD5", hex);
  }

  /**
   * A SHA-256 sum.
   *
   * @param hex 64 digits
   * @return the checksum
   */
  public static Checksum sha256(String hex) {
    return new Checksum("SHA-256", hex);
  }

  /** The digest that a file has, in the same form. */
  Checksum of(Path file) throws IOException {
    MessageDigest digest = digest();
    byte[] buffer = new byte[BUFFER];
    try (InputStream in = Files.newInputStream(file)) {
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        digest.update(buffer, 0, count);
      }
    }
    return new Checksum(algorithm, HexFormat.of().formatHex(digest.digest()));
  }

  private MessageDigest digest() {
    try {
      return MessageDigest.getInstance(algorithm);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has " + algorithm, e);
    }
  }

  @Override
  public String toString() {
    return algorithm + " " + hex;
  }
}
