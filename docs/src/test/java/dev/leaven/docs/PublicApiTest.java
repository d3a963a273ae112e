package dev.leaven.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What others compile against changes only where a reviewer sees it: in {@code api/*.api}. */
class PublicApiTest {

  @ParameterizedTest
  @CsvSource({
    "runtime, leaven-runtime, dev.leaven.runtime.Technique",
    "dsl, leaven-dsl, dev.leaven.dsl.Recipe",
    "dsl/cli, leaven-cli, dev.leaven.dsl.script.RecipeFile"
  })
  void isAsItIsWrittenDown(Path module, String artifact, Class<?> member) {
    Repository.requireCurrent(
        Repository.ROOT.resolve(module).resolve("api/" + artifact + ".api"),
        PublicApi.of(member),
        "api.update",
        PublicApiTest.class);
  }

  @ParameterizedTest
  @CsvSource({
    "dev.leaven.dsl.Recipe, dev.leaven.dsl.RecipeDslKt",
    "dev.leaven.dsl.script.RecipeFile, dev.leaven.dsl.script.RecipeFile",
    "dev.leaven.runtime.Technique, dev.leaven.runtime.mix.MixUp"
  })
  void saysWhatIsPublicAndNothingElse(Class<?> member, String type) {
    String api = PublicApi.of(member);
    assertThat(api).contains(" " + type);
    // The virtual machine calls these two public.
    assertThat(api).doesNotContain("class dev.leaven.dsl.script.ScriptErrors", "$leaven_");
  }
}
