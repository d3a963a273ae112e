package dev.leaven.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.leaven.runtime.data.Balanced;
import dev.leaven.runtime.data.DataSource;
import dev.leaven.runtime.data.FractionSplit;
import dev.leaven.runtime.data.GroupSplit;
import dev.leaven.runtime.data.KFold;
import dev.leaven.runtime.data.ListSplit;
import dev.leaven.runtime.data.Repeated;
import dev.leaven.runtime.data.Shuffled;
import dev.leaven.runtime.evaluate.FiveCrop;
import dev.leaven.runtime.evaluate.FlipView;
import dev.leaven.runtime.evaluate.MultiScale;
import dev.leaven.runtime.evaluate.TenCrop;
import dev.leaven.runtime.evaluate.TestTimeAugmentation;
import dev.leaven.runtime.loss.Asymmetric;
import dev.leaven.runtime.loss.BinaryCrossEntropy;
import dev.leaven.runtime.loss.ClassWeights;
import dev.leaven.runtime.loss.Focal;
import dev.leaven.runtime.loss.Huber;
import dev.leaven.runtime.loss.LabelSmoothing;
import dev.leaven.runtime.loss.MeanAbsoluteError;
import dev.leaven.runtime.loss.MeanSquaredError;
import dev.leaven.runtime.loss.SoftTargetCrossEntropy;
import dev.leaven.runtime.loss.TargetScale;
import dev.leaven.runtime.mix.CutMix;
import dev.leaven.runtime.mix.MixUp;
import dev.leaven.runtime.mix.MixUpOrCutMix;
import dev.leaven.runtime.models.ConvNeXtTiny;
import dev.leaven.runtime.models.MobileNetV2;
import dev.leaven.runtime.models.ResNet;
import dev.leaven.runtime.models.XResNet;
import dev.leaven.runtime.optimize.Adam;
import dev.leaven.runtime.optimize.AdamW;
import dev.leaven.runtime.optimize.AdaptiveClip;
import dev.leaven.runtime.optimize.ClipNorm;
import dev.leaven.runtime.optimize.ClipValue;
import dev.leaven.runtime.optimize.Constant;
import dev.leaven.runtime.optimize.Cosine;
import dev.leaven.runtime.optimize.Exponential;
import dev.leaven.runtime.optimize.FlatCosine;
import dev.leaven.runtime.optimize.Lamb;
import dev.leaven.runtime.optimize.Lars;
import dev.leaven.runtime.optimize.Linear;
import dev.leaven.runtime.optimize.Lion;
import dev.leaven.runtime.optimize.Lookahead;
import dev.leaven.runtime.optimize.LossScale;
import dev.leaven.runtime.optimize.MovingAverage;
import dev.leaven.runtime.optimize.OneCycle;
import dev.leaven.runtime.optimize.Plateau;
import dev.leaven.runtime.optimize.Polynomial;
import dev.leaven.runtime.optimize.RAdam;
import dev.leaven.runtime.optimize.Ranger;
import dev.leaven.runtime.optimize.RmsProp;
import dev.leaven.runtime.optimize.Sam;
import dev.leaven.runtime.optimize.Sgd;
import dev.leaven.runtime.optimize.StepDecay;
import dev.leaven.runtime.optimize.StochasticAverage;
import dev.leaven.runtime.optimize.WarmRestarts;
import dev.leaven.runtime.optimize.WarmUp;
import dev.leaven.runtime.plan.EarlyStopping;
import dev.leaven.runtime.plan.TimeLimit;
import dev.leaven.runtime.transform.AutoAugment;
import dev.leaven.runtime.transform.Brightness;
import dev.leaven.runtime.transform.Contrast;
import dev.leaven.runtime.transform.CutOut;
import dev.leaven.runtime.transform.Dihedral;
import dev.leaven.runtime.transform.Flip;
import dev.leaven.runtime.transform.GaussianBlur;
import dev.leaven.runtime.transform.Grayscale;
import dev.leaven.runtime.transform.Hue;
import dev.leaven.runtime.transform.ItemResize;
import dev.leaven.runtime.transform.Normalize;
import dev.leaven.runtime.transform.RandAugment;
import dev.leaven.runtime.transform.RandomErasing;
import dev.leaven.runtime.transform.RandomPerspective;
import dev.leaven.runtime.transform.RandomResizedCrop;
import dev.leaven.runtime.transform.Rotate;
import dev.leaven.runtime.transform.Saturation;
import dev.leaven.runtime.transform.Shear;
import dev.leaven.runtime.transform.Translate;
import dev.leaven.runtime.transform.TrivialAugment;
import dev.leaven.runtime.transform.Warp;
import dev.leaven.runtime.transform.Zoom;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds for every technique. A new one is entered here, or the first test fails. */
public class TechniqueSuiteTest {

