package dev.leaven.runtime.machine;

import dev.leaven.runtime.TechniqueJson;
import dev.leaven.runtime.graph.Kernels;
import dev.leaven.runtime.graph.Precision;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Runs {@link CheckProgram} in separate processes; after a process that crashed in a layer it
 * starts another.
 */
final class CheckProcess implements Checker {

  // After a process crashes, a second one finds out in which layer, and a third one checks the
  // remaining layers.
  private static final int MOST_PROCESSES = 5;

  private final List<String> command;
  private final Duration timeout;

  /**
   * Makes a checker.
   *
   * @param command a Java virtual machine with what it needs to run {@link CheckProgram}
   * @param timeout the time limit of a process; after it the process is ended
   */
  CheckProcess(List<String> command, Duration timeout) {
    this.command = List.copyOf(command);
    this.timeout = timeout;
  }

  /** Processes like this one: the same virtual machine, the same class path. */
  static CheckProcess usual() {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    // The program is short: the quick compiler starts sooner.
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto"));
    // Its crash is a result, not an error to report.
    command.addAll(List.of("-XX:+SuppressFatalErrorMessage", "-XX:-CreateCoredumpOnCrash"));
    if (Runtime.version().feature() >= 24) {
      command.add("--enable-native-access=ALL-UNNAMED");
    }
    // An empty part would be the current folder.
    String classPath =
        Stream.of("java.class.path", "jdk.module.path")
            .map(name -> System.getProperty(name, ""))
            .filter(path -> !path.isEmpty())
            .collect(Collectors.joining(File.pathSeparator));
    command.addAll(List.of("-cp", classPath, CheckProgram.class.getName()));
    return new CheckProcess(command, Duration.ofSeconds(60));
  }

  @Override
  public CheckReply check(Kernels kernels, CheckRequest request) throws IOException {
    CheckReply reply = new CheckReply();
    CheckRequest asked = request;
    for (int i = 0; i < MOST_PROCESSES; i++) {
      Finding.Kind end = run(kernels, asked, reply);
      if (reply.complete()) {
        return reply;
      }
      List<String> begun = reply.begun();
      if (reply.error().isPresent() || begun.isEmpty()) {
        throw new IOException(
            "the process for it "
                + reply
                    .error()
                    .map(error -> "failed: " + error)
                    .orElse(
                        end == Finding.Kind.TIMED_OUT
                            ? "did not finish in %d s".formatted(timeout.toSeconds())
                            : "ended before it computed anything"));
      }
      String first = LayerShape.of(begun.get(0)).describe();
      Set<Precision> left = new LinkedHashSet<>(asked.precisions());
      if (begun.size() == 1) {
        reply.remove(reply.precision(), CheckReply.TOGETHER);
        reply.put(reply.precision(), begun.get(0), new Finding(end, first, ""));
        // One is enough to know that this precision cannot be used.
        left.removeIf(precision -> precision.compareTo(reply.precision()) <= 0);
        if (left.isEmpty()) {
          return reply;
        }
      } else {
        // Kept unless one of the layers alone crashes the process: memory corruption ends a process
        // by chance.
        String layers = "one of %d layers from %s on".formatted(begun.size(), first);
        reply.put(reply.precision(), CheckReply.TOGETHER, new Finding(end, layers, ""));
      }
      asked = asked.rest(List.copyOf(left), known(asked, reply));
    }
    throw new IOException("the processes that check this machine end in many layers");
  }

  private static List<String> known(CheckRequest asked, CheckReply reply) {
    List<String> known = new ArrayList<>();
    for (Precision precision : asked.precisions()) {
      reply
          .findings(precision)
          .keySet()
          .forEach(key -> known.add(CheckRequest.known(precision, key)));
    }
    return known;
  }

  // How the process ended, if it did not end normally.
  private Finding.Kind run(Kernels kernels, CheckRequest request, CheckReply reply)
      throws IOException {
    reply.begin();
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.redirectError(ProcessBuilder.Redirect.DISCARD);
    builder.environment().put(Kernels.VARIABLE, kernels.value());
    builder.environment().put("TF_CPP_MIN_LOG_LEVEL", "3");
    // Java would report every environment variable that adds options to it.
    builder.environment().remove("JAVA_TOOL_OPTIONS");
    Process process = builder.start();
    Thread reader = new Thread(() -> read(process, reply), "leaven-check");
    reader.setDaemon(true);
    try {
      reader.start();
      try (OutputStream in = process.getOutputStream()) {
        in.write(TechniqueJson.write(request).getBytes(StandardCharsets.UTF_8));
      } catch (IOException e) {
        // It ended before it read all input: its output shows how far it came.
      }
      if (!process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly();
        reader.join();
        return Finding.Kind.TIMED_OUT;
      }
      reader.join();
      return Finding.Kind.DIED;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("the check of this machine was interrupted", e);
    } finally {
      process.destroyForcibly();
    }
  }

  private static void read(Process process, CheckReply reply) {
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      lines.lines().forEach(reply::read);
    } catch (IOException | java.io.UncheckedIOException e) {
      // The process was ended; its earlier output has been read.
    }
  }
}
