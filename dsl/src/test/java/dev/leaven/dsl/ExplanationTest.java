package dev.leaven.dsl;

import static dev.leaven.dsl.Recipe.resize;
import static org.assertj.core.api.Assertions.assertThat;

import dev.leaven.runtime.graph.Precision;
import org.junit.jupiter.api.Test;

class ExplanationTest {

  @Test
  void says_everything_that_will_happen() {
    String text =
        resize(128).then(224).mixup().labelSmoothing(0.1).tta(4).explain(new GreySquares(200, 3));

    assertThat(text)
        .isEqualTo(
            """
            resize(128).then(224).mixup().labelSmoothing(0.1).tta(4)

            recipe     e60b0aec41b0
            data       grey squares
                       200 images to train on, 20 to validate on
                       10 classes: class 0, class 1, class 2, class 3, class 4, class 5, class 6, class 7, class 8, class 9
                       every image once an epoch, shuffled

            stages
                 size  epochs  batch      steps   learning rate
              1   128       5     64      5 × 3   0.00012 up to 0.0030 down to 5.8e-05
              2   224       5     64      5 × 3   4.0e-05 up to 0.0010 down to 1.9e-05

            image, in training
              1. the largest square, at a random place, resized to a side of 148 px, then 259 px
              2. bytes become values from 0 to 1
              3. random resized crop: 75 %% to 100 %% of the area, square
              4. flip left to right with probability 0.5; sampled once, at a side of 128 px, then 224 px
              5. normalize with ImageNet's statistics
              6. MixUp: λ from Beta(0.4, 0.4) for each image, kept at 0.5 or more

            target, in training
              1. one of 10 classes becomes a distribution
              2. label smoothing of 0.1
              3. mixed with the weights of its image

            image, in validation
              1. the largest square, at the centre, resized to a side of 128 px, then 224 px
              2. bytes become values from 0 to 1
              3. normalize with ImageNet's statistics

            model      XResNet-50, 23,547,754 parameters
            loss       cross-entropy on soft targets
            optimizer  Adam: momentum 0.9, squared momentum 0.99, epsilon 1.0E-5, weight decay 0.01
            schedule   one-cycle: up from 1/25 of the peak for 25 %% of the steps, down to 1/100000; momentum 0.95 → 0.85 → 0.95
                       over the steps of each stage
            precision  %s
            inference  5 passes over each image; test-time augmentation: 0.25 × plain view + 0.75 × mean of 4 augmented views
            seed       42
            """
                .formatted(
                    Precision.AUTO.here(224) == Precision.BFLOAT16
                        ? "bfloat16 for convolutions and products, float32 for all else"
                        : "float32"));
  }

  @Test
  void says_less_of_a_plainer_recipe() {
    String text = resize(64).randomResizedCrop(0.35).noFlip().explain(new GreySquares(20, 1));

    assertThat(text)
        .contains("1. the largest square, at the centre, resized to a side of 80 px")
        .contains("2. its centre, with a side of 64 px")
        .contains("\ninference  1 pass over each image\n")
        .doesNotContain("smoothing", "mixed", "flip");
  }
}
