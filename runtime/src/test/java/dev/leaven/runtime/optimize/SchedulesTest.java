package dev.leaven.runtime.optimize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What every schedule gives at given steps, and the laws that all keep. */
class SchedulesTest {

  static List<Schedule> schedules() {
    return List.of(
        new OneCycle(),
        new FlatCosine(),
        new FlatCosine(10, 0.5),
        new Cosine(),
        new Cosine(0.1),
        new WarmRestarts(3, 1),
        new WarmRestarts(4, 2, 1, 0.5),
        new Linear(),
        new Linear(0.2),
        new StepDecay(),
        new StepDecay(List.of(0.1, 0.5), 0.3),
        new Polynomial(2),
        new Polynomial(0.5, 0.1),
        new Exponential(),
        new Constant(),
        new Plateau(2, 5, 0.1),
        new WarmUp(0.1, new Cosine()),
        new WarmUp(0.3, 0, new OneCycle()),
        new WarmUp(0.2, new WarmRestarts(3, 1)));
  }

  /** The steps of PyTorch 1.13's schedulers with a learning rate of 0.1. */
  static Stream<Arguments> pytorch() {
    return Stream.of(
        Arguments.of(
            new Cosine(),
            List.of(
                0.1,
                0.09755282581475769,
                0.09045084971874738,
                0.07938926261462367,
                0.06545084971874739,
                0.05000000000000001,
                0.03454915028125264,
                0.020610737385376353,
                0.009549150281252635,
                0.002447174185242324)),
        Arguments.of(
            new Cosine(0.1),
            List.of(
                0.1,
                0.09779754323328192,
                0.09140576474687263,
                0.08145033635316129,
                0.06890576474687264,
                0.05500000000000001,
                0.04109423525312737,
                0.028549663646838717,
                0.01859423525312737,
                0.012202456766718092)),
        // T_0 of 2 steps and T_mult of 2.
        Arguments.of(
            new WarmRestarts(3, 2, 2),
            List.of(
                0.1,
                0.05,
                0.1,
                0.08535533905932738,
                0.05,
                0.014644660940672627,
                0.1,
                0.09619397662556434,
                0.08535533905932738,
                0.0691341716182545,
                0.05,
                0.030865828381745515,
                0.014644660940672627,
                0.0038060233744356634)),
        // Milestones at steps 3 and 6 of 9.
        Arguments.of(
            new StepDecay(), List.of(0.1, 0.1, 0.1, 0.01, 0.01, 0.01, 0.001, 0.001, 0.001)),
        Arguments.of(
            new Exponential(),
            List.of(
                0.1,
                0.06309573444801933,
                0.03981071705534973,
                0.0251188643150958,
                0.015848931924611134,
                0.01,
                0.006309573444801933,
                0.0039810717055349725,
                0.0025118864315095803,
                0.0015848931924611136)),
        // LinearLR from 0.01 in 2 steps, then CosineAnnealingLR in 8.
        Arguments.of(
            new WarmUp(0.2, new Cosine()),
            List.of(
                0.001,
                0.0505,
                0.1,
                0.09619397662556434,
                0.08535533905932738,
                0.0691341716182545,
                0.05,
                0.030865828381745515,
                0.014644660940672627,
                0.0038060233744356634)));
  }

  @ParameterizedTest
  @MethodSource("pytorch")
  void isPyTorchs(Schedule schedule, List<Double> expected) {
    for (int step = 0; step < expected.size(); step++) {
      assertThat(rate(schedule, step, expected.size(), 0.1))
          .isCloseTo(expected.get(step), within(1e-12));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "0, 8e-3",
    ".5, 8e-3",
    ".75, 8e-3",
    ".8, 7.23607562e-3",
    ".9, 2.76398438e-3",
    "1, 8e-8"
  })
  void flatCosineIsFastais(double progress, double rate) {
    // Half a unit of the golden values' last digit, the ninth.
    assertThat(new FlatCosine().at(progress, 8e-3).learningRate())
        .isCloseTo(rate, within(5e-9 * rate));
  }

