package dev.leaven.runtime.models;

import dev.leaven.runtime.Check;
import dev.leaven.runtime.graph.Variable;
import dev.leaven.runtime.graph.Variables;
import dev.leaven.runtime.internal.tensorflow.GraphOps;
import dev.leaven.runtime.nn.BuiltLayer;
import dev.leaven.runtime.nn.Layers;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.tensorflow.Graph;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;

/**
 * A model's layers with the shapes of their outputs, their parameters and their multiplications.
 *
 * <p>Multiply-adds are those of convolutions, dense layers, self-attention and blurs for one image;
 * norms, activations and pools are not counted. Some tools call this number FLOPs; for other tools
 * it is half of their FLOPs.
 *
 * @param model a description of the model
 * @param size the height and width of the images in pixels
 * @param channels of the images
 * @param classes of the predictions
 * @param rows a row for each layer, in order
 */
public record ModelSummary(String model, int size, int channels, int classes, List<Row> rows) {

  private static final int SMALLEST = 16;

  /**
   * A layer.
   *
   * @param name as its variables begin, or empty
   * @param what what it does
   * @param output height, width and channels, or only channels
   * @param parameters the numbers it learns
   * @param statistics the numbers it records, which are part of the model and not learned
   * @param multiplyAdds for one image
   */
  public record Row(
      String name,
      String what,
      List<Long> output,
      long parameters,
      long statistics,
      long multiplyAdds) {}

  /**
   * Builds the model once in a temporary graph; no weights are created.
   *
   * @param model the architecture
   * @param size the height and width of the images in pixels, at least 16
   * @param channels of the images, at least 1
   * @param classes of the predictions, at least 2
   * @return its summary
   */
  public static ModelSummary of(Architecture model, int size, int channels, int classes) {
    Check.atLeast("model summary", "size", size, SMALLEST);
    Check.atLeast("model summary", "channels", channels, 1);
    Check.atLeast("model summary", "classes", classes, 2);
    try (Graph graph = new Graph()) {
      Ops tf = GraphOps.of(graph);
      Layers layers = new Layers(tf, new Variables(tf), false);
      Placeholder<TFloat32> images =
          tf.placeholder(TFloat32.class, Placeholder.shape(Shape.of(1, size, size, channels)));
      model.logits(layers, images, channels, classes);
      List<Row> rows = layers.built().stream().map(ModelSummary::row).toList();
      return new ModelSummary(model.describe(), size, channels, classes, rows);
    }
  }

  private static Row row(BuiltLayer layer) {
    List<Long> output = new ArrayList<>();
    long[] shape = layer.output().shape().asArray();
    for (int i = 1; i < shape.length; i++) {
      output.add(shape[i]);
    }
    long positions = output.stream().limit(output.size() - 1).reduce(1L, (a, b) -> a * b);
    return new Row(
        layer.name(),
        layer.what(),
        List.copyOf(output),
        count(layer, true),
        count(layer, false),
        positions * layer.multiplyAddsPerPosition());
  }

  private static long count(BuiltLayer layer, boolean trained) {
    return layer.variables().stream()
        .filter(variable -> variable.kind().trained() == trained)
        .map(Variable::shape)
        .mapToLong(Shape::size)
        .sum();
  }

  /**
   * The numbers that the model learns.
   *
   * @return the sum of all rows
   */
  public long parameters() {
    return rows.stream().mapToLong(Row::parameters).sum();
  }

  /**
   * The multiplications with an addition that one image takes.
   *
   * @return the sum of all rows
   */
  public long multiplyAdds() {
    return rows.stream().mapToLong(Row::multiplyAdds).sum();
  }

  /**
   * The memory of the weights and statistics in float32; training takes several times as much.
   *
   * @return bytes
   */
  public long bytes() {
    return Float.BYTES * (parameters() + rows.stream().mapToLong(Row::statistics).sum());
  }

  /**
   * A readable table.
   *
   * @return lines, each with a line feed at its end
   */
  public String text() {
    int names = rows.stream().mapToInt(row -> row.name().length()).max().orElse(0);
    int whats = rows.stream().mapToInt(row -> row.what().length()).max().orElse(0);
    String format =
        "%-" + Math.max(names, 5) + "s  %-" + Math.max(whats, 4) + "s  %13s %12s %14s%n";
    StringBuilder text =
        new StringBuilder(
            String.format(
                Locale.ROOT,
                "%s, %d×%d images of %s, %,d classes%n%n",
                model,
                size,
                size,
                channels == 1 ? "1 channel" : channels + " channels",
                classes));
    text.append(format.formatted("layer", "what", "output", "parameters", "multiply-adds"));
    for (Row row : rows) {
      String output =
          String.join("×", row.output().stream().map(side -> Long.toString(side)).toList());
      text.append(
          format.formatted(
              row.name(),
              row.what(),
              output,
              number(row.parameters()),
              number(row.multiplyAdds())));
    }
    long bytes = bytes();
    text.append(
        String.format(
            Locale.ROOT,
            "%n%,d parameters; with running statistics %s in float32%n",
            parameters(),
            bytes < 1e6
                ? String.format(Locale.ROOT, "%.1f kB", bytes / 1e3)
                : String.format(Locale.ROOT, "%.1f MB", bytes / 1e6)));
    text.append(
        String.format(
            Locale.ROOT,
            "%,.2f million multiply-adds for an image, in convolutions and products of matrices%n",
            multiplyAdds() / 1e6));
    return text.toString().replace(System.lineSeparator(), "\n").replaceAll(" +\n", "\n");
  }

  private static String number(long number) {
    return number == 0 ? "" : String.format(Locale.ROOT, "%,d", number);
  }
}
