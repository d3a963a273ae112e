package dev.leaven.runtime.internal.tensorflow;

import java.nio.charset.StandardCharsets;

/**
 * Turns a seed and the names and numbers of a use into one 64-bit key, so that neighbouring seeds
 * and similar names give unrelated keys.
 */
public final class Keys {

  private Keys() {}

  /**
   * Scrambles a number: the finaliser of SplitMix64 (Steele, Lea, Flood 2014).
   *
   * @param value any number
   * @return a number that looks unrelated; different values give different results
   */
  public static long key(long value) {
    long z = value + 0x9E3779B97F4A7C15L;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  /**
   * The key of a number under another key. Exchanging the two gives a different key.
   *
   * @param key a key
   * @param number a number, for instance an epoch
   * @return the key of both
   */
  public static long key(long key, long number) {
    return key(key(key) ^ number);
  }

  /**
   * The key of a name under another key. A name after a name differs from both names joined.
   *
   * @param key a key
   * @param name a name, for instance a purpose
   * @return the key of both
   */
  public static long key(long key, String name) {
    byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
    long hash = key(key, bytes.length);
    for (byte b : bytes) {
      hash = key(hash ^ (b & 0xFF));
    }
    return hash;
  }
}