  static Stream<Arguments> byHand() {
    return Stream.of(
        Arguments.of(new Linear(), 0.25, 0.75),
        Arguments.of(new Linear(0.2), 0.25, 0.8),
        Arguments.of(new Linear(0.2), 1, 0.2),
        Arguments.of(new Polynomial(2), 0.25, 0.9375),
        Arguments.of(new Polynomial(2, 0.2), 0.5, 0.8),
        Arguments.of(new Polynomial(0.5), 0.25, 0.5),
        Arguments.of(new Polynomial(3, 0.1), 1, 0.1),
        Arguments.of(new Exponential(0.0625), 0.5, 0.25),
        Arguments.of(new Exponential(0.0625), 0.75, 0.125),
        Arguments.of(new Constant(), 0.3, 1),
        // cos(π/3) is a half.
        Arguments.of(new Cosine(), 1 / 3.0, 0.75),
        Arguments.of(new Cosine(), 2 / 3.0, 0.25),
        Arguments.of(new Cosine(0.1), 1, 0.1),
        Arguments.of(new FlatCosine(10, 0.5), 0.75, 0.55),
        Arguments.of(new FlatCosine(10, 1), 1, 1),
        Arguments.of(new StepDecay(List.of(0.1, 0.5), 0.5), 0.0999, 1),
        Arguments.of(new StepDecay(List.of(0.1, 0.5), 0.5), 0.1, 0.5),
        Arguments.of(new StepDecay(List.of(0.1, 0.5), 0.5), 0.5, 0.25),
        Arguments.of(new StepDecay(List.of(0.1, 0.5), 0.5), 1, 0.25),
        // Four cycles of a quarter, each half as high; a third of the second cycle.
        Arguments.of(new WarmRestarts(4, 2, 1, 0.5), 0.25, 0.5),
        Arguments.of(new WarmRestarts(4, 2, 1, 0.5), 0.25 + 0.25 / 3, 0.375),
        Arguments.of(new WarmRestarts(4, 2, 1, 0.5), 0.75, 0.125),
        Arguments.of(new WarmRestarts(1, 5), 2 / 3.0, 0.25),
        Arguments.of(new WarmUp(0.5, 0, new Constant()), 0.25, 0.5),
        Arguments.of(new WarmUp(0.5, 0.2, new Constant()), 0.25, 0.6),
        Arguments.of(new WarmUp(0.5, 0.2, new Linear()), 0.75, 0.5));
  }

  @ParameterizedTest
  @MethodSource("byHand")
  void isWhatItsFormulaSays(Schedule schedule, double progress, double share) {
    assertThat(schedule.at(progress, 1).learningRate()).isCloseTo(share, within(1e-12));
    assertThat(schedule.at(progress, 3e-3).learningRate()).isCloseTo(share * 3e-3, within(3e-15));
  }

  @ParameterizedTest
  @MethodSource("schedules")
  void isProportionalToThePeak(Schedule schedule) {
    List<Double> losses = List.of(3.0, 2.0, 2.0, 2.0, 2.0);
    for (int step = 0; step <= 97; step++) {
      double progress = step / 97.0;
      Schedule.Rates one = schedule.at(progress, 1, losses);
      Schedule.Rates other = schedule.at(progress, 0.0037, losses);
      // A few roundings, of the peak: at the end a cosine is a difference of such numbers.
      assertThat(other.learningRate()).isCloseTo(0.0037 * one.learningRate(), within(1e-17));
      assertThat(other.momentum()).isEqualTo(one.momentum());
      assertThat(one.learningRate()).isBetween(0.0, 1.0);
    }
  }

  static Stream<Schedule> continuous() {
    return schedules().stream()
        .filter(s -> !(s instanceof WarmRestarts) && !(s instanceof StepDecay))
        .filter(s -> !(s instanceof WarmUp up && up.of() instanceof WarmRestarts));
  }

  @ParameterizedTest
  @MethodSource("continuous")
  void hasNoJumps(Schedule schedule) {
    int steps = 100_000;
    for (int step = 1; step <= steps; step++) {
      double before = rate(schedule, step - 1, steps, 1);
      // The steepest is a root at its beginning: √(1e-5) is 0.0032.
      assertThat(Math.abs(rate(schedule, step, steps, 1) - before)).isLessThan(0.0033);
    }
  }

