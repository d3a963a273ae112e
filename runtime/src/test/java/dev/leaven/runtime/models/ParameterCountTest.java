package dev.leaven.runtime.models;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("slow")
class ParameterCountTest {

  // fastai's own counts.
  @ParameterizedTest
  @CsvSource({"18, 10, 11200874", "34, 10, 21309034", "50, 10, 23547754", "50, 1000, 25576264"})
  void counts_what_fastai_counts(int depth, int classes, long parameters) {
    assertThat(ParameterCount.of(new XResNet(depth), 3, classes)).isEqualTo(parameters);
  }

  // As torchvision's documentation has them.
  @ParameterizedTest
  @CsvSource({
    "resnet18, 11689512",
    "resnet34, 21797672",
    "resnet50, 25557032",
    "resnet101, 44549160",
    "resnet152, 60192808",
    "resnext50, 25028904",
    "mobilenet-v2, 3504872",
    "convnext-tiny, 28589128",
  })
  void counts_what_torchvision_counts(String name, long parameters) {
    assertThat(ParameterCount.of(Models.named(name), 3, 1000)).isEqualTo(parameters);
  }

  // fastai's XResNet(...) of the same options, counted by PyTorch in pytorch_models.py.
  @ParameterizedTest
  @CsvSource({"false, 737738", "true, 746219"})
  void counts_what_the_options_add(boolean options, long parameters) {
    XResNet narrow = new XResNet(18).widen(0.25);
    assertThat(
            ParameterCount.of(
                options
                    ? narrow.mish().withSqueezeExcite().withSelfAttention().withBlurPool()
                    : narrow,
                3,
                10))
        .isEqualTo(parameters);
  }
}
