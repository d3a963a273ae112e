package dev.leaven.runtime.machine;

import dev.leaven.runtime.data.LeavenHome;
import dev.leaven.runtime.graph.Kernels;
import dev.leaven.runtime.graph.Precision;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * This machine and its check results. The first query starts a check in a separate process, in
 * about 5 s; the verdict is stored in {@link LeavenHome} and later processes read it.
 *
 * <p>Several threads may use it.
 */
public final class Machine {

  /** The environment variable that forces kernels: {@code onednn} or {@code plain}. */
  public static final String FORCE_VARIABLE = "LEAVEN_KERNELS";

  private static final String FORCE_PROPERTY = "leaven.kernels";

  private static volatile Consumer<String> listener = text -> {};

  /** Created on first use, so setting a listener costs nothing. */
  private static final class Process {
    static final Machine MACHINE =
        new Machine(CheckProcess.usual(), LeavenHome.ofProcess(), System.getenv());
  }

  private final Checker checker;
  private final Path file;
  private final String name;
  private final Map<String, String> environment;
  private @Nullable KnownMachine known;
  // The reason why the check failed: it is not repeated for each model.
  private @Nullable String failure;

  Machine(Checker checker, Path home, Map<String, String> environment) {
    this.checker = checker;
    this.environment = Map.copyOf(environment);
    this.name = MachineName.here(environment);
    this.file = home.resolve("machines").resolve("%08x.json".formatted(MachineName.checksum(name)));
  }

  /**
   * The machine of this process.
   *
   * @return always the same
   */
  public static Machine ofProcess() {
    return Process.MACHINE;
  }

  /**
   * Sets the listener that is called when a check begins.
   *
   * @param listener receives one sentence
   */
  public static void onCheck(Consumer<String> listener) {
    Machine.listener = listener;
  }

  /**
   * The location of the stored verdict.
   *
   * @return a file, which may not exist
   */
  public Path file() {
    return file;
  }

  /**
   * The result of this machine's check. Cost: some seconds when the check is made, which is once.
   *
   * @return the verdict
   * @throws IOException when no process can be started for it, or it ends before its first layer
   */
  public Verdict verdict() throws IOException {
    return known().verdict();
  }

  /**
   * Checks this machine again and discards earlier results.
   *
   * @return the new verdict
   * @throws IOException as {@link #verdict} does
   */
  public synchronized Verdict recheck() throws IOException {
    known = check();
    return known.verdict();
  }

  private synchronized KnownMachine known() throws IOException {
    if (known != null) {
      return known;
    }
    if (failure != null) {
      throw new IOException(failure);
    }
    Optional<KnownMachine> kept = KnownMachine.read(file, name);
    try {
      known = kept.isPresent() ? kept.get() : check();
      return known;
    } catch (IOException e) {
      failure = e.getMessage();
      LoggerFactory.getLogger(Machine.class)
          .warn(
              "This machine could not be checked ({}), so the slower plain kernels are taken; run"
                  + " \"leaven doctor\" on it once, or set {}=onednn to take the fast ones unchecked",
              failure,
              FORCE_VARIABLE);
      throw e;
    }
  }

  private KnownMachine check() throws IOException {
    listener.accept("checking this machine once, which takes a few seconds");
    long begin = System.nanoTime();
    CheckReply reply = checker.check(Kernels.ONEDNN, CheckRequest.ofMachine());
    Verdict verdict =
        new Verdict(
            name,
            Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
            Math.round((System.nanoTime() - begin) / 1e8) / 10.0,
            reply.worst(Precision.FLOAT32),
            reply.findings(Precision.BFLOAT16).isEmpty()
                ? Finding.unchecked("no layer was checked, because it is not faster")
                : reply.worst(Precision.BFLOAT16),
            reply.speed(),
            reply.gpu() ? Gpu.first() : Optional.empty());
    KnownMachine checked = KnownMachine.of(verdict);
    checked.write(file);
    return checked;
  }