  /**
   * One canonical setting of each technique, or several.
   *
   * @return every technique at least once
   */
  public static List<Technique> techniques() {
    return List.of(
        new MixUp(0.3),
        new MixUp(0.3, true, true),
        new MixUp(0.3, false, false),
        new CutMix(0.5),
        new CutMix(0.5, true),
        new CutMix(0.5, false, false),
        new MixUpOrCutMix(new MixUp(0.2, true, false), new CutMix(0.7, true), 0.3),
        new LabelSmoothing(0.1),
        new ItemResize(),
        ItemResize.squish(),
        ItemResize.pad(ItemResize.Padding.REFLECTION),
        ItemResize.pad(ItemResize.Padding.ZEROS),
        ItemResize.pad(ItemResize.Padding.BORDER),
        RandomResizedCrop.presized(),
        RandomResizedCrop.from(0.35),
        new Flip(0.25),
        new Dihedral(0.25),
        new Rotate(15, 0.5),
        new Zoom(0.9, 1.2, 0.5),
        new Warp(0.3, 0.5),
        new RandomPerspective(0.4, 0.3),
        new Shear(5, 0.5),
        new Translate(0.2, 0.5),
        new Brightness(0.4, 0.5),
        new Contrast(0.4, 0.5),
        new Saturation(0.4, 0.5),
        new Hue(0.2, 0.5),
        new Grayscale(0.2),
        new GaussianBlur(0.2, 1.5, 0.5),
        new RandAugment(2, 12),
        new TrivialAugment(),
        new AutoAugment(),
        new RandomErasing(0.25),
        new RandomErasing(1, 0, 0.5, 0.5, RandomErasing.Fill.MEAN),
        new RandomErasing(0.25, 0.02, 0.3, 0.3, RandomErasing.Fill.ZEROS),
        new CutOut(0.25, 0.5),
        Normalize.imagenet(),
        new Normalize(List.of(0.131), List.of(0.308)),
        new Adam().weightDecay(0.05),
        new ClipNorm(0.5),
        new ClipValue(0.5),
        new AdaptiveClip(0.02, 1e-3),
        new MovingAverage(500),
        new StochasticAverage(0.5),
        new AdamW(),
        new Sgd(),
        new Sgd(0.9).withNesterov(),
        new RmsProp(),
        new RAdam(),
        new Lamb(),
        new Lamb(0.9, 0.99, 1e-6, 0.01, true),
        new Lars(),
        new Lars(0.9, 0.001, false, 1e-8, 1e-4, true),
        new Lion(),
        new Lookahead(new Sgd(0.9), 5, 0.8),
        new Ranger(),
        new Sam(new Sgd(0.9)),
        new LossScale(1024, 100),
        new Sam(new Lookahead(new Adam()), 0.1),
        new OneCycle(10, 1e4, 0.3, 0.9, 0.8),
        new FlatCosine(),
        new Cosine(),
        new WarmRestarts(3, 1),
        new WarmRestarts(12, 2, 1, 0.8),
        new Linear(),
        new StepDecay(List.of(0.3, 0.6, 0.9), 0.2),
        new Polynomial(2),
        new Exponential(),
        new Constant(),
        new Plateau(),
        new Plateau(3, 2, 0.01),
        new WarmUp(0.1, new WarmUp(0.2, 0, new Cosine(0.1))),
        new XResNet(34),
        new XResNet(50)
            .mish()
            .withSqueezeExcite()
            .withSelfAttention()
            .withBlurPool()
            .widen(1.5)
            .dropout(0.1)
            .stochasticDepth(0.2),
        new ResNet(18),
        ResNet.resnext50(),
        new MobileNetV2(),
        new MobileNetV2(0.3),
        new ConvNeXtTiny(),
        new ConvNeXtTiny(0),
        new SoftTargetCrossEntropy(),
        new BinaryCrossEntropy(),
        new BinaryCrossEntropy(List.of(2.0), 0.2),
        new Focal(1.5),
        new Asymmetric(3, 0.5, 0.1),
        new MeanAbsoluteError(),
        new Huber(0.5),
        new MeanSquaredError(),
        new TargetScale(List.of(40.0), List.of(12.5)),
        new ClassWeights(List.of(1.0, 2.5)),
        ClassWeights.balanced(),
        new Shuffled(),
        new Repeated(3),
        new Balanced(),
        new FractionSplit(0.3),
        new KFold(5, 2),
        new GroupSplit(0.3),
        new GroupSplit(0.3, "^(\\w+)/"),
        ListSplit.of("valid.txt"),
        new EarlyStopping(3),
        new EarlyStopping(2, 0.001, EarlyStopping.Watched.LOSS),
        new TimeLimit(90),
        new TestTimeAugmentation(8),
        new TestTimeAugmentation(1, 0.5, true),
        new FlipView(),
        new FlipView(0.3, true),
        new FiveCrop(),
        new TenCrop(0.8, 0.1, false),
        new MultiScale(),
        new MultiScale(List.of(0.8, 1.3), true, 0.25, true));
  }

