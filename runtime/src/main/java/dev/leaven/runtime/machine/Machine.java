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
 * This machine, as far as it was checked. The first question has it checked in a process of its
 * own, in about 5 s; the verdict is kept in {@link LeavenHome} and later processes read it.
 *
 * <p>It may be used by several threads.
 */
public final class Machine {

  /** The variable of the environment that forces kernels: {@code onednn} or {@code plain}. */
  public static final String FORCE_VARIABLE = "LEAVEN_KERNELS";

  private static final String FORCE_PROPERTY = "leaven.kernels";

  private static volatile Consumer<String> listener = text -> {};

  /** Made when it is first asked for, so that setting a listener costs nothing. */
  private static final class Process {
    static final Machine MACHINE =
        new Machine(CheckProcess.usual(), LeavenHome.ofProcess(), System.getenv());
  }

  private final Checker checker;
  private final Path file;
  private final String name;
  private final Map<String, String> environment;
  private @Nullable KnownMachine known;
  // Why the check could not be made: it is not tried again for each model.
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
   * Sets the listener that hears when a check begins.
   *
   * @param listener gets one sentence
   */
  public static void onCheck(Consumer<String> listener) {
    Machine.listener = listener;
  }

  /**
   * Where the verdict is kept.
   *
   * @return a file, which may not exist
   */
  public Path file() {
    return file;
  }

  /**
   * What the check of this machine found out. Cost: some seconds when it is made, which is once.
   *
   * @return the verdict
   * @throws IOException when no process can be started for it, or it ends before its first layer
   */
  public Verdict verdict() throws IOException {
    return known().verdict();
  }

  /**
   * Checks this machine again and forgets what was known of it.
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
   * Decides what a model is computed with, best first: oneDNN in bfloat16 where that is faster,
   * oneDNN in float32, TensorFlow's plain kernels. Where the machine's check found something wrong,
   * the model's own layers are checked.
   *
   * @param workload the model with its sizes
   * @return what to compute with
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
   * Decides what any model is evaluated with, in float32 and by the machine's check alone.
   *
   * @return what to compute with
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

  /** The worst finding of a model's layers, by what is known and a check of the rest. */
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
   * Decides as {@link #decide(Workload)} does and has TensorFlow use it in this process.
   *
   * @param workload the model with its sizes
   * @return what is computed with: less than decided where TensorFlow was loaded with its plain
   *     kernels before
   * @throws MachineException when nothing on this machine computes the model correctly, or
   *     TensorFlow was loaded before with kernels that do not
   */
  public Decision use(Workload workload) {
    return use(decide(workload));
  }

  /**
   * Has TensorFlow compute in this process as was decided.
   *
   * @param decision of {@link #decide(Workload)}
   * @return what is computed with: less than decided where TensorFlow was loaded with its plain
   *     kernels before
   * @throws MachineException when TensorFlow was loaded before with kernels that are wrong here
   */
  public Decision use(Decision decision) {
    return LoadedKernels.use(decision);
  }

  /**
   * Decides as {@link #decide()} does and has TensorFlow use it in this process, unless it is
   * loaded already.
   *
   * @return what is computed with
   * @throws MachineException when TensorFlow was loaded before with kernels that are wrong here
   */
  public Decision use() {
    return use(decide());
  }
}