  /**
   * Decides how a model is computed, best first: oneDNN in bfloat16 where that is faster, oneDNN in
   * float32, TensorFlow's plain kernels. Where the machine's check found an error, the model's own
   * layers are checked.
   *
   * @param workload the model with its sizes
   * @return the kernels and precision to use
   * @throws MachineException when nothing on this machine computes the model correctly
   */
  public Decision decide(Workload workload) {
    Optional<Decision> forced = forced(workload.precision());
    if (forced.isPresent()) {
      return forced.get();
    }
    Verdict verdict;
    try {
      verdict = verdict();
    } catch (IOException e) {
      return unchecked(workload.precision(), e);
    }
    return verdict.gpu().isPresent()
        ? Choice.ofGpu(verdict, verdict.gpu().get(), workload)
        : new Choice(verdict, workload, (kernels, p) -> findings(kernels, p, workload)).made();
  }

  /**
   * Decides how any model is evaluated, in float32 and by the machine's check alone.
   *
   * @return the kernels and precision to use
   */
  public Decision decide() {
    Optional<Decision> forced = forced(Precision.FLOAT32);
    if (forced.isPresent()) {
      return forced.get();
    }
    try {
      return Choice.toEvaluate(verdict());
    } catch (IOException e) {
      return unchecked(Precision.FLOAT32, e);
    }
  }

  private Optional<Decision> forced(Precision asked) {
    Precision precision = asked == Precision.AUTO ? Precision.FLOAT32 : asked;
    String forced = LeavenHome.said(FORCE_PROPERTY, FORCE_VARIABLE, environment);
    if (forced != null) {
      String reason = "%s is %s".formatted(FORCE_VARIABLE, forced);
      return switch (forced) {
        case "onednn" -> Optional.of(new Decision(Kernels.ONEDNN, precision, reason));
        case "plain" -> Optional.of(plain(asked, reason));
        default ->
            throw new IllegalArgumentException(
                "%s must be onednn or plain, but is %s".formatted(FORCE_VARIABLE, forced));
      };
    }
    String variable = environment.get(Kernels.VARIABLE);
    return Kernels.of(variable).filter(kernels -> kernels == Kernels.PLAIN).isPresent()
        ? Optional.of(plain(asked, "%s is %s".formatted(Kernels.VARIABLE, variable)))
        : Optional.empty();
  }

  private static Decision unchecked(Precision asked, IOException failure) {
    return plain(
        asked,
        "this machine could not be checked (%s); %s=onednn takes the fast kernels unchecked"
            .formatted(failure.getMessage(), FORCE_VARIABLE));
  }

  static Decision plain(Precision asked, String reason) {
    Precision precision = asked == Precision.FLOAT16 ? asked : Precision.FLOAT32;
    return new Decision(Kernels.PLAIN, precision, reason);
  }

  /** The worst finding for a model's layers, by the known results and a check of the others. */
  private synchronized Map<Precision, Finding> findings(
      Kernels kernels, List<Precision> precisions, Workload workload) {
    try {
      CheckedModel model = new CheckedModel(kernels, precisions, workload);
      KnownMachine machine = known();
      if (!model.isIn(machine)) {
        listener.accept("checking the layers of this model on this machine, once");
        machine = model.checked(machine, checker);
        known = machine;
        machine.write(file);
      }
      return model.worst(machine);
    } catch (IOException | IllegalArgumentException e) {
      return CheckedModel.unchecked(
          precisions, "the model's own layers could not be checked (%s)".formatted(e.getMessage()));
    }
  }

  /**
   * Decides as {@link #decide(Workload)} does and applies the decision to this process.
   *
   * @param workload the model with its sizes
   * @return the decision in effect: less than decided where TensorFlow was loaded with its plain
   *     kernels before
   * @throws MachineException when nothing on this machine computes the model correctly, or
   *     TensorFlow was loaded before with kernels that do not
   */
  public Decision use(Workload workload) {
    return use(decide(workload));
  }

  /**
   * Applies a decision to this process.
   *
   * @param decision a result of {@link #decide(Workload)}
   * @return the decision in effect: less than decided where TensorFlow was loaded with its plain
   *     kernels before
   * @throws MachineException when TensorFlow was loaded before with kernels that are wrong here
   */
  public Decision use(Decision decision) {
    return LoadedKernels.use(decision);
  }

  /**
   * Decides as {@link #decide()} does and applies the decision to this process, unless TensorFlow
   * is loaded already.
   *
   * @return the decision in effect
   * @throws MachineException when TensorFlow was loaded before with kernels that are wrong here
   */
  public Decision use() {
    return use(decide());
  }
}
