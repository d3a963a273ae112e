package dev.leaven.runtime.internal.tensorflow;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class KeysTest {

  @Test
  void isTheFinaliserOfSplitMix64() {
    // The first two outputs of SplitMix64 for seed 0, from its reference implementation.
    assertThat(Keys.key(0)).isEqualTo(0xE220A8397B1DCDAFL);
    assertThat(Keys.key(0x9E3779B97F4A7C15L)).isEqualTo(0x6E789E6AA1B965F4L);
  }

  @Test
  void neighbouringNumbersGiveUnrelatedKeys() {
    double changed = 0;
    for (long i = 0; i < 1000; i++) {
      changed += Long.bitCount(Keys.key(i) ^ Keys.key(i + 1));
    }
    // Each of 64 bits changes with probability ½: 32 ± 4 per pair, so ±0.13 for the mean of 1000.
    assertThat(changed / 1000).isBetween(31.4, 32.6);
  }

  @Test
  void allSmallPairsOfNumbersHaveTheirOwnKey() {
    Set<Long> keys = new HashSet<>();
    for (long a = 0; a < 100; a++) {
      for (long b = 0; b < 100; b++) {
        keys.add(Keys.key(Keys.key(a), b));
      }
    }
    assertThat(keys).hasSize(10_000);
  }

  @Test
  void aNameAfterANameIsNotTheNameOfBoth() {
    long key = Keys.key(7);
    assertThat(Keys.key(Keys.key(key, "mix"), "up")).isNotEqualTo(Keys.key(key, "mixup"));
    assertThat(Keys.key(key, "")).isNotEqualTo(key);
  }

  @Test
  void namesAreReadAsUtf8() {
    assertThat(Keys.key(1, "é")).isNotEqualTo(Keys.key(1, "è"));
    assertThat(Keys.key(1, "é")).isEqualTo(Keys.key(1, "\u00e9"));
  }
}
