package dev.leaven.runtime.nn;

import dev.leaven.runtime.Check;
import dev.leaven.runtime.graph.Initializer;

/**
 * The shape of a two-dimensional convolution and how its weights begin.
 *
 * <p>{@code Convolution.of(64, 128, 3).stride(2)} has no bias, one group, is padded by half its
 * kernel as PyTorch pads, and begins as He et al. 2015 say. There are no dilations: TensorFlow
 * differentiates them wrongly.
 *
 * @param in input channels, a multiple of {@code groups}
 * @param out output channels, a multiple of {@code groups}
 * @param kernel the side of the kernel, at least 1
 * @param stride the step, at least 1
 * @param padding zeros on each of the four sides, at least 0
 * @param groups how many parts the channels are cut into, each convolved by itself; as many as
 *     there are channels is a depthwise convolution
 * @param bias whether a number is added to each output channel; it begins at 0
 * @param initial how the weights begin
 */
public record Convolution(
    int in,
    int out,
    int kernel,
    int stride,
    int padding,
    int groups,
    boolean bias,
    Initializer initial) {

  /**
   * Checks the shape.
   *
   * @throws IllegalArgumentException when a parameter is outside its range
   */
  public Convolution {
    Check.atLeast("convolution", "in", in, 1);
    Check.atLeast("convolution", "out", out, 1);
    Check.atLeast("convolution", "kernel", kernel, 1);
    Check.atLeast("convolution", "stride", stride, 1);
    Check.atLeast("convolution", "padding", padding, 0);
    Check.atLeast("convolution", "groups", groups, 1);
    if (in % groups != 0 || out % groups != 0) {
      throw new IllegalArgumentException(
          "convolution: groups must divide in and out, but is %d for %d and %d"
              .formatted(groups, in, out));
    }
  }

  /**
   * A convolution without bias, with stride 1, padded by half its kernel if that is odd and not at
   * all if it is even.
   *
   * @param in input channels
   * @param out output channels
   * @param kernel the side of the kernel
   * @return a convolution
   */
  public static Convolution of(int in, int out, int kernel) {
    return new Convolution(
        in,
        out,
        kernel,
        1,
        kernel % 2 == 0 ? 0 : kernel / 2,
        1,
        false,
        Initializer.kaimingNormal(kernel * kernel * in));
  }

  /**
   * Each channel convolved by itself, as {@link #of}.
   *
   * @param channels input and output channels
   * @param kernel the side of the kernel
   * @return a convolution
   */
  public static Convolution depthwise(int channels, int kernel) {
    return of(channels, channels, kernel)
        .groups(channels)
        .initial(Initializer.kaimingNormal(kernel * kernel));
  }

  /**
   * The same with another stride.
   *
   * @param stride at least 1
   * @return a new convolution
   */
  public Convolution stride(int stride) {
    return new Convolution(in, out, kernel, stride, padding, groups, bias, initial);
  }

  /**
   * The same with other padding.
   *
   * @param padding zeros on each side, at least 0
   * @return a new convolution
   */
  public Convolution padding(int padding) {
    return new Convolution(in, out, kernel, stride, padding, groups, bias, initial);
  }

  /**
   * The same in groups.
   *
   * @param groups a divisor of both numbers of channels
   * @return a new convolution
   */
  public Convolution groups(int groups) {
    return new Convolution(in, out, kernel, stride, padding, groups, bias, initial);
  }

  /**
   * The same with a bias.
   *
   * @return a new convolution
   */
  public Convolution withBias() {
    return new Convolution(in, out, kernel, stride, padding, groups, true, initial);
  }

  /**
   * The same with weights that begin otherwise.
   *
   * @param initial for instance {@link Initializer#normal}
   * @return a new convolution
   */
  public Convolution initial(Initializer initial) {
    return new Convolution(in, out, kernel, stride, padding, groups, bias, initial);
  }

  boolean isDepthwise() {
    return groups > 1 && groups == in && in == out;
  }

  /** Whether an input channel has no partner, unless it is the only one. */
  boolean hasOddChannels() {
    return groups == 1 && in > 1 && in % 2 == 1;
  }

  long multiplyAddsPerPosition() {
    return (long) kernel * kernel * (in / groups) * out;
  }

  String describe() {
    String name =
        isDepthwise()
            ? "depthwise %d×%d".formatted(kernel, kernel)
            : "convolution %d×%d".formatted(kernel, kernel);
    String step = stride == 1 ? name : name + " / " + stride;
    return groups == 1 || isDepthwise() ? step : "%s, %d groups".formatted(step, groups);
  }
}
