package dev.leaven.runtime.internal.pipeline;

import dev.leaven.runtime.data.DecodedCache;
import dev.leaven.runtime.data.Samples;
import dev.leaven.runtime.internal.tensorflow.Feeds;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.tensorflow.Operand;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.TUint8;

/**
 * Decoded images of various sizes, one after the other in native memory or in a mapped file. The
 * pipeline takes its squares from them instead of decoding files.
 */
public final class DecodedImages implements AutoCloseable {

  /** Receives the progress of decoding; an exception that it throws ends the decoding. */
  public interface Listener {
    /**
     * Another image was decoded.
     *
     * @param done the number of decoded images
     */
    void decoded(int done);

    /**
     * An image cannot be decoded; its place stays empty.
     *
     * @param index its number
     * @param problem the problem, as the end of a sentence about the file
     */
    void damaged(int index, String problem);
  }

  // An image that begins at TensorFlow's tensor alignment is read without a copy.
  static final int ALIGNMENT = 64;

  private final TUint8 pixels;
  private final TInt64 starts;
  private final TInt32 sizes;

  /**
   * Takes ownership of pixels.
   *
   * @param pixels the pixels of all images, each beginning at the next multiple of {@link
   *     #ALIGNMENT}
   * @param sizes height and width of each; both 0 for a missing image
   */
  DecodedImages(TUint8 pixels, List<int[]> sizes, int channels) {
    this.pixels = pixels;
    long[] begins = new long[sizes.size()];
    int[] sides = new int[2 * sizes.size()];
    long begin = 0;
    for (int i = 0; i < begins.length; i++) {
      int height = sizes.get(i)[0];
      int width = sizes.get(i)[1];
      begins[i] = begin;
      sides[2 * i] = height;
      sides[2 * i + 1] = width;
      begin += aligned((long) height * width * channels);
    }
    starts = TInt64.vectorOf(begins);
    this.sizes = TInt32.tensorOf(Shape.of(sizes.size(), 2), DataBuffers.of(sides, true, false));
  }

  static long aligned(long bytes) {
    return (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
  }

  /**
   * Decodes all files, or finds images that were decoded before.
   *
   * @param cache {@link DecodedCache#MEMORY} or {@link DecodedCache#DISK}
   * @param files the files to decode
   * @param format the part and size of each image to keep
   * @param listener receives every damaged file, in order, whether it is found now or was found
   *     before
   * @return images to be closed when no pass uses them any more
   * @throws IOException when the disk is full or cannot be written
   */
  public static DecodedImages of(
      DecodedCache cache, Samples.Files files, DecodedFormat format, Listener listener)
      throws IOException {
    return switch (cache) {
      case MEMORY -> inMemory(files, IntStream.range(0, files.size()).toArray(), format, listener);
      case DISK -> DecodedStore.ofProcess().get(files, format, listener);
      case AUTO, NONE -> throw new IllegalArgumentException("there is no cache to fill");
    };
  }

  /**
   * Decodes some of the files into memory, with the same result as when all files are decoded.
   *
   * @param files the files of the images
   * @param indexes the images that a pass will request, in any order
   * @param format the part and size of each image to keep
   * @param listener receives every damaged file among them
   * @return images to be closed when no pass uses them any more
   */
  public static DecodedImages some(
      Samples.Files files, int[] indexes, DecodedFormat format, Listener listener) {
    try {
      return inMemory(files, IntStream.of(indexes).sorted().distinct().toArray(), format, listener);
    } catch (IOException e) {
      throw new UncheckedIOException("nothing is written", e);
    }
  }

  private static DecodedImages inMemory(
      Samples.Files files, int[] indexes, DecodedFormat format, Listener listener)
      throws IOException {
    List<int[]> sizes = new ArrayList<>(Collections.nCopies(files.size(), new int[2]));
    try (Chunks chunks = new Chunks()) {
      new Decoding(files.pick(indexes), format)
          .into(
              new Decoding.Sink() {
                private int done;

                @Override
                public void image(int height, int width, byte[] image) {
                  sizes.set(indexes[done], new int[] {height, width});
                  chunks.add(image);
                  listener.decoded(++done);
                }

                @Override
                public void damaged(String problem) {
                  listener.damaged(indexes[done], problem);
                  listener.decoded(++done);
                }
              });
      return new DecodedImages(chunks.joined(), sizes, format.channels());
    }
  }

  /** Memory that grows because its final size is unknown. */
  private static final class Chunks implements AutoCloseable {

    private static final int BYTES = 1 << 26;

    private final List<TUint8> full = new ArrayList<>();
    private int used = BYTES;

    void add(byte[] image) {
      int done = 0;
      while (done < image.length) {
        if (used == BYTES) {
          full.add(Tensor.of(TUint8.class, Shape.of(BYTES)));
          used = 0;
        }
        int part = Math.min(image.length - done, BYTES - used);
        full.get(full.size() - 1).asRawTensor().data().offset(used).write(image, done, part);
        done += part;
        used += part;
      }
      // A chunk ends at a multiple of the alignment, so the gap lies within one.
      used = (int) aligned(used);
    }

    TUint8 joined() {
      long total = Math.max(0, full.size() - 1L) * BYTES + (full.isEmpty() ? 0 : used);
      TUint8 all = Tensor.of(TUint8.class, Shape.of(total));
      for (int i = 0; i < full.size(); i++) {
        long begin = (long) i * BYTES;
        try (TUint8 chunk = full.get(i)) {
          chunk
              .asRawTensor()
              .data()
              .copyTo(all.asRawTensor().data().offset(begin), Math.min(BYTES, total - begin));
        }
      }
      full.clear();
      return all;
    }

    @Override
    public void close() {
      full.forEach(TUint8::close);
    }
  }

  /** Feeds the placeholders of a {@link DecodedReader}. */
  void feed(Feeds feeds, List<Operand<?>> placeholders) {
    feeds
        .lend(placeholders.get(0), pixels)
        .lend(placeholders.get(1), starts)
        .lend(placeholders.get(2), sizes);
  }

  @Override
  public void close() {
    pixels.close();
    starts.close();
    sizes.close();
  }
}
