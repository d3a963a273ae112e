package dev.leaven.runtime.internal.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leaven.runtime.evaluate.Metric;
import dev.leaven.runtime.plan.EpochReport;
import dev.leaven.runtime.plan.Plan;
import dev.leaven.runtime.plan.Stage;
import dev.leaven.runtime.run.RunControl;
import dev.leaven.runtime.run.RunResult;
import dev.leaven.runtime.run.StepReport;
import dev.leaven.runtime.run.TrainingListener;
import dev.leaven.runtime.run.TrainingOptions;
import dev.leaven.runtime.train.Runs;
import dev.leaven.runtime.train.TinyNet;
import dev.leaven.runtime.train.Trainer;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
class ListenersTest {

  @TempDir Path directory;

  private static final Plan PLAN =
      Runs.plan(Runs.data(), new TinyNet(2), List.of(Runs.stage(16, 2, 16, 48)));

  private RunResult train(String name, TrainingListener... listeners) {
    return Trainer.train(
        PLAN,
        PLAN.data().source().load(PLAN.seed()),
        directory.resolve(name),
        TrainingOptions.usual(),
        listeners);
  }

  private RunResult resume(String name) {
    return Trainer.resume(directory.resolve(name), PLAN.data().source(), new TrainingListener() {});
  }

  private record Named(String name, int order, List<String> heard) implements TrainingListener {
    @Override
    public void onControl(RunControl control) {
      heard.add(name + " control");
    }

    @Override
    public void onStart(Plan plan, Path directory, int epochsDone) {
      heard.add(name + " start");
    }

    @Override
    public void onEpoch(EpochReport report, boolean best) {
      heard.add("%s epoch %d".formatted(name, report.epoch()));
    }

    @Override
    public void onEnd(RunResult run) {
      heard.add(name + " end");
    }
  }

  @Test
  void severalHearEveryEventInTheirOrder() {
    List<String> heard = new ArrayList<>();
    train("run", new Named("b", 5, heard), new Named("c", 5, heard), new Named("a", -1, heard));
    assertThat(heard)
        .containsExactly(
            "a control",
            "b control",
            "c control",
            "a start",
            "b start",
            "c start",
            "a epoch 1",
            "b epoch 1",
            "c epoch 1",
            "a epoch 2",
            "b epoch 2",
            "c epoch 2",
            "a end",
            "b end",
            "c end");
  }

  @Test
  void noEventIsForgotten() {
    // Short forms are not passed on: each listener's long form calls them.
    assertThat(
            Arrays.stream(TrainingListener.class.getDeclaredMethods())
                .filter(event -> !event.isSynthetic() && !event.getName().equals("order"))
                .filter(event -> !isOverridden(event))
                .map(event -> event.getName() + event.getParameterCount()))
        .containsExactlyInAnyOrder("onStep3", "onTta3");
  }

  private static boolean isOverridden(Method event) {
    try {
      Listeners.class.getDeclaredMethod(event.getName(), event.getParameterTypes());
      return true;
    } catch (NoSuchMethodException e) {
      return false;
    }
  }

  @Test
  void oneCanStopTheRunAndTheOthersStillHearTheStep() {
    List<String> heard = new ArrayList<>();
    TrainingListener stops =
        new TrainingListener() {
          private RunControl control;

          @Override
          public void onControl(RunControl control) {
            this.control = control;
          }

          @Override
          public void onStep(StepReport report) {
            control.stop();
          }
        };
    TrainingListener hears =
        new TrainingListener() {
          @Override
          public void onStep(int step, Stage stage, double smoothedLoss) {
            heard.add("step " + step);
          }

          @Override
          public void onInterrupted(Path directory, int epoch, int step) {
            heard.add("saved epoch %d step %d".formatted(epoch, step));
          }
        };
    RunResult first = train("stopped", stops, hears);
    assertThat(first.finished()).isFalse();
    assertThat(heard).containsExactly("step 1", "saved epoch 1 step 1");
    assertThat(Thread.currentThread().isInterrupted()).isFalse();
    assertThat(Runs.numbers(resume("stopped"))).isEqualTo(Runs.numbers(train("whole")));
  }

  @Test
  void oneThatThrowsEndsTheRunAndCorruptsNothing() {
    TrainingListener throwing =
        new TrainingListener() {
          private int epochs;

          @Override
          public void onEpoch(EpochReport report, boolean best) {
            epochs++;
          }

          @Override
          public void onStep(StepReport report) {
            if (epochs == 1 && report.step() == 2) {
              throw new IllegalStateException("a fault of the listener");
            }
          }
        };
    assertThatThrownBy(() -> train("thrown", throwing))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("a fault of the listener");
    assertThat(Runs.numbers(resume("thrown"))).isEqualTo(Runs.numbers(train("whole")));
  }

  @Test
  void nothingThatTheyAreGivenCanBeChanged() {
    List<String> tried = new ArrayList<>();
    TrainingListener meddling =
        new TrainingListener() {
          @Override
          public void onStart(Plan plan, Path directory, int epochsDone) {
            tried.add("plan");
            assertUnchangeable(() -> plan.stages().clear());
            assertUnchangeable(() -> plan.data().classNames().set(0, "another"));
          }

          @Override
          public void onEpoch(EpochReport report, boolean best) {
            tried.add("report");
            Map<Metric, Double> metrics = report.valid().metrics();
            assertUnchangeable(() -> metrics.put(Metric.TOP1, 1.0));
          }

          @Override
          public void onEnd(RunResult run) {
            tried.add("run");
            assertUnchangeable(() -> run.history().clear());
          }
        };
    assertThat(train("run", meddling).finished()).isTrue();
    assertThat(tried).containsExactly("plan", "report", "report", "run");
  }

  private static void assertUnchangeable(Runnable change) {
    assertThatThrownBy(change::run).isInstanceOf(UnsupportedOperationException.class);
  }
}
