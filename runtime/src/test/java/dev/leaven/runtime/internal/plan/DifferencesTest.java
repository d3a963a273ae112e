package dev.leaven.runtime.internal.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leaven.runtime.plan.Plan;
import dev.leaven.runtime.train.Runs;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DifferencesTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"seed\":1} | {\"seed\":2} | seed 1 there, 2 here",
        "{\"weightDecay\":0.10} | {\"weightDecay\":2.0} | weightDecay 0.1 there, 2 here",
        "{} | {\"seed\":2} | seed: not said there, 2 here",
        "{\"mixing\":{\"technique\":\"MixUp\",\"alpha\":0.4,\"perBatch\":true}}"
            + " | {\"mixing\":{\"technique\":\"MixUp\",\"alpha\":0.2,\"perBatch\":true}}"
            + " | mixing: alpha 0.4 there, 0.2 here",
        "{} | {\"model\":{\"technique\":\"XResNet\",\"depth\":50}}"
            + " | model: not said there, 'XResNet-50' here",
        "{\"model\":{\"technique\":\"my.Net\",\"width\":3}}"
            + " | {\"model\":{\"technique\":\"XResNet\",\"depth\":50}}"
            + " | model: my.Net (width 3) there, 'XResNet-50' here",
        "{\"stages\":[{\"size\":128,\"epochs\":2}]} | {\"stages\":[{\"size\":128,\"epochs\":3}]}"
            + " | stage 1: epochs 2 there, 3 here",
        "{\"stages\":[{\"size\":128}]} | {\"stages\":[{\"size\":128},{\"size\":224,\"epochs\":3}]}"
            + " | stage 2: not said there, size 224, epochs 3 here",
        "{\"a\":[]} | {} | a: none there, not said here",
        "{\"a\":true} | {\"a\":false} | a true there, false here",
      })
  void areSentences(String there, String here, String sentence) {
    assertThat(Differences.ofRecipes(there, here)).containsExactly(sentence);
  }

  @Test
  void equalRecipesHaveNone() {
    assertThat(Differences.ofRecipes("{\"a\":1,\"b\":[{}]}", "{\"b\":[{}],\"a\":1}")).isEmpty();
  }

  @Test
  void allAreFoundInOrderAndTheFirstAreListed() {
    assertThat(Differences.ofRecipes("{\"b\":1,\"a\":2}", "{\"b\":2,\"c\":1,\"a\":2}"))
        .containsExactly("b 1 there, 2 here", "c: not said there, 1 here");
    assertThat(Differences.listed(List.of("1", "2", "3", "4", "5", "6", "7", "8", "9", "10")))
        .isEqualTo("1; 2; 3; 4; 5; 6; 7; 8; and 2 more");
    assertThat(Differences.listed(List.of("1", "2"))).isEqualTo("1; 2");
  }

  @Test
  void plansAreComparedInWhatWasDecided() {
    Plan plan = Runs.plan();
    assertThat(Differences.ofPlans(plan, Runs.with(plan, "recipe", "{}", "recipeHash", "1")))
        .isEmpty();
    assertThat(Differences.ofPlans(plan, Runs.with(plan, "seed", 8L)))
        .containsExactly("seed 7 there, 8 here");
  }
}
