package dev.leaven.dsl;

import static dev.leaven.dsl.Recipe.resize;
import static org.assertj.core.api.Assertions.assertThat;

import dev.leaven.runtime.graph.Precision;
import dev.leaven.runtime.machine.Decision;
import dev.leaven.runtime.optimize.Cosine;
import dev.leaven.runtime.optimize.StepDecay;
import org.junit.jupiter.api.Test;

class ExplanationTest {

  @Test
  void says_everything_that_will_happen() {
    Recipe recipe = resize(128).then(224).mixup().labelSmoothing(0.1).tta(4);
    Decision decision = recipe.plan(new GreySquares(200, 3)).decide();
    String text = recipe.explain(new GreySquares(200, 3));

    assertThat(text)
        .isEqualTo(
            """
            resize(128).then(224).mixup().labelSmoothing(0.1).tta(4)

            recipe     e60b0aec41b0
            data       grey squares
                       200 images to train on, 20 to validate on
                       10 classes: class 0, class 1, class 2, class 3, class 4, class 5, class 6, class 7, class 8, class 9
                       every image once an epoch, shuffled
                       8 of them, others each time, fill no batch of 64 and are left out

            stages
                 size  epochs  batch      steps   highest rate
              1   128       5     64      5 × 3   0.0030
                 only 15 in all, too few to learn much; choose smaller batches or more epochs
              2   224       5     64      5 × 3   0.0010
                 only 15 in all, too few to learn much; choose smaller batches or more epochs

            learning rate, step by step
              1  ▁▂▅▇██▇▇▆▅▄▃▂▂▁
                 0.00012 at step 1, 0.0030 at step 5 (epoch 2), 5.8e-05 at step 15
                 momentum 0.950 at step 1, 0.850 at step 5 (epoch 2), 0.948 at step 15
              2  ▁▂▅▇██▇▇▆▅▄▃▂▂▁
                 4.0e-05 at step 1, 0.0010 at step 5 (epoch 2), 1.9e-05 at step 15
                 momentum 0.950 at step 1, 0.850 at step 5 (epoch 2), 0.948 at step 15

            image, in training
              1. the largest square, at a random place, resized to a side of 148 px, then 259 px
              2. bytes become values from 0 to 1
              3. random resized crop: 75 %% to 100 %% of the area, square
              4. flip left to right with probability 0.5; sampled once, at a side of 128 px, then 224 px
              5. normalize with ImageNet's statistics
              6. MixUp: λ from Beta(0.4, 0.4) for each image, kept at 0.5 or more

            target, in training
              1. one of 10 classes becomes a distribution
              2. mixed with the weights of its image
              3. label smoothing of 0.1

            image, in validation
              1. the largest square, at the centre, resized to a side of 128 px, then 224 px
              2. bytes become values from 0 to 1
              3. normalize with ImageNet's statistics

            model      XResNet-50, 23,547,754 parameters
            loss       cross-entropy on soft targets
            optimizer  Adam: momentum 0.9, squared momentum 0.99, epsilon 1.0E-5, weight decay 0.01
            schedule   one-cycle: up from 1/25 of the peak for 25 %% of the steps, down to 1/100000; momentum 0.95 → 0.85 → 0.95
                       over the steps of each stage; the optimizer's memory begins anew in each
            precision  %s
                       %s
            inference  5 passes over each image; test-time augmentation: 0.25 × plain view + 0.75 × mean of 4 augmented views
            seed       42
            """
                .formatted(
                    decision.precision() == Precision.BFLOAT16
                        ? "bfloat16 for convolutions and products, float32 for all else"
                        : "float32",
                    decision.describe()));
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

  @Test
  void draws_warm_restarts() {
    String text =
        resize(64)
            .then(96, stage -> stage.learningRate(5e-4))
            .batchSize(20)
            .warmRestarts(3, 1, 2)
            .explain(new GreySquares(200, 3));

    assertThat(text)
        .contains(
            """
            stages
                 size  epochs  batch      steps   highest rate
              1    64       7     64      7 × 3   0.0030
              2    96       7     20     7 × 10   0.00050

            learning rate, step by step
              1  █▆▃██▆▅▃▁███▇▆▅▄▄▃▂▁▁
                 0.0030 at step 1, 0.00075 at step 3 (epoch 1), 0.0030 at step 4 (epoch 2), 0.00020 at step 9 (epoch 3), 0.0030 at step 10 (epoch 4), 5.1e-05 at step 21
              2  ██▇▇▆▅▂▂▁███▇▇▇▆▆▅▄▃▃▂▂▂▁▁██████▇▇▇▇▇▆▆▆▆▅▅▄▄▄▄▃▃▃▂▂▂▂▂▁▁▁▁▁
                 0.00050 at step 1, 1.2e-05 at step 10 (epoch 1), 0.00050 at step 11 (epoch 2), 3.1e-06 at step 30 (epoch 3), 0.00050 at step 31 (epoch 4), 7.7e-07 at step 70

            """)
        .contains(
            """
            schedule   along a cosine to 0, with warm restarts: 3 cycles of 1, 2, 4 epochs
                       over the steps of each stage; the optimizer's memory begins anew in each
            """);
  }

  @Test
  void draws_one_schedule_over_all_stages() {
    String text =
        resize(64)
            .epochs(2)
            .then(96)
            .epochs(8)
            .schedule(new Cosine())
            .warmUp(1)
            .scheduleOverAll()
            .explain(new GreySquares(200, 3));

    assertThat(text)
        .contains(
            """
            learning rate, step by step
              1  ▁▃▆███
                 3.0e-05 at step 1, 0.0030 at step 4 (epoch 2), 0.0030 at step 6
              2  ██▇▇▇▇▆▆▆▅▅▄▄▃▃▃▂▂▂▂▁▁▁▁
                 0.0029 at step 1, 1.0e-05 at step 24

            """)
        .contains(
            """
            schedule   warm-up from 0.01 in 10 % of the steps, then along a cosine to 0 of the peak
                       once over all stages; the optimizer keeps its memory
            """);
  }

  @Test
  void says_the_schedule_of_each_stage_where_they_differ() {
    String text =
        resize(64)
            .then(96, stage -> stage.schedule(new StepDecay()).epochs(3))
            .flatCosine()
            .explain(new GreySquares(200, 3));

    assertThat(text)
        .contains(
            """
            schedule   stage 1: flat-cosine: at the peak for 75 % of the steps, then along a cosine to 1/100000
                       stage 2: times 0.1 after 33.3 %, 66.7 % of the steps
                       over the steps of each stage; the optimizer's memory begins anew in each
            """)
        .contains(
            """
              1  ████████████▇▅▂
                 0.0030 at step 1, 0.0030 at step 12 (epoch 4), 0.00050 at step 15
              2  ███▂▂▂▁▁▁
                 0.0010 at step 1, 0.0010 at step 3 (epoch 1), 0.00010 at step 4 (epoch 2), 0.00010 at step 6 (epoch 2), 1.0e-05 at step 7 (epoch 3), 1.0e-05 at step 9
            """);
  }
}