  /** Data sources read files and have tests of their own. */
  @Test
  void everyTechniqueIsHere() {
    Set<String> written =
        new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("dev.leaven.runtime")
                .stream()
                .filter(type -> type.isAssignableTo(Technique.class) && !type.isInterface())
                .filter(type -> !type.isAssignableTo(DataSource.class))
                .map(JavaClass::getName)
                .collect(Collectors.toSet());
    Set<String> here =
        techniques().stream().map(t -> t.getClass().getName()).collect(Collectors.toSet());
    assertThat(here).isEqualTo(written);
  }

  @ParameterizedTest
  @MethodSource("techniques")
  void isAnImmutableValue(Technique technique) {
    assertThat(technique.getClass()).isRecord();
  }

  @ParameterizedTest
  @MethodSource("techniques")
  void comesBackFromJson(Technique technique) {
    String json = TechniqueJson.write(technique);
    assertThat(json)
        .startsWith("{\"technique\":\"%s\"".formatted(technique.getClass().getSimpleName()));
    Technique read = TechniqueJson.read(json, Technique.class);
    assertThat(read).isEqualTo(technique).hasSameHashCodeAs(technique);
    assertThat(TechniqueJson.write(read)).isEqualTo(json);
    assertThat(TechniqueJson.read(TechniqueJson.writePretty(technique), Technique.class))
        .isEqualTo(technique);
  }

  @ParameterizedTest
  @MethodSource("techniques")
  void describesItselfInOneLineWithoutFullStop(Technique technique) {
    assertThat(technique.describe()).isNotBlank().doesNotContain("\n").doesNotEndWith(".");
    assertThat(technique.describe().strip()).isEqualTo(technique.describe());
  }

  @Test
  void differentTechniquesAreDescribedDifferently() {
    List<String> lines = techniques().stream().map(Technique::describe).toList();
    assertThat(new HashSet<>(lines)).hasSameSizeAs(lines);
    assertThat(new HashSet<>(techniques())).hasSameSizeAs(lines);
  }

