package dev.leaven.runtime.data.catalogue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class DatasetsTest {

  @Test
  void everyMethodNamesAnEntry() {
    assertThat(
            List.of(
                Datasets.imagenette(),
                Datasets.imagenette(ImagenetteSize.PX320),
                Datasets.imagenette(ImagenetteSize.FULL),
                Datasets.imagewoof(),
                Datasets.imagewoof(ImagenetteSize.of(320)),
                Datasets.imagewoof(ImagenetteSize.FULL),
                Datasets.cifar10(),
                Datasets.cifar100(),
                Datasets.mnist(),
                Datasets.fashionMnist(),
                Datasets.oxfordPets(),
                Datasets.flowers102()))
        .extracting(CatalogueImages::entry)
        .isEqualTo(Datasets.all());
  }

  @Test
  void filesOfTwoDataSetsNeverShareAName() {
    assertThat(Datasets.all().stream().flatMap(entry -> entry.files().stream()))
        .extracting(RemoteFile::name)
        .doesNotHaveDuplicates();
  }

  @Test
  void aFileOfTheCatalogueIsAtItsWellKnownAddress() {
    assertThat(Datasets.imagenette().entry().files())
        .extracting(file -> file.url().toString())
        .containsExactly("https://s3.amazonaws.com/fast-ai-imageclas/imagenette2-160.tgz");
    assertThat(Datasets.imagewoof(ImagenetteSize.FULL).entry().files())
        .extracting(file -> file.url().toString())
        .containsExactly("https://s3.amazonaws.com/fast-ai-imageclas/imagewoof2.tgz");
    assertThat(Datasets.cifar100().entry().files())
        .extracting(file -> file.url().toString())
        .containsExactly("https://www.cs.toronto.edu/~kriz/cifar-100-binary.tar.gz");
    assertThat(Datasets.mnist().entry().files())
        .extracting(file -> file.url().toString())
        .startsWith("https://ossci-datasets.s3.amazonaws.com/mnist/train-images-idx3-ubyte.gz");
    assertThat(Datasets.flowers102().entry().files())
        .extracting(file -> file.url().toString())
        .containsExactly(
            "https://www.robots.ox.ac.uk/~vgg/data/flowers/102/102flowers.tgz",
            "https://www.robots.ox.ac.uk/~vgg/data/flowers/102/imagelabels.mat",
            "https://www.robots.ox.ac.uk/~vgg/data/flowers/102/setid.mat");
  }

  @Test
  void aSizeIsToldOnlyWhereItIsKnown() {
    assertThat(Datasets.mnist().entry().size()).isEqualTo(OptionalLong.of(11_594_722));
    assertThat(Datasets.imagenette().entry().size()).isEmpty();
  }

  @Test
  void refusesASizeThatIsNotPublished() {
    assertThatThrownBy(() -> ImagenetteSize.of(128))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("ImagenetteSize: pixels must be 160 or 320, but is 128; FULL has them all");
  }
}
