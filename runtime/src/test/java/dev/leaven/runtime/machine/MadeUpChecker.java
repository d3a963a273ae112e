package dev.leaven.runtime.machine;

import dev.leaven.runtime.graph.Kernels;
import dev.leaven.runtime.graph.Precision;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Answers with lines that a test made up, as a process would write them, and remembers what it was
 * asked. Where a test made up nothing, no process can be started.
 */
final class MadeUpChecker implements Checker {

  /** One question. */
  record Asked(Kernels kernels, CheckRequest request) {}

  /** A layer, and the words for it. */
  static final String LAYER = "Conv2D,4x7x7x144,3x3x144x32,1,SAME";

  static final String THE_LAYER = "a 3×3 convolution of 144 to 32 channels at 7 px";

  /** What only one model of a test has. */
  static final String OTHER = "MatMul,4x512,512x10,1,VALID";

  static final String NO_PROCESS = "no process could be started";

  private final List<Asked> asked = Collections.synchronizedList(new ArrayList<>());
  private final List<String> machine;
  private final Map<Kernels, List<String>> model = new EnumMap<>(Kernels.class);

  private MadeUpChecker(List<String> machine) {
    this.machine = machine;
  }

  /** What the check of the machine finds. */
  static MadeUpChecker machine(String... lines) {
    return new MadeUpChecker(List.of(lines));
  }

  /** A machine that cannot be checked. */
  static MadeUpChecker none() {
    return new MadeUpChecker(List.of());
  }

  /** The same with what the check of a model's own layers finds, with some kernels. */
  MadeUpChecker model(Kernels kernels, String... lines) {
    model.put(kernels, List.of(lines));
    return this;
  }

  /** A machine that computes everything correctly, but not faster in bfloat16. */
  static MadeUpChecker right() {
    return machine(found(Precision.FLOAT32, LAYER, Finding.Kind.RIGHT, ""), speed(1.8));
  }

  static String found(Precision precision, String key, Finding.Kind kind, String detail) {
    String layer = kind == Finding.Kind.RIGHT ? "" : LayerShape.of(key).describe();
    return line("found", precision.name(), key, kind.name(), layer, detail);
  }

  static String right(Precision precision) {
    return found(precision, LAYER, Finding.Kind.RIGHT, "");
  }

  static String wrong(Precision precision) {
    return found(precision, LAYER, Finding.Kind.WRONG, "46 % of the largest value");
  }

  /** That the model has a layer. */
  static String layer(Precision precision, String key) {
    return line("layer", precision.name(), key);
  }

  static String speed(double ratio) {
    return line("speed", Double.toString(ratio));
  }

  static String line(String... parts) {
    return CheckReply.PREFIX + String.join("\t", parts);
  }

  static CheckReply reply(String... lines) {
    CheckReply reply = new CheckReply();
    Stream.of(lines).forEach(reply::read);
    return reply;
  }

  List<Asked> asked() {
    return List.copyOf(asked);
  }

  @Override
  public CheckReply check(Kernels kernels, CheckRequest request) throws IOException {
    asked.add(new Asked(kernels, request));
    List<String> lines =
        request.model().isEmpty() ? machine : model.getOrDefault(kernels, List.of());
    if (lines.isEmpty()) {
      throw new IOException(NO_PROCESS);
    }
    CheckReply reply = reply(lines.toArray(String[]::new));
    // A process says which layers the model has before it checks them.
    if (request.model().isPresent()) {
      request
          .precisions()
          .forEach(
              precision ->
                  reply
                      .findings(precision)
                      .keySet()
                      .forEach(key -> reply.read(layer(precision, key))));
    }
    reply.read(line("end"));
    return reply;
  }
}
