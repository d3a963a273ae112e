package dev.leaven.runtime.models;

import dev.leaven.runtime.graph.Variable;
import dev.leaven.runtime.graph.Variables;
import dev.leaven.runtime.internal.tensorflow.GraphOps;
import dev.leaven.runtime.internal.tensorflow.SafeTensors;
import dev.leaven.runtime.nn.Layers;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.tensorflow.Graph;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;

/**
 * PyTorch weights for one of our models: the arrays of a safetensors file by PyTorch's names,
 * transposed to our order of axes.
 *
 * <p>Convolutions are transposed from (out, in, height, width) to (height, width, in, out), dense
 * layers from (out, in) to (in, out); counters are left out. A head for other classes is left out
 * too and is initialised again. If the images have another number of channels than the weights, the
 * first convolution is adapted as in fastai: one channel gets the sum of the three, two get the
 * first two times 1.5, and more begin at zero.
 *
 * @param values an array in C order for each variable in the file
 * @param missing variables that are not in the file; they keep their initial values
 * @param head variables of the head that have another shape in the file; they keep their initial
 *     values
 * @param reshaped other variables that have another shape in the file, with both shapes; the file
 *     belongs to another model
 * @param unexpected arrays of the file that the model does not have
 */
public record PretrainedWeights(
    Map<String, FloatBuffer> values,
    List<String> missing,
    List<String> head,
    List<String> reshaped,
    List<String> unexpected) {

  private static final int COLOURS = 3;
  private static final String COUNTER = "num_batches_tracked";

  /**
   * Reads a file for a model.
   *
   * @param file in the safetensors format, with PyTorch's names, for instance of torchvision's
   *     {@code state_dict()}
   * @param model the architecture
   * @param channels the images' channels
   * @param classes the number of classes
   * @return the arrays, and what did not fit
   * @throws IOException when the file cannot be read
   * @throws IllegalArgumentException when it has none of the model's weights
   */
  public static PretrainedWeights read(Path file, Architecture model, int channels, int classes)
      throws IOException {
    SafeTensors tensors = SafeTensors.readWeights(file);
    Map<String, FloatBuffer> values = new LinkedHashMap<>();
    List<String> missing = new ArrayList<>();
    List<String> head = new ArrayList<>();
    List<String> reshaped = new ArrayList<>();
    Set<String> unexpected = new LinkedHashSet<>(tensors.values().keySet());
    unexpected.removeIf(name -> name.endsWith(COUNTER));
    boolean first = true;
    for (Map.Entry<String, Shape> wanted : shapes(model, channels, classes).entrySet()) {
      String name = wanted.getKey();
      long[] ours = wanted.getValue().asArray();
      boolean adapts = first && ours.length == 4;
      first = first && ours.length != 4;
      unexpected.remove(name);
      if (!tensors.values().containsKey(name)) {
        missing.add(name);
        continue;
      }
      long[] theirs = squeezed(tensors.shapes().get(name).asArray(), ours.length);
      float[] array = floats(tensors.values().get(name));
      if (adapts && theirs.length == 4 && theirs[1] == COLOURS && ours[2] != COLOURS) {
        array = adapted(array, theirs, (int) ours[2]);
        theirs[1] = ours[2];
      }
      if (Arrays.equals(theirs, pytorchs(ours))) {
        values.put(name, FloatBuffer.wrap(transposed(array, theirs)));
      } else if (model.head().stream().anyMatch(name::startsWith)) {
        head.add(name);
      } else {
        reshaped.add(
            "%s is %s in the file and %s in the model"
                .formatted(name, tensors.shapes().get(name), Shape.of(pytorchs(ours))));
      }
    }
    if (values.isEmpty()) {
      throw new IllegalArgumentException(
          "%s has no weights of %s: %s"
              .formatted(
                  file,
                  model.describe(),
                  reshaped.isEmpty()
                      ? "the model begins with %s, the file with %s"
                          .formatted(
                              missing.get(0), unexpected.stream().findFirst().orElse("nothing"))
                      : reshaped.get(0)));
    }
    return new PretrainedWeights(
        values,
        List.copyOf(missing),
        List.copyOf(head),
        List.copyOf(reshaped),
        List.copyOf(unexpected));
  }

  private static Map<String, Shape> shapes(Architecture model, int channels, int classes) {
    try (Graph graph = new Graph()) {
      Ops tf = GraphOps.of(graph);
      Variables variables = new Variables(tf);
      Placeholder<TFloat32> images =
          tf.placeholder(TFloat32.class, Placeholder.shape(Shape.of(-1, -1, -1, channels)));
      model.logits(new Layers(tf, variables, false), images, channels, classes);
      Map<String, Shape> shapes = new LinkedHashMap<>();
      for (Variable variable : variables.all()) {
        shapes.put(variable.name(), variable.shape());
      }
      return shapes;
    }
  }

  // PyTorch's shape of an array of ours.
  private static long[] pytorchs(long[] shape) {
    return switch (shape.length) {
      case 4 -> new long[] {shape[3], shape[2], shape[0], shape[1]};
      case 2 -> new long[] {shape[1], shape[0]};
      default -> shape;
    };
  }

  // A convolution along one axis has a kernel of size 1, and a scale has height and width of 1.
  private static long[] squeezed(long[] shape, int rank) {
    int kept = shape.length;
    while (kept > rank && shape[kept - 1] == 1) {
      kept--;
    }
    return Arrays.copyOf(shape, kept);
  }

  private static float[] floats(FloatBuffer buffer) {
    float[] floats = new float[buffer.remaining()];
    buffer.duplicate().get(floats);
    return floats;
  }

  private static float[] transposed(float[] array, long[] shape) {
    if (shape.length != 2 && shape.length != 4) {
      return array;
    }
    int out = (int) shape[0];
    int in = (int) shape[1];
    int kernel = shape.length == 4 ? (int) (shape[2] * shape[3]) : 1;
    float[] turned = new float[array.length];
    for (int o = 0; o < out; o++) {
      for (int i = 0; i < in; i++) {
        for (int k = 0; k < kernel; k++) {
          turned[(k * in + i) * out + o] = array[(o * in + i) * kernel + k];
        }
      }
    }
    return turned;
  }

  private static float[] adapted(float[] array, long[] shape, int channels) {
    int out = (int) shape[0];
    int kernel = (int) (shape[2] * shape[3]);
    float[] adapted = new float[out * channels * kernel];
    for (int o = 0; o < out; o++) {
      for (int colour = 0; colour < COLOURS; colour++) {
        int channel = channels == 1 ? 0 : colour;
        for (int k = 0; k < kernel && channel < channels; k++) {
          float value = array[(o * COLOURS + colour) * kernel + k];
          adapted[(o * channels + channel) * kernel + k] += channels == 2 ? 1.5f * value : value;
        }
      }
    }
    return adapted;
  }

  /**
   * A readable description of what did not fit.
   *
   * @return a sentence, or an empty text when everything fitted
   */
  public String describe() {
    List<String> parts = new ArrayList<>();
    add(parts, "begin anew for other classes", head);
    add(parts, "missing in the file", missing);
    add(parts, "not in the model", unexpected);
    add(parts, "of another shape", reshaped);
    return String.join("; ", parts);
  }

  private static void add(List<String> parts, String what, List<String> names) {
    if (!names.isEmpty()) {
      parts.add("%s: %s".formatted(what, String.join(", ", names)));
    }
  }
}
