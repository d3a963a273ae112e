package dev.leaven.dsl;

import static dev.leaven.dsl.Recipe.resize;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leaven.runtime.data.ImageFolder;
import dev.leaven.runtime.train.Preview;
import dev.leaven.runtime.train.PreviewStep;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PreviewTest {

  @TempDir Path directory;

  @Test
  void shows_the_first_images_of_the_first_stage() throws Exception {
    Path picture = directory.resolve("grid.png");
    Preview preview = resize(16).then(32).preview(new GreySquares(200, 3), picture);

    assertThat(preview.stageNumber()).isEqualTo(1);
    assertThat(preview.step()).isEqualTo(1);
    assertThat(preview.mixed()).isFalse();
    assertThat(preview.examples()).hasSize(8);
    // Every pixel of an image is its number, whatever of it is seen, and its class its last digit.
    for (Preview.Example example : preview.examples()) {
      byte pixel = example.original()[0];
      assertThat(example.original()).hasSize(19 * 19 * 3).containsOnly(pixel);
      assertThat(example.shown()).hasSize(16 * 16 * 3).containsOnly(pixel);
      assertThat(example.target()).isEqualTo(example.label()).hasSize(10);
      assertThat(example.target()[(pixel & 0xFF) % 10]).isEqualTo(1);
    }
    assertThat(ImageIO.read(picture.toFile()).getWidth()).isEqualTo(1120);
  }

  @Test
  void shows_any_step_of_the_run() {
    Recipe recipe = resize(16).then(32).epochs(2).batchSize(4).mixup().mixOffForLast(1);
    Path picture = directory.resolve("grid.png");
    GreySquares data = new GreySquares(20, 1);

    // Five steps an epoch, and the second epoch is the last.
    assertThat(recipe.preview(data, picture, PreviewStep.first().stage(2).step(5)).mixed())
        .isTrue();
    Preview last = recipe.preview(data, picture, PreviewStep.first().stage(2).step(10).images(3));
    assertThat(last.mixed()).isFalse();
    assertThat(last.examples()).hasSize(3);
    assertThat(last.examples().get(0).seen()).hasSize(32 * 32);
    assertThat(last.examples().get(0).target()).isEqualTo(last.examples().get(0).label());
  }

  @Test
  void refuses_another_kind_of_file_before_it_looks_at_the_data() {
    Path picture = directory.resolve("grid.jpg");

    assertThatThrownBy(() -> resize(16).preview(ImageFolder.of("nowhere"), picture))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(picture + ": a preview is a PNG picture; give it a name that ends in .png");
    assertThat(Files.exists(picture)).isFalse();
  }
}
