package dev.leaven.runtime.machine;

import dev.leaven.runtime.graph.Precision;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The output of a check's processes: a finding for each layer in each precision, in the order in
 * which they were made.
 */
final class CheckReply {

  /** The prefix of lines that are meant for Leaven; other lines may be TensorFlow's. */
  static final String PREFIX = "leaven-check\t";

  /** The key of a finding about several layers of which none is known to be wrong by itself. */
  static final String TOGETHER = "together";

  private final Map<Precision, Map<String, Finding>> findings = new EnumMap<>(Precision.class);
  private final Map<Precision, Set<String>> layers = new EnumMap<>(Precision.class);
  private final List<String> begun = new ArrayList<>();
  private Precision precision = Precision.FLOAT32;
  private OptionalDouble speed = OptionalDouble.empty();
  private boolean gpu;
  private boolean complete;
  private Optional<String> error = Optional.empty();

  /** Processes a line of the process. */
  void read(String line) {
    if (!line.startsWith(PREFIX)) {
      return;
    }
    try {
      take(line.substring(PREFIX.length()).split("\t", -1));
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      // The process ended while it wrote this line.
    }
  }

  private void take(String[] parts) {
    switch (parts[0]) {
      case "gpu" -> gpu = true;
      case "layer" ->
          layers
              .computeIfAbsent(Precision.valueOf(parts[1]), p -> new LinkedHashSet<>())
              .add(parts[2]);
      case "begin" -> {
        Stream.of(parts[2].split(" ")).forEach(LayerShape::of);
        precision = Precision.valueOf(parts[1]);
        begun.clear();
        begun.addAll(List.of(parts[2].split(" ")));
      }
      case "found" -> {
        Finding finding = new Finding(Finding.Kind.valueOf(parts[3]), parts[4], parts[5]);
        put(Precision.valueOf(parts[1]), parts[2], finding);
        begun.remove(parts[2]);
      }
      case "speed" -> {
        speed = OptionalDouble.of(Double.parseDouble(parts[1]));
        begun.clear();
      }
      case "error" -> error = Optional.of(parts[1]);
      case "end" -> complete = true;
      default -> {}
    }
  }

  void put(Precision precision, String key, Finding finding) {
    findings.computeIfAbsent(precision, p -> new LinkedHashMap<>()).put(key, finding);
  }

  void remove(Precision precision, String key) {
    findings.getOrDefault(precision, new LinkedHashMap<>()).remove(key);
  }

  /** The findings in a precision, by the layers' keys. */
  Map<String, Finding> findings(Precision precision) {
    return findings.getOrDefault(precision, Map.of());
  }

  /** The worst finding in a precision. */
  Finding worst(Precision precision) {
    return Finding.worst(List.copyOf(findings(precision).values()));
  }

  /** The layers of the requested model, as they are built for a precision. */
  Set<String> layers(Precision precision) {
    return layers.getOrDefault(precision, Set.of());
  }

  /**
   * The layers that were begun without a result, in {@link #precision}; empty if the process ended
   * normally.
   */
  List<String> begun() {
    return List.copyOf(begun);
  }

  /** The precision that was checked last. */
  Precision precision() {
    return precision;
  }

  /** The time in bfloat16 divided by that in float32, if it was requested. */
  OptionalDouble speed() {
    return speed;
  }

  /** Whether TensorFlow computes on a GPU. */
  boolean gpu() {
    return gpu;
  }

  /** Whether a process completed its request. */
  boolean complete() {
    return complete;
  }

  /** The error that ended a process, if it reported one. */
  Optional<String> error() {
    return error;
  }

  void begin() {
    begun.clear();
    complete = false;
  }
}
