package dev.leaven.runtime.internal.pipeline;

import dev.leaven.runtime.data.FileDamage;
import dev.leaven.runtime.data.LeavenHome;
import dev.leaven.runtime.data.Samples;
import dev.leaven.runtime.internal.tensorflow.GraphOps;
import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.tensorflow.Graph;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.proto.GraphOptions;
import org.tensorflow.proto.OptimizerOptions;
import org.tensorflow.proto.RewriterConfig;
import org.tensorflow.types.TUint8;

/**
 * Decoded images on disk: a file for each set of images and format, named by {@link
 * DecodedFormat#key}.
 *
 * <p>A file holds the pixels of all images, then height and width of each, then a mark at its end.
 * It is written under another name, forced to disk and renamed: a visible file is always complete,
 * whatever ended the process that wrote it. Processes that write the same file at once only do the
 * work twice.
 */
final class DecodedStore {

  private static final long MARK = 0x4C4541_56454E_31L;
  private static final int BUFFER = 1 << 20;

  private final Path folder;

  DecodedStore(Path folder) {
    this.folder = folder;
  }

  static DecodedStore ofProcess() {
    return new DecodedStore(LeavenHome.ofProcess().resolve("decoded"));
  }

  /** Maps decoded images; decodes them first if they do not exist yet. */
  DecodedImages get(Samples.Files files, DecodedFormat format, DecodedImages.Listener listener)
      throws IOException {
    Path file = folder.resolve(format.key(files) + ".pixels");
    List<int[]> sizes = sizes(file, files.size(), format.channels());
    if (sizes == null) {
      sizes = write(file, files, format, listener);
    } else {
      for (int i = 0; i < sizes.size(); i++) {
        if (sizes.get(i)[0] == 0) {
          listener.damaged(i, FileDamage.of(files.paths().get(i)));
        }
      }
      listener.decoded(sizes.size());
    }
    return new DecodedImages(map(file, bytes(sizes, format.channels())), sizes, format.channels());
  }

  private List<int[]> write(
      Path file, Samples.Files files, DecodedFormat format, DecodedImages.Listener listener)
      throws IOException {
    Files.createDirectories(folder);
    long least = (long) files.size() * format.side() * format.side() * format.channels();
    long free = Files.getFileStore(folder).getUsableSpace();
    if (free < least) {
      throw new IOException(
          "%s: decoded images need at least %,d MB, but only %,d MB are free"
              .formatted(folder, least >> 20, free >> 20));
    }
    Path fresh = Files.createTempFile(folder, file.getFileName().toString(), ".tmp");
    List<int[]> sizes = new ArrayList<>(files.size());
    try {
      try (FileChannel channel = FileChannel.open(fresh, StandardOpenOption.WRITE);
          DataOutputStream out =
              new DataOutputStream(
                  new BufferedOutputStream(Channels.newOutputStream(channel), BUFFER))) {
        new Decoding(files, format)
            .into(
                new Decoding.Sink() {
                  @Override
                  public void image(int height, int width, byte[] pixels) throws IOException {
                    out.write(pixels);
                    out.write(
                        new byte[(int) (DecodedImages.aligned(pixels.length) - pixels.length)]);
                    sizes.add(new int[] {height, width});
                    listener.decoded(sizes.size());
                  }

                  @Override
                  public void damaged(String problem) {
                    sizes.add(new int[2]);
                    listener.damaged(sizes.size() - 1, problem);
                    listener.decoded(sizes.size());
                  }
                });
        for (int[] size : sizes) {
          out.writeInt(size[0]);
          out.writeInt(size[1]);
        }
        out.writeLong(MARK);
        out.flush();
        channel.force(true);
      }
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      return sizes;
    } finally {
      Files.deleteIfExists(fresh);
    }
  }

  /**
   * Height and width of each image of a file; null if there is no such file, or it is incomplete.
   */
  private static @Nullable List<int[]> sizes(Path file, int images, int channels)
      throws IOException {
    int tail = 8 * images + 8;
    if (!Files.isRegularFile(file) || Files.size(file) < tail) {
      return null;
    }
    ByteBuffer buffer = ByteBuffer.allocate(tail);
    long begin;
    try (FileChannel channel = FileChannel.open(file)) {
      begin = channel.size() - tail;
      while (buffer.hasRemaining()) {
        if (channel.read(buffer, begin + buffer.position()) < 0) {
          return null;
        }
      }
    }
    buffer.flip();
    List<int[]> sizes = new ArrayList<>(images);
    for (int i = 0; i < images; i++) {
      sizes.add(new int[] {buffer.getInt(), buffer.getInt()});
    }
    return buffer.getLong() == MARK && bytes(sizes, channels) == begin ? sizes : null;
  }

  private static long bytes(List<int[]> sizes, int channels) {
    return sizes.stream()
        .mapToLong(size -> DecodedImages.aligned((long) size[0] * size[1] * channels))
        .sum();
  }

  // TensorFlow would fold the constant and copy the whole file into memory.
  private static TUint8 map(Path file, long bytes) {
    ConfigProto plain =
        ConfigProto.newBuilder()
            .setGraphOptions(
                GraphOptions.newBuilder()
                    .setOptimizerOptions(
                        OptimizerOptions.newBuilder().setOptLevel(OptimizerOptions.Level.L0))
                    .setRewriteOptions(RewriterConfig.newBuilder().setDisableMetaOptimizer(true)))
            .build();
    try (Graph graph = new Graph();
        Session session = new Session(graph, plain)) {
      Ops tf = GraphOps.of(graph);
      var mapped = tf.immutableConst(TUint8.class, Shape.of(bytes), file.toString());
      // The tensor outlives its session; it is the only one of this result, and its owner closes
      // it.
      return (TUint8) session.runner().fetch(mapped).run().get(0);
    }
  }
}
