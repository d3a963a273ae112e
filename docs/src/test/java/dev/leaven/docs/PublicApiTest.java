package dev.leaven.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leaven.dsl.Recipe;
import dev.leaven.runtime.Technique;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What others compile against changes only where a reviewer sees it: in {@code api/*.api}. */
class PublicApiTest {

  @ParameterizedTest
  @CsvSource({"runtime", "dsl"})
  void isAsItIsWrittenDown(String module) {
    Class<?> member = module.equals("dsl") ? Recipe.class : Technique.class;
    Repository.requireCurrent(
        Repository.ROOT.resolve(module).resolve("api/leaven-" + module + ".api"),
        PublicApi.of(member),
        "api.update",
        PublicApiTest.class);
  }

  @ParameterizedTest
  @CsvSource({
    "dsl, dev.leaven.dsl.Recipe",
    "dsl, dev.leaven.dsl.RecipeDslKt",
    "runtime, dev.leaven.runtime.mix.MixUp"
  })
  void saysWhatIsPublicAndNothingElse(String module, String type) {
    String api = PublicApi.of(module.equals("dsl") ? Recipe.class : Technique.class);
    assertThat(api).contains(" " + type);
    // The virtual machine calls these two public.
    assertThat(api).doesNotContain("class dev.leaven.dsl.script.ScriptErrors", "$leaven_dsl");
  }
}