  @ParameterizedTest
  @MethodSource("schedules")
  void refusesWhatIsNoShare(Schedule schedule) {
    assertThatThrownBy(() -> schedule.at(1.001, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageEndingWith(": progress must be between 0 and 1, but is 1.001");
  }

  @ParameterizedTest
  @CsvSource({"3,1,2", "3,1,1", "4,3,1", "5,2,3", "7,1,1", "6,1,2", "3,7,1", "1,4,2"})
  void everyRestartIsAtItsPeakExactly(int cycles, int length, int multiplier) {
    for (double share : new double[] {0, 0.1, 1 / 3.0}) {
      Schedule cycle = new WarmRestarts(cycles, length, multiplier, 0.5);
      Schedule schedule = share == 0 ? cycle : new WarmUp(share, cycle);
      for (int stepsPerEpoch : new int[] {1, 3, 7, 118, 6250}) {
        int epochs = cycle.epochs().orElseThrow();
        // With a warm-up of as many steps as make that share of the whole.
        int all = epochs * stepsPerEpoch * 30;
        int warm = (int) Math.round(all * share);
        int begin = 0;
        int epochsOfCycle = length;
        double peak = 0.3;
        for (int i = 0; i < cycles; i++) {
          long step = warm + (long) (all - warm) * begin / epochs;
          assertThat(rate(schedule, step, all, 0.3)).isEqualTo(peak);
          if (step > warm) {
            assertThat(rate(schedule, step - 1, all, 0.3)).isLessThan(0.3 * peak);
          }
          begin += epochsOfCycle;
          epochsOfCycle *= multiplier;
          peak *= 0.5;
        }
        assertThat(begin).isEqualTo(epochs);
      }
    }
  }

  @Test
  void warmRestartsAreMadeForTheEpochsOfAllCycles() {
    assertThat(new WarmRestarts(3, 1).epochs()).hasValue(7);
    assertThat(new WarmRestarts(3, 2, 1).epochs()).hasValue(6);
    assertThat(new Cosine().epochs()).isEmpty();
  }

  @Test
  void aWarmUpEndsWhereTheScheduleBeginsAndKeepsItsMomentum() {
    Schedule schedule = new WarmUp(0.25, new OneCycle());
    assertThat(schedule.at(0, 1).learningRate()).isCloseTo(0.0004, within(1e-15));
    assertThat(schedule.at(0.1, 1).momentum()).hasValue(0.95);
    assertThat(schedule.at(0.25, 1)).isEqualTo(new OneCycle().at(0, 1));
    assertThat(schedule.at(0.4375, 1).learningRate()).isCloseTo(1, within(1e-12));
  }

  @Test
  void aPlateauFallsAfterItsPatience() {
    Plateau plateau = new Plateau(2, 10, 0.001);
    assertThat(after(plateau)).isEqualTo(1);
    assertThat(after(plateau, 2, 1)).isEqualTo(1);
    assertThat(after(plateau, 2, 1, 1)).isEqualTo(1);
    assertThat(after(plateau, 2, 1, 1, 1.5)).isEqualTo(0.1);
    assertThat(after(plateau, 2, 1, 1, 0.9, 1)).isEqualTo(1);
    assertThat(after(plateau, 2, 1, 1, 1, 1)).isEqualTo(0.1);
    assertThat(after(plateau, 2, 1, 1, 1, 1, 1)).isEqualTo(0.01);
    // Five falls, but not below a thousandth.
    assertThat(after(plateau, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1)).isEqualTo(0.001);
    // A loss that is no number is no better one.
    assertThat(after(new Plateau(), 1, Double.NaN)).isEqualTo(0.1);
  }

  @Test
  void aWarmUpInFrontOfAPlateauPassesTheLossesOn() {
    Schedule schedule = new WarmUp(0.1, new Plateau());
    List<Double> losses = List.of(1.0, 1.0);
    assertThat(schedule.at(0.5, 1, losses).learningRate()).isEqualTo(0.1);
    assertThat(schedule.at(0.05, 1, losses).learningRate()).isCloseTo(0.505, within(1e-15));
  }

  private static double after(Plateau plateau, double... losses) {
    return plateau.at(0.5, 1, java.util.Arrays.stream(losses).boxed().toList()).learningRate();
  }

  private static double rate(Schedule schedule, long step, int steps, double peak) {
    return schedule.at((double) step / steps, peak).learningRate();
  }

  @Test
  void refusesParametersOutOfTheirRanges() {
    refuses(
        () -> new FlatCosine(0, .5),
        "flatCosine: divFinal must be between 1 and 1000000000000, but is 0");
    refuses(() -> new FlatCosine(1, 2), "flatCosine: start must be between 0 and 1, but is 2");
    refuses(() -> new Cosine(-1), "cosine: end must be between 0 and 1, but is -1");
    refuses(() -> new Linear(2), "linear: end must be between 0 and 1, but is 2");
    refuses(() -> new Polynomial(0), "polynomial: power must be above 0, but is 0");
    refuses(() -> new Exponential(0), "exponential: end must be above 0, but is 0");
    refuses(
        () -> new StepDecay(List.of(), .1),
        "stepDecay: there must be a milestone, but there is none");
    refuses(
        () -> new StepDecay(List.of(.5, .5), .1),
        "stepDecay: milestones must rise between 0 and 1, but are 0.5, 0.5");
    refuses(() -> new StepDecay(List.of(.5), 0), "stepDecay: factor must be above 0, but is 0");
    refuses(() -> new WarmRestarts(0, 1), "warmRestarts: cycles must be at least 1, but is 0");
    refuses(() -> new WarmRestarts(2, 0), "warmRestarts: length must be at least 1, but is 0");
    refuses(
        () -> new WarmRestarts(2, 1, 0),
        "warmRestarts: multiplier must be between 1 and 100, but is 0");
    refuses(() -> new WarmRestarts(2, 1, 1, 0), "warmRestarts: decay must be above 0, but is 0");
    refuses(
        () -> new WarmRestarts(40, 1, 2),
        "warmRestarts: all cycles together must be at most 1000000 epochs, but are more");
    refuses(
        () -> new WarmUp(1, new Cosine()), "warmUp: share must be above 0 and below 1, but is 1");
    refuses(
        () -> new WarmUp(.1, 2, new Cosine()), "warmUp: start must be between 0 and 1, but is 2");
    refuses(() -> new Plateau(0, 10, 0), "plateau: patience must be at least 1, but is 0");
    refuses(
        () -> new Plateau(1, 1, 0),
        "plateau: factor must be above 1 and at most 1000000, but is 1");
  }

  private static void refuses(Supplier<Schedule> made, String message) {
    assertThatThrownBy(made::get).isInstanceOf(IllegalArgumentException.class).hasMessage(message);
  }
}
