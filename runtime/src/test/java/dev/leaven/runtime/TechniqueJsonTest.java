package dev.leaven.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class TechniqueJsonTest {

  record Place(Path path, List<Path> others, double share) implements Technique {
    @Override
    public String describe() {
      return "a place";
    }

    // Neither a property nor a setter.
    Place share(double share) {
      return new Place(path, others, share);
    }

    public boolean isFar() {
      return true;
    }
  }

  @Test
  void aRecordsComponentsAreItsProperties() {
    Place place = new Place(Path.of("/a b/ä"), List.of(Path.of("c:d")), 0.5);
    String json = TechniqueJson.write(place);
    assertThat(json)
        .isEqualTo(
            "{\"technique\":\"dev.leaven.runtime.TechniqueJsonTest$Place\",\"others\":[\"c:d\"],"
                + "\"path\":\"/a b/ä\",\"share\":0.5}");
    assertThat(TechniqueJson.read(json, Technique.class)).isEqualTo(place);
  }

  @Test
  void refusesAPathThatNoSystemHas() {
    assertThatThrownBy(() -> TechniqueJson.read("\"a\\u0000b\"", Path.class))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("not a Path in JSON: ");
  }
}