  static Stream<String[]> descriptions() {
    return Stream.of(
        new String[] {
          new MixUp().describe(), "MixUp: λ from Beta(0.4, 0.4) for each image, kept at 0.5 or more"
        },
        new String[] {
          new MixUp(0.2, true, false).describe(), "MixUp: λ from Beta(0.2, 0.2) for each batch"
        },
        new String[] {
          new CutMix().describe(),
          "CutMix: a box of 1-λ of the area from another image, λ from Beta(1, 1) for each batch"
        },
        new String[] {
          new MixUpOrCutMix().describe(),
          "for each batch, with probability 0.5 MixUp: λ from Beta(0.4, 0.4) for each image, kept"
              + " at 0.5 or more; otherwise CutMix: a box of 1-λ of the area from another image,"
              + " λ from Beta(1, 1) for each batch"
        },
        new String[] {new LabelSmoothing(0).describe(), "no label smoothing"},
        new String[] {new LabelSmoothing(0.1).describe(), "label smoothing of 0.1"},
        new String[] {
          RandomResizedCrop.presized().describe(),
          "random resized crop: 75 % to 100 % of the area, square"
        },
        new String[] {
          RandomResizedCrop.from(0.35).describe(),
          "random resized crop: 35 % to 100 % of the area, of ratio 0.750 to 1.33"
        },
        new String[] {new Flip().describe(), "flip left to right with probability 0.5"},
        new String[] {
          new Dihedral().describe(),
          "one of the 8 turns and mirrorings of a square with probability 0.5"
        },
        new String[] {
          new Rotate().describe(), "rotate by up to 10° either way with probability 0.75"
        },
        new String[] {
          new Zoom().describe(), "zoom by 1 to 1.1 at a random place with probability 0.75"
        },
        new String[] {
          new Warp().describe(), "perspective warp by up to 0.2, each axis with probability 0.75"
        },
        new String[] {
          new RandomPerspective().describe(),
          "random perspective, each corner inward by up to 0.5, with probability 0.5"
        },
        new String[] {
          new Shear().describe(), "shear by up to 10° either way with probability 0.75"
        },
        new String[] {
          new Translate().describe(),
          "move by up to 0.1 of the side either way with probability 0.75"
        },
        new String[] {
          new Brightness().describe(), "brightness changed by up to 0.2 with probability 0.75"
        },
        new String[] {
          new Contrast().describe(), "contrast changed by up to 0.2 with probability 0.75"
        },
        new String[] {
          new Saturation().describe(), "saturation changed by up to 0.2 with probability 0.75"
        },
        new String[] {
          new Hue().describe(), "hue turned by up to 0.1 of a full turn with probability 0.75"
        },
        new String[] {new Grayscale().describe(), "without colours with probability 0.1"},
        new String[] {
          new RandomErasing().describe(),
          "random erasing: 0.0200 to 0.333 of the area, of ratio 0.300 to 3.33,"
              + " filled with noise, with probability 0.5"
        },
        new String[] {
          new CutOut().describe(),
          "cutout: a square of 0.5 of the side, filled with the mean, with probability 1"
        },
        new String[] {
          new GaussianBlur().describe(), "Gaussian blur of 0.1 to 2 px with probability 0.5"
        },
        new String[] {
          new RandAugment().describe(),
          "RandAugment: 2 of 14 operations for each image, of magnitude 9 of 30"
        },
        new String[] {
          new TrivialAugment().describe(),
          "TrivialAugment: one of 14 operations for each image, of any of 31 strengths"
        },
        new String[] {
          new AutoAugment().describe(),
          "AutoAugment: one of the 25 pairs of operations learned for ImageNet for each image"
        },
        new String[] {Normalize.imagenet().describe(), "normalize with ImageNet's statistics"},
        new String[] {
          new Adam().describe(),
          "Adam: momentum 0.9, squared momentum 0.99, epsilon 1.0E-5, weight decay 0.01"
        },
        new String[] {
          new OneCycle().describe(),
          "one-cycle: up from 1/25 of the peak for 25 % of the steps, down to 1/100000;"
              + " momentum 0.95 → 0.85 → 0.95"
        },
        new String[] {
          new AdamW().describe(),
          "AdamW: momentum 0.9, squared momentum 0.999, epsilon 1.0E-8, weight decay 0.01"
        },
        new String[] {new Sgd().describe(), "SGD: no momentum, weight decay 0"},
        new String[] {
          new Sgd(0.9).withNesterov().describe(), "SGD: Nesterov's momentum 0.9, weight decay 0"
        },
        new String[] {
          new RmsProp().describe(),
          "RMSProp: momentum 0, squared momentum 0.99, epsilon 1.0E-8, weight decay 0"
        },
        new String[] {
          new RAdam().describe(),
          "RAdam: momentum 0.9, squared momentum 0.99, epsilon 1.0E-5, weight decay 0"
        },
        new String[] {
          new Lamb().describe(),
          "LAMB: momentum 0.9, squared momentum 0.99, epsilon 1.0E-5, weight decay 0"
        },
        new String[] {
          new Lars().describe(),
          "LARS, clipped: momentum 0.9, trust 0.02, epsilon 1.0E-8, weight decay 0"
        },
        new String[] {new Lion().describe(), "Lion: momentum 0.9, memory 0.99, weight decay 0.1"},
        new String[] {
          new Lookahead(new Lion()).describe(),
          "Lion: momentum 0.9, memory 0.99, weight decay 0.1; lookahead: slow weights follow by 0.5"
              + " after every 6 steps"
        },
        new String[] {
          new Ranger().describe(),
          "Ranger, which is RAdam with lookahead: momentum 0.95, squared momentum 0.99,"
              + " epsilon 1.0E-6, weight decay 0.01"
        },
        new String[] {
          new FlatCosine().describe(),
          "flat-cosine: at the peak for 75 % of the steps, then along a cosine to 1/100000"
        },
        new String[] {new Cosine().describe(), "along a cosine to 0 of the peak"},
        new String[] {
          new WarmRestarts(12, 1, 1, 0.5).describe(),
          "along a cosine to 0, with warm restarts: 12 cycles of 1, 1, 1, 1, 1, 1, 1, 1, … epochs,"
              + " each peak 0.5 of the one before"
        },
        new String[] {
          new WarmRestarts(1, 5).describe(), "along a cosine to 0, in 1 cycle of 5 epochs"
        },
        new String[] {new Linear(0.1).describe(), "in a straight line to 0.1 of the peak"},
        new String[] {new StepDecay().describe(), "times 0.1 after 33.3 %, 66.7 % of the steps"},
        new String[] {
          new Polynomial(2).describe(), "along a polynomial of power 2 to 0 of the peak"
        },
        new String[] {
          new Exponential().describe(), "by the same factor in every step to 0.01 of the peak"
        },
        new String[] {new Constant().describe(), "always the same learning rate"},
        new String[] {
          new Plateau(2, 10, 0.1).describe(),
          "flat, divided by 10 after 2 epochs without a better validation loss, down to 0.1 of the"
              + " peak"
        },
        new String[] {
          new WarmUp(0.125, new Cosine()).describe(),
          "warm-up from 0.01 in 12.5 % of the steps, then along a cosine to 0 of the peak"
        },
        new String[] {new XResNet(50).describe(), "XResNet-50"},
        new String[] {
          new XResNet(18)
              .widen(0.5)
              .mish()
              .withSqueezeExcite()
              .withSelfAttention()
              .withBlurPool()
              .describe(),
          "XResNet-18, 0.5 times as wide, Mish, squeeze-and-excitation, self-attention, blur-pool"
        },
        new String[] {
          new XResNet(50).dropout(0.1).stochasticDepth(0.2).describe(),
          "XResNet-50, dropout of 0.1, stochastic depth up to 0.2"
        },
        new String[] {ResNet.resnext50().describe(), "ResNeXt-50 with 32 groups of 4 channels"},
        new String[] {
          new TestTimeAugmentation(4).describe(),
          "test-time augmentation: 0.25 × plain view + 0.75 × mean of 4 augmented views"
        },
        new String[] {
          new FlipView().describe(),
          "test-time augmentation: 0.5 × plain view + 0.5 × its mirror image"
        },
        new String[] {
          new TenCrop(0.9, 0, true).describe(),
          "test-time augmentation: the maximum over the plain view and five crops of 0.9 and their"
              + " mirror images"
        },
        new String[] {
          new MultiScale(List.of(1.25, 1.5), true, 0.2, false).describe(),
          "test-time augmentation: 0.2 × plain view + 0.8 × mean of 1.25, 1.5 times its size, and"
              + " the mirror images of all"
        });
  }

  @ParameterizedTest
  @MethodSource("descriptions")
  void saysWhatItDoes(String described, String expected) {
    assertThat(described).isEqualTo(expected);
  }
}
