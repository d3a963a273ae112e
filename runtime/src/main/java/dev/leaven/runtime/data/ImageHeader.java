package dev.leaven.runtime.data;

import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads the properties of an image file from its first bytes, outside the graph, for messages about
 * files that the decoder rejects.
 *
 * @param bytes the file, or its beginning
 */
record ImageHeader(byte[] bytes) {

  /** Enough for everything except the size of a JPEG, which comes after segments of any length. */
  static final int LENGTH = 66;

  private static final Set<Integer> BITS = Set.of(8, 24, 32);
  private static final int MASKS = 3;

  boolean isJpeg() {
    return begins(0, 0xff, 0xd8, 0xff);
  }

  boolean isPng() {
    return begins(0, 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n');
  }

  boolean isGif() {
    return begins(0, 'G', 'I', 'F', '8', '7', 'a') || begins(0, 'G', 'I', 'F', '8', '9', 'a');
  }

  // Only two letters; the size of the following header distinguishes it from text.
  boolean isBmp() {
    return begins(0, 'B', 'M')
        && bytes.length >= 18
        && Set.of(12L, 40L, 52L, 56L, 64L, 108L, 124L).contains(little(14, 4));
  }

  boolean isWebp() {
    return begins(0, 'R', 'I', 'F', 'F') && begins(8, 'W', 'E', 'B', 'P');
  }

  /** Why an image of a known format is rejected by its header, or null if it is not. */
  @Nullable String refusal() {
    long[] size = size();
    if (size != null && size[0] * size[1] > FileDamage.MOST_PIXELS) {
      return String.format(
          Locale.ROOT,
          "has %d × %d pixels, more than the %,d that are decoded",
          size[0],
          size[1],
          FileDamage.MOST_PIXELS);
    }
    if (isBmp()) {
      if (little(14, 4) == 12) {
        return "is a BMP of the kind of OS/2, which is not decoded";
      }
      if (!BITS.contains((int) little(28, 2))) {
        return "is a BMP of %d bits per pixel, of which 8, 24 and 32 are decoded"
            .formatted(little(28, 2));
      }
      boolean usual =
          little(30, 4) == 0
              || (little(30, 4) == MASKS
                  && little(54, 4) == 0xff0000
                  && little(58, 4) == 0xff00
                  && little(62, 4) == 0xff);
      return usual ? null : "is a compressed or unusual BMP, which is not decoded";
    }
    return null;
  }

  /** Width and height, or null where they are not found. */
  long @Nullable [] size() {
    if (isPng()) {
      return new long[] {big(16, 4), big(20, 4)};
    }
    if (isGif()) {
      return new long[] {little(6, 2), little(8, 2)};
    }
    return isJpeg() ? sizeOfJpeg() : null;
  }

  // It is in the frame's segment: markers C0 to CF except the tables C4 and CC and except C8.
  private long @Nullable [] sizeOfJpeg() {
    int place = 2;
    while (place + 9 < bytes.length && big(place, 1) == 0xff) {
      int marker = (int) big(place + 1, 1);
      if (marker >= 0xc0 && marker <= 0xcf && !Set.of(0xc4, 0xc8, 0xcc).contains(marker)) {
        return new long[] {big(place + 7, 2), big(place + 5, 2)};
      }
      place += marker == 0xff ? 1 : 2 + (int) big(place + 2, 2);
    }
    return null;
  }

  private long big(int place, int count) {
    long number = 0;
    for (int i = place; i < place + count; i++) {
      number = number << 8 | (i < bytes.length ? bytes[i] & 0xff : 0);
    }
    return number;
  }

  private long little(int place, int count) {
    long number = 0;
    for (int i = place + count - 1; i >= place; i--) {
      number = number << 8 | (i < bytes.length ? bytes[i] & 0xff : 0);
    }
    return number;
  }

  private boolean begins(int offset, int... mark) {
    if (bytes.length < offset + mark.length) {
      return false;
    }
    for (int i = 0; i < mark.length; i++) {
      if ((bytes[offset + i] & 0xff) != mark[i]) {
        return false;
      }
    }
    return true;
  }
}
