package dev.leaven.runtime.data.catalogue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leaven.runtime.TechniqueJson;
import dev.leaven.runtime.data.DataSource;
import dev.leaven.runtime.data.ImageData;
import dev.leaven.runtime.data.Samples;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CatalogueImagesTest {

  private static final byte[] JPEG = {(byte) 0xff, (byte) 0xd8, (byte) 0xff, (byte) 0xe0};

  @TempDir Path home;

  @AfterEach
  void forgetTheStore() {
    System.clearProperty("leaven.home");
    System.clearProperty("leaven.mirror");
  }

  @Test
  void loadsFromAMirrorAndThenFromTheDisk() throws IOException {
    byte[] archive =
        Archives.tgz(
            Map.of(
                "imagewoof2-160/train/n02086240/1.JPEG", JPEG,
                "imagewoof2-160/train/n02115641/2.JPEG", JPEG,
                "imagewoof2-160/val/n02115641/3.JPEG", JPEG));
    try (FileServer server = new FileServer().put("imagewoof2-160.tgz", archive)) {
      System.setProperty("leaven.home", home.toString());
      System.setProperty("leaven.mirror", server.url("").toString());
      CatalogueImages source = Datasets.imagewoof(ImagenetteSize.PX160);
      ImageData data = source.load(1);
      assertThat(data.source()).isEqualTo(source);
      assertThat(data.classNames()).containsExactly("Shih-Tzu", "dingo");
      assertThat(data.train().labels()).containsExactly(0, 1);
      assertThat(data.valid().labels()).containsExactly(1);
      Path root = source.root().orElseThrow();
      assertThat(((Samples.Files) data.train()).paths())
          .allSatisfy(file -> assertThat(file).startsWith(root));
      source.load(1);
      assertThat(server.requests).containsExactly("imagewoof2-160.tgz");
    }
  }

  @Test
  void isWrittenToJsonAndReadBack() {
    CatalogueImages source = Datasets.imagenette(ImagenetteSize.FULL);
    String json = TechniqueJson.write(source);
    assertThat(json).isEqualTo("{\"technique\":\"CatalogueImages\",\"name\":\"imagenette-full\"}");
    assertThat(TechniqueJson.read(json, DataSource.class)).isEqualTo(source);
    assertThat(source.describe())
        .isEqualTo("CatalogueImages: imagenette-full, photographs, 10 easy classes, full size");
  }

  @Test
  void refusesAnUnknownName() {
    String known =
        "imagenette-160, imagenette-320, imagenette-full, imagewoof-160, imagewoof-320,"
            + " imagewoof-full, cifar10, cifar100, mnist, fashion-mnist, oxford-pets,"
            + " flowers102";
    assertThatThrownBy(() -> new CatalogueImages("imagenet"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("there is no data set 'imagenet'; there are " + known);
    assertThatThrownBy(
            () -> TechniqueJson.read("{\"technique\":\"CatalogueImages\"}", DataSource.class))
        .hasMessage("not a DataSource in JSON: CatalogueImages: name is missing");
  }
}
