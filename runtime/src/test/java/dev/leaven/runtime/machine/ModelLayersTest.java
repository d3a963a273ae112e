package dev.leaven.runtime.machine;

import static dev.leaven.runtime.graph.Precision.BFLOAT16;
import static dev.leaven.runtime.graph.Precision.FLOAT32;
import static org.assertj.core.api.Assertions.assertThat;

import dev.leaven.runtime.graph.Kernels;
import dev.leaven.runtime.graph.Precision;
import dev.leaven.runtime.models.Architecture;
import dev.leaven.runtime.models.ConvNeXtTiny;
import dev.leaven.runtime.models.MobileNetV2;
import dev.leaven.runtime.models.ResNet;
import dev.leaven.runtime.models.XResNet;
import dev.leaven.runtime.train.TinyNet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class ModelLayersTest {

  private final Optional<Kernels> ofProcess = Kernels.ofProcess();

  @BeforeEach
  void checkOneDnn() {
    // What is built for plain kernels has no groups.
    Kernels.chosen(Kernels.ONEDNN);
  }

  @AfterEach
  void restore() {
    ofProcess.ifPresent(Kernels::chosen);
  }

  private static Set<LayerShape> of(Architecture architecture, int size, Precision precision) {
    return ModelLayers.of(
        new CheckRequest.Model(architecture, 3, 10, List.of(size)), size, precision);
  }

  private static Set<String> keys(Set<LayerShape> shapes) {
    return shapes.stream().map(LayerShape::key).collect(Collectors.toSet());
  }

  private static List<LayerShape> convolutions(Set<LayerShape> shapes) {
    return shapes.stream().filter(shape -> shape.operation().equals("Conv2D")).toList();
  }

  @Test
  void areThoseOfTheGraph() {
    assertThat(keys(of(new TinyNet(8), 16, FLOAT32)))
        .containsExactlyInAnyOrder(
            "Conv2D,4x18x18x3,3x3x3x8,2,VALID",
            "FusedBatchNormV3,4x8x8x8,8,1,VALID",
            "MatMul,4x8,8x10,1,VALID");
    assertThat(keys(of(new TinyNet(8), 17, BFLOAT16)))
        .containsExactlyInAnyOrder(
            "Conv2D,4x19x19x4,3x3x4x8,2,VALID",
            "FusedBatchNormV3,4x9x9x8,8,1,VALID",
            "MatMul,4x8,8x10,1,VALID");
  }

  @Test
  void ofAResidualNetwork() {
    Set<String> keys = keys(of(new XResNet(18), 64, FLOAT32));
    assertThat(keys)
        .contains(
            "Conv2D,4x66x66x3,3x3x3x32,2,VALID",
            "MaxPoolV2,4x34x34x64,3x3,2,VALID",
            "Conv2D,4x16x16x64,3x3x64x64,1,SAME",
            "AvgPool,4x16x16x64,2x2,2,SAME",
            "Conv2D,4x2x2x512,3x3x512x512,1,SAME",
            "FusedBatchNormV3,4x2x2x512,512,1,VALID",
            "MatMul,4x512,512x10,1,VALID");
    assertThat(keys(of(new XResNet(18), 64, BFLOAT16)))
        .contains("Conv2D,4x66x66x4,3x3x4x32,2,VALID");
  }

  static List<Architecture> architectures() {
    return List.of(
        new XResNet(18),
        new XResNet(18).widen(0.515625),
        new XResNet(18).withSelfAttention(),
        new ResNet(18),
        ResNet.resnext50(),
        new MobileNetV2(),
        new ConvNeXtTiny());
  }

  @ParameterizedTest
  @MethodSource("architectures")
  void noneOfThemIsKnownToBeComputedWrongly(Architecture architecture) {
    for (Precision precision : List.of(FLOAT32, BFLOAT16)) {
      List<LayerShape> convolutions = convolutions(of(architecture, 64, precision));
      assertThat(convolutions).isNotEmpty();
      assertThat(convolutions)
          .as("strided 1×1 in %s", precision)
          .noneMatch(shape -> shape.window(0) == 1 && shape.stride() > 1);
      if (precision == BFLOAT16) {
        assertThat(convolutions)
            .as("odd channels")
            .noneMatch(shape -> shape.window(2) > 1 && shape.window(2) % 2 == 1);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("architectures")
  void allOfThemCanBeComputed(Architecture architecture) {
    assertThat(of(architecture, 64, FLOAT32))
        .filteredOn(shape -> shape.operation().contains("MatMul"))
        .isNotEmpty()
        .allMatch(
            shape -> {
              List<Long> left = shape.input();
              List<Long> right = shape.other();
              return left.get(left.size() - 1).equals(right.get(right.size() - 2));
            });
  }

  @Test
  void oddChannelsAreThereInFloat32() {
    assertThat(convolutions(of(new XResNet(18).widen(0.515625), 64, FLOAT32)))
        .anyMatch(shape -> shape.window(2) == 33);
  }

  @Test
  void ofADepthwiseNetwork() {
    assertThat(of(new MobileNetV2(), 64, FLOAT32))
        .filteredOn(shape -> shape.operation().equals("DepthwiseConv2dNative"))
        .extracting(LayerShape::key)
        .contains(
            "DepthwiseConv2dNative,4x32x32x32,3x3x32x1,1,SAME",
            "DepthwiseConv2dNative,4x34x34x96,3x3x96x1,2,VALID");
  }

  @Test
  void groupsAreCheckedWithOneDnnOnly() {
    assertThat(convolutions(of(ResNet.resnext50(), 64, FLOAT32)))
        .filteredOn(shape -> shape.groups() == 32)
        .extracting(LayerShape::key)
        .contains("Conv2D,4x16x16x128,3x3x4x128,1,SAME");
    Kernels.chosen(Kernels.PLAIN);
    assertThat(convolutions(of(ResNet.resnext50(), 64, FLOAT32)))
        .allMatch(shape -> shape.groups() == 1)
        .extracting(LayerShape::key)
        .contains("Conv2D,4x16x16x128,3x3x128x128,1,SAME");
  }

  @ParameterizedTest
  @EnumSource(
      value = Precision.class,
      names = {"FLOAT32", "BFLOAT16"})
  void theUsualOnesAreOfEveryKind(Precision precision) {
    Set<LayerShape> usual = ModelLayers.usual(precision);
    assertThat(usual)
        .extracting(LayerShape::operation)
        .containsAll(
            List.of(
                "Conv2D",
                "DepthwiseConv2dNative",
                "MatMul",
                "MaxPoolV2",
                "AvgPool",
                "FusedBatchNormV3"));
    assertThat(convolutions(usual))
        .anyMatch(shape -> shape.groups() > 1)
        .anyMatch(shape -> shape.window(0) == 7 && shape.stride() == 2)
        // The layer that AMD's Zen 5 was first seen to differentiate wrongly.
        .extracting(LayerShape::key)
        .contains("Conv2D,4x8x8x144,3x3x144x32,1,SAME");
  }
}
