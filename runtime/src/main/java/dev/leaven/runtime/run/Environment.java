package dev.leaven.runtime.run;

import dev.leaven.runtime.machine.Decision;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;
import org.tensorflow.TensorFlow;

/**
 * The environment of a process: machine and versions, for people who compare or repeat a run.
 *
 * @param began when the process was inspected, with the time zone
 * @param system the operating system with its version and kind of processor
 * @param processor its name, if the system reports it
 * @param processors the number of processors that may be used
 * @param memory the memory of the machine, in bytes; 0 if the system does not report it
 * @param java name and version of the Java virtual machine
 * @param tensorflow its version
 * @param kernels which kernels and which precision computed, with the reason; empty where an
 *     earlier version of Leaven did not record it
 * @param leaven its version; empty where it is not packaged
 * @param command the command line that began the process, if it was {@code leaven}
 * @param folder the working directory of the process
 */
public record Environment(
    String began,
    String system,
    Optional<String> processor,
    int processors,
    long memory,
    String java,
    String tensorflow,
    Optional<String> kernels,
    Optional<String> leaven,
    Optional<String> command,
    String folder) {

  private static final Path PROCESSORS = Path.of("/proc/cpuinfo");
  private static final String MAIN = "dev.leaven.dsl.cli.Leaven ";

  /**
   * Inspects this process.
   *
   * @param decision the kernels and precision that were chosen
   * @return the environment of this process
   */
  public static Environment here(Decision decision) {
    return new Environment(
        ZonedDateTime.now().format(DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss z")),
        "%s %s, %s"
            .formatted(
                System.getProperty("os.name"),
                System.getProperty("os.version"),
                System.getProperty("os.arch")),
        processorName(),
        Runtime.getRuntime().availableProcessors(),
        ManagementFactory.getOperatingSystemMXBean()
                instanceof com.sun.management.OperatingSystemMXBean machine
            ? machine.getTotalMemorySize()
            : 0,
        "%s %s".formatted(System.getProperty("java.vm.name"), Runtime.version()),
        TensorFlow.version(),
        Optional.of(decision.describe()),
        Optional.ofNullable(Environment.class.getPackage().getImplementationVersion()),
        command(System.getProperty("sun.java.command", "")),
        Path.of("").toAbsolutePath().toString());
  }

  private static Optional<String> processorName() {
    try {
      List<String> lines = Files.readAllLines(PROCESSORS, StandardCharsets.ISO_8859_1);
      return lines.stream()
          .filter(line -> line.startsWith("model name"))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst();
    } catch (IOException e) {
      return Optional.ofNullable(System.getenv("PROCESSOR_IDENTIFIER"));
    }
  }

  // Another program's arguments are private, and could contain secrets.
  static Optional<String> command(String started) {
    return started.startsWith(MAIN)
        ? Optional.of("leaven " + started.substring(MAIN.length()))
        : Optional.empty();
  }
}
