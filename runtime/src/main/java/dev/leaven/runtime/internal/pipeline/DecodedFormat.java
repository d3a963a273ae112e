package dev.leaven.runtime.internal.pipeline;

import dev.leaven.runtime.Check;
import dev.leaven.runtime.data.Samples;
import dev.leaven.runtime.transform.ShorterSide;
import dev.leaven.runtime.transform.SquareCrop;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TUint8;

/**
 * The part and size of a decoded image that a cache keeps.
 *
 * @param channels 1 or 3
 * @param side the shorter side of the kept image in pixels
 * @param share 0 to keep the whole image, resized; else the size of the central square that is
 *     kept, as a fraction of the shorter side, in (0, 1]
 */
public record DecodedFormat(int channels, int side, double share) {

  // Changes whenever the same file gives different pixels than before.
  private static final int DECODER = 2;

  /** Checks the ranges. */
  public DecodedFormat {
    Check.atLeast("cache", "side", side, 1);
    Check.range("cache", "share", share, 0, 1);
  }

  /**
   * The whole image; squares are taken from it later.
   *
   * @param channels 1 or 3
   * @param side its shorter side in pixels
   * @return a format
   */
  public static DecodedFormat whole(int channels, int side) {
    return new DecodedFormat(channels, side, 0);
  }

  /**
   * The memory or disk space that images take: an estimate, because it depends on their shapes.
   *
   * @param images the number of images
   * @param side their shorter side in pixels
   * @param channels 1 or 3
   * @return bytes, if all images have the aspect ratio of photographs, 4 to 3
   */
  public static long about(int images, int side, int channels) {
    return (long) images * side * side * channels * 4 / 3;
  }

  /** The fewest pixels of an image's sides that the kept image needs. */
  Operand<TFloat32> needed(Ops tf) {
    Operand<TFloat32> square = tf.constant(share == 0 ? 1f : (float) share);
    return SquareCrop.needed(tf, tf.constant(side), square);
  }

  /** The kept image, inside the graph. */
  Operand<TUint8> apply(Ops tf, Operand<TUint8> image) {
    if (share == 0) {
      return ShorterSide.apply(tf, image, tf.constant(side));
    }
    Operand<TFloat32> centre = tf.constant(new float[] {0.5f, 0.5f});
    return SquareCrop.apply(tf, image, tf.constant(side), tf.constant((float) share), centre);
  }

  /**
   * A name for images of this format: other files, or changed files, have another name.
   *
   * @return hexadecimal digits
   */
  String key(Samples.Files files) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      add(digest, "%d %s".formatted(DECODER, this));
      for (Path file : files.paths()) {
        add(digest, file.toAbsolutePath() + " " + state(file));
      }
      return HexFormat.of().formatHex(digest.digest()).substring(0, 32);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  private static void add(MessageDigest digest, String text) {
    digest.update(text.getBytes(StandardCharsets.UTF_8));
    digest.update((byte) 0);
  }

  private static String state(Path file) {
    try {
      var attributes = Files.readAttributes(file, BasicFileAttributes.class);
      return "%d %s".formatted(attributes.size(), attributes.lastModifiedTime());
    } catch (IOException e) {
      return "missing";
    }
  }
}
