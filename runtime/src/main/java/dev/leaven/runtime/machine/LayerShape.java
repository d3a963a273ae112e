package dev.leaven.runtime.machine;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * One operation of a model with the sizes that select its kernel.
 *
 * @param operation TensorFlow's name, one of {@link #OPERATIONS}
 * @param input the sizes of its input, {@code [batch, height, width, channels]} or {@code [rows,
 *     columns]}
 * @param other the sizes of its filter or of the second matrix, of a pool the window {@code
 *     [height, width]}, of a batch norm {@code [channels]}
 * @param stride the step in both directions; 1 where there is none
 * @param padding {@code SAME} or {@code VALID}; {@code VALID} where there is none
 */
record LayerShape(
    String operation, List<Long> input, List<Long> other, int stride, String padding) {

  static final List<String> OPERATIONS =
      List.of(
          "Conv2D",
          "DepthwiseConv2dNative",
          "MatMul",
          "BatchMatMulV3",
          "MaxPoolV2",
          "AvgPool",
          "FusedBatchNormV3");

  /** The padding of an operation without padding. */
  static final String UNPADDED = "VALID";

  LayerShape {
    input = List.copyOf(input);
    other = List.copyOf(other);
    if (!OPERATIONS.contains(operation)) {
      throw new IllegalArgumentException("there is no check of the operation " + operation);
    }
  }

  /** The sizes of the result. */
  List<Long> output() {
    return switch (operation) {
      case "Conv2D" -> sizes(input.get(0), side(1), side(2), other.get(3));
      case "DepthwiseConv2dNative" ->
          sizes(input.get(0), side(1), side(2), other.get(2) * other.get(3));
      case "MaxPoolV2", "AvgPool" -> sizes(input.get(0), side(1), side(2), input.get(3));
      case "FusedBatchNormV3" -> input;
      default -> {
        List<Long> product = new ArrayList<>(input);
        product.set(input.size() - 1, other.get(other.size() - 1));
        yield product;
      }
    };
  }

  private long side(int axis) {
    long length = input.get(axis) - (padding.equals("SAME") ? 1 : other.get(axis - 1));
    return length / stride + 1;
  }

  int window(int axis) {
    return Math.toIntExact(other.get(axis));
  }

  /** The number of groups of the channels; a depthwise convolution is an operation of its own. */
  int groups() {
    return operation.equals("Conv2D") ? Math.toIntExact(input.get(3) / other.get(2)) : 1;
  }

  boolean isPool() {
    return operation.equals("MaxPoolV2") || operation.equals("AvgPool");
  }

  boolean isConvolution() {
    return operation.equals("Conv2D") || operation.equals("DepthwiseConv2dNative");
  }

  private static List<Long> sizes(long... sizes) {
    return Arrays.stream(sizes).boxed().toList();
  }

  /**
   * The shape in one word, the key under which its results are stored: {@code
   * Conv2D,4x7x7x64,3x3x64x64,1,SAME}.
   */
  String key() {
    return String.join(
        ",", operation, joined(input), joined(other), Integer.toString(stride), padding);
  }

  /**
   * Reads a {@link #key}.
   *
   * @throws IllegalArgumentException when the text is not a key
   */
  static LayerShape of(String key) {
    String[] parts = key.split(",");
    if (parts.length != 5) {
      throw new IllegalArgumentException("not the shape of a layer: " + key);
    }
    return new LayerShape(
        parts[0], sizes(parts[1]), sizes(parts[2]), Integer.parseInt(parts[3]), parts[4]);
  }

  private static String joined(List<Long> sizes) {
    return sizes.stream().map(String::valueOf).collect(Collectors.joining("x"));
  }

  private static List<Long> sizes(String joined) {
    List<Long> sizes = new ArrayList<>();
    for (String size : joined.split("x")) {
      sizes.add(Long.parseLong(size));
    }
    return sizes;
  }

  /**
   * The layer as text for people: {@code a 3×3 convolution with stride 2 of 32 to 64 channels at 14
   * px}.
   */
  String describe() {
    String step = stride == 1 ? "" : " with stride " + stride;
    return switch (operation) {
      case "Conv2D" -> {
        yield "a %d×%d convolution%s of %d to %d channels%s at %d px"
            .formatted(
                other.get(0),
                other.get(1),
                step,
                input.get(3),
                other.get(3),
                groups() == 1 ? "" : " in %d groups".formatted(groups()),
                input.get(1));
      }
      case "DepthwiseConv2dNative" ->
          "a %d×%d depthwise convolution%s of %d channels at %d px"
              .formatted(other.get(0), other.get(1), step, input.get(3), input.get(1));
      case "MaxPoolV2", "AvgPool" ->
          "%s pool of %d×%d%s with %d channels at %d px"
              .formatted(
                  operation.equals("AvgPool") ? "an average" : "a max",
                  other.get(0),
                  other.get(1),
                  step,
                  input.get(3),
                  input.get(1));
      case "FusedBatchNormV3" ->
          "a batch norm of %d channels at %d px".formatted(input.get(3), input.get(1));
      default -> "a matrix product of %s and %s".formatted(joined(input), joined(other));
    };
  }
}
