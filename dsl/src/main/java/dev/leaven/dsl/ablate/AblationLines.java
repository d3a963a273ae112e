package dev.leaven.dsl.ablate;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Locale;

/** Reports an ablation in plain lines: what will be done, a line for each run, the ledger. */
public class AblationLines implements AblationListener {

  private final PrintStream out;

  /**
   * Writes to a stream.
   *
   * @param out usually {@code System.out}
   */
  public AblationLines(PrintStream out) {
    this.out = out;
  }

  @Override
  public void onStart(String plan, Path directory, int done, int runs) {
    out.print(plan);
    line("into %s%s", directory, done == 0 ? "" : ", where %d runs are finished".formatted(done));
  }

  @Override
  public void onRunEnd(AblationRun ablationRun, String result, double seconds) {
    String left =
        ablationRun.secondsLeft().isEmpty() || ablationRun.number() == ablationRun.runs()
            ? ""
            : "; about %s left".formatted(minutes(ablationRun.secondsLeft().getAsDouble()));
    line(
        "run %d of %d: %s, seed %d: %s in %.1f s%s",
        ablationRun.number(),
        ablationRun.runs(),
        ablationRun.variant(),
        ablationRun.seed(),
        result,
        seconds,
        left);
  }

  @Override
  public void onInterrupted(Path directory) {
    line(
        "interrupted: everything up to there is saved in %s; the same command goes on with it",
        directory);
  }

  @Override
  public void onEnd(Ledger ledger, Path directory) {
    line("");
    out.print(ledger.text());
    line("also as Markdown, CSV, HTML and JSON: %s", directory.resolve("ledger.*"));
  }

  private static String minutes(double seconds) {
    return seconds < 90
        ? String.format(Locale.ROOT, "%.0f s", seconds)
        : String.format(Locale.ROOT, "%.0f min", seconds / 60);
  }

  private void line(String format, Object... values) {
    out.println(String.format(Locale.ROOT, format, values));
    out.flush();
  }
}
