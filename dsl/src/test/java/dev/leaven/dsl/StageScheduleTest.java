package dev.leaven.dsl;

import static dev.leaven.dsl.Recipe.resize;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.leaven.runtime.optimize.Cosine;
import dev.leaven.runtime.optimize.FlatCosine;
import dev.leaven.runtime.optimize.OneCycle;
import dev.leaven.runtime.optimize.WarmRestarts;
import dev.leaven.runtime.optimize.WarmUp;
import dev.leaven.runtime.plan.Plan;
import dev.leaven.runtime.plan.Stage;
import org.junit.jupiter.api.Test;

class StageScheduleTest {

  private static final GreySquares DATA = new GreySquares(200, 3);

  private static Plan plan(Recipe recipe) {
    return recipe.plan(DATA);
  }

  @Test
  void warm_restarts_decide_the_epochs_of_a_stage_that_says_none() {
    Recipe recipe = resize(32).then(64).warmRestarts(3, 1, 2);

    assertThat(plan(recipe).stages()).extracting(Stage::epochs).containsExactly(7, 7);
    assertThat(plan(recipe).stages())
        .extracting(Stage::schedule)
        .containsOnly(new WarmRestarts(3, 1, 2));
    assertThat(plan(recipe.warmUp(1)).stages()).extracting(Stage::epochs).containsExactly(8, 8);
    assertThat(plan(resize(32).epochs(7).warmRestarts(3, 1, 2)).epochs()).isEqualTo(7);
  }

  @Test
  void a_stage_may_have_a_schedule_of_its_own() {
    Plan plan =
        plan(
            resize(32)
                .then(64, s -> s.schedule(new WarmRestarts(2, 1)))
                .then(96, s -> s.schedule(new Cosine()))
                .flatCosine());

    assertThat(plan.stages())
        .extracting(Stage::schedule)
        .containsExactly(new FlatCosine(), new WarmRestarts(2, 1), new Cosine());
    assertThat(plan.stages()).extracting(Stage::epochs).containsExactly(5, 3, 5);
  }

  @Test
  void a_warm_up_goes_in_front_of_whichever_schedule() {
    assertThat(plan(resize(32).epochs(4).then(64).epochs(10).warmUp(1)).stages())
        .extracting(Stage::schedule)
        .containsExactly(new WarmUp(0.25, new OneCycle()), new WarmUp(0.1, new OneCycle()));
    assertThat(plan(resize(32).warmUp(0.3).schedule(new Cosine())).stages().get(0).schedule())
        .isEqualTo(new WarmUp(0.3, new Cosine()));
  }

  @Test
  void one_schedule_spans_all_stages_at_one_rate() {
    Plan plan =
        plan(
            resize(32, s -> s.epochs(2).learningRate(0.01))
                .then(64, s -> s.epochs(5))
                .warmRestarts(3, 1, 2)
                .scheduleOverAll());

    assertThat(plan.course().scheduleOverAll()).isTrue();
    assertThat(plan.stages()).extracting(Stage::learningRate).containsExactly(0.01, 0.01);
    assertThat(plan(resize(32).epochs(6).then(64).epochs(2).warmUp(2).scheduleOverAll()).stages())
        .extracting(Stage::schedule)
        .containsOnly(new WarmUp(0.25, new OneCycle()));
  }

  @Test
  void refuses_what_does_not_agree() {
    String cycles = "'along a cosine to 0, with warm restarts: 3 cycles of 1, 2, 4 epochs'";
    refuses(
        resize(32).then(64).epochs(5).warmRestarts(3, 1, 2),
        "schedule: %s is made for 7 epochs, but stage 2 has 5; say other epochs or another schedule"
            .formatted(cycles));
    refuses(
        resize(32).epochs(7).warmRestarts(3, 1, 2).warmUp(1),
        ("schedule: %s is made for 8 epochs with its warm-up, but stage 1 has 7;"
                + " say other epochs or another schedule")
            .formatted(cycles));
    refuses(
        resize(32).then(64).warmRestarts(3, 1, 2).scheduleOverAll(),
        ("schedule: %s is made for 7 epochs, but all stages together have 10;"
                + " say other epochs or another schedule")
            .formatted(cycles));
    refuses(
        resize(32).warmRestarts(3, 1, 2).warmUp(0.1),
        "warmUp: %s is of whole epochs, so say its warm-up in epochs as well, warmUp(1)"
            .formatted(cycles));
    refuses(
        resize(32).then(64).epochs(2).warmUp(2),
        "warmUp: 2 epochs leave nothing for the schedule, as stage 2 has 2; choose fewer");
    refuses(
        resize(32).then(64, s -> s.schedule(new Cosine())).scheduleOverAll(),
        "scheduleOverAll: stage 2 has a schedule of its own; leave one or the other out");
  }

  private static void refuses(Recipe recipe, String message) {
    assertThatIllegalArgumentException().isThrownBy(() -> plan(recipe)).withMessage(message);
  }
}
