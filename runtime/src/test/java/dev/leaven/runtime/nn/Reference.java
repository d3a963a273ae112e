package dev.leaven.runtime.nn;

/**
 * PyTorch's layers written out in doubles, on arrays in the order batch, height, width, channel.
 */
final class Reference {

  private Reference() {}

  /** Shapes are {@code {batch, height, width, channels}}. */
  record Array(double[] values, int batch, int height, int width, int channels) {

    Array(int batch, int height, int width, int channels) {
      this(new double[batch * height * width * channels], batch, height, width, channels);
    }

    static Array of(float[] values, int batch, int height, int width, int channels) {
      Array array = new Array(batch, height, width, channels);
      for (int i = 0; i < values.length; i++) {
        array.values[i] = values[i];
      }
      return array;
    }

    int index(int n, int y, int x, int c) {
      return ((n * height + y) * width + x) * channels + c;
    }

    boolean holds(int y, int x) {
      return y >= 0 && y < height && x >= 0 && x < width;
    }
  }

  /** Zero padding of kernel/2 on all four sides, as {@code nn.Conv2d(padding=kernel//2)}. */
  static Array convolution(Array in, double[] weight, int out, int kernel, int stride) {
    int pad = kernel / 2;
    Array result =
        new Array(
            in.batch,
            (in.height + 2 * pad - kernel) / stride + 1,
            (in.width + 2 * pad - kernel) / stride + 1,
            out);
    for (int n = 0; n < in.batch; n++) {
      for (int i = 0; i < result.height; i++) {
        for (int j = 0; j < result.width; j++) {
          for (int o = 0; o < out; o++) {
            double sum = 0;
            for (int ky = 0; ky < kernel; ky++) {
              for (int kx = 0; kx < kernel; kx++) {
                int y = i * stride + ky - pad;
                int x = j * stride + kx - pad;
                for (int c = 0; in.holds(y, x) && c < in.channels; c++) {
                  sum +=
                      in.values[in.index(n, y, x, c)]
                          * weight[((ky * kernel + kx) * in.channels + c) * out + o];
                }
              }
            }
            result.values[result.index(n, i, j, o)] = sum;
          }
        }
      }
    }
    return result;
  }

  /** {@code nn.MaxPool2d(3, stride=2, padding=1)}: what is outside is lower than anything. */
  static Array maxPool(Array in) {
    Array result =
        new Array(in.batch, (in.height - 1) / 2 + 1, (in.width - 1) / 2 + 1, in.channels);
    for (int n = 0; n < in.batch; n++) {
      for (int i = 0; i < result.height; i++) {
        for (int j = 0; j < result.width; j++) {
          for (int c = 0; c < in.channels; c++) {
            double highest = Double.NEGATIVE_INFINITY;
            for (int y = 2 * i - 1; y <= 2 * i + 1; y++) {
              for (int x = 2 * j - 1; x <= 2 * j + 1; x++) {
                if (in.holds(y, x)) {
                  highest = Math.max(highest, in.values[in.index(n, y, x, c)]);
                }
              }
            }
            result.values[result.index(n, i, j, c)] = highest;
          }
        }
      }
    }
    return result;
  }

  /** {@code nn.AvgPool2d(2, ceil_mode=True)}: windows at the edge average what they hold. */
  static Array averagePool(Array in) {
    Array result = new Array(in.batch, (in.height + 1) / 2, (in.width + 1) / 2, in.channels);
    for (int n = 0; n < in.batch; n++) {
      for (int i = 0; i < result.height; i++) {
        for (int j = 0; j < result.width; j++) {
          for (int c = 0; c < in.channels; c++) {
            double sum = 0;
            int held = 0;
            for (int y = 2 * i; y <= 2 * i + 1; y++) {
              for (int x = 2 * j; x <= 2 * j + 1; x++) {
                if (in.holds(y, x)) {
                  sum += in.values[in.index(n, y, x, c)];
                  held++;
                }
              }
            }
            result.values[result.index(n, i, j, c)] = sum / held;
          }
        }
      }
    }
    return result;
  }

  /** The mean of a channel over the batch, height and width. */
  static double mean(Array in, int channel) {
    double sum = 0;
    for (int i = channel; i < in.values.length; i += in.channels) {
      sum += in.values[i];
    }
    return sum * in.channels / in.values.length;
  }

  /** The sum of a channel's squared distances from its mean. */
  static double squares(Array in, int channel) {
    double mean = mean(in, channel);
    double sum = 0;
    for (int i = channel; i < in.values.length; i += in.channels) {
      sum += (in.values[i] - mean) * (in.values[i] - mean);
    }
    return sum;
  }
}
