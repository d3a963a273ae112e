package dev.leaven.runtime.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leaven.runtime.TechniqueJson;
import java.util.List;
import org.junit.jupiter.api.Test;

class InMemoryImagesTest {

  private static final List<String> NAMES = List.of("dark", "light");

  @Test
  void givesBackWhatItGot() {
    Samples.Pixels train = pixels(3, 0, 1, 0);
    Samples.Pixels valid = pixels(3, 1);
    InMemoryImages source = InMemoryImages.of(train, valid, NAMES);
    ImageData data = source.load(1);
    assertThat(data.train()).isSameAs(train);
    assertThat(data.valid()).isSameAs(valid);
    assertThat(data.channels()).isEqualTo(3);
    assertThat(data.classNames()).isEqualTo(NAMES);
    assertThat(source.describe())
        .isEqualTo("InMemoryImages: 3 images for training, 1 for validation");
    assertThat(source).hasToString("InMemoryImages[train=3, valid=1, classNames=[dark, light]]");
  }

  @Test
  void comesBackFromJsonWithoutItsImages() {
    InMemoryImages source = InMemoryImages.of(pixels(1, 0), pixels(1, 1), NAMES);
    String json = TechniqueJson.write(source);
    assertThat(json).isEqualTo("{\"technique\":\"InMemoryImages\"}");
    DataSource back = TechniqueJson.read(json, DataSource.class);
    assertThatThrownBy(() -> back.load(1))
        .isInstanceOf(DataException.class)
        .hasMessage(
            "InMemoryImages: this run's images were in the memory of the program that began it;"
                + " pass them to resume");
  }

  @Test
  void refusesDifferentChannels() {
    assertThatThrownBy(() -> InMemoryImages.of(pixels(1, 0), pixels(3, 1), NAMES))
        .isInstanceOf(DataException.class)
        .hasMessage(
            "InMemoryImages: training images have 1 channels, but validation images 3; give both"
                + " the same");
  }

  @Test
  void refusesALabelWithoutAClass() {
    assertThatThrownBy(() -> InMemoryImages.of(pixels(1, 0), pixels(1, 0, 2), NAMES))
        .isInstanceOf(DataException.class)
        .hasMessage(
            "InMemoryImages: validation image 1 has label 2, but there are 2 classes from 0; name"
                + " every class");
  }

  @Test
  void refusesASingleClass() {
    InMemoryImages source = InMemoryImages.of(pixels(1, 0), pixels(1, 0), List.of("dark"));
    assertThatThrownBy(() -> source.load(1))
        .isInstanceOf(DataException.class)
        .hasMessage(
            "InMemoryImages: 1 images for training, 1 for validation: a classifier needs at least 2"
                + " classes, but there is only dark");
  }

  private static Samples.Pixels pixels(int channels, int... labels) {
    return new Samples.Pixels(new byte[labels.length * 4 * channels], 2, 2, channels, labels);
  }
}
