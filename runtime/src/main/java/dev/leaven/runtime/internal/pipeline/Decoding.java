package dev.leaven.runtime.internal.pipeline;

import dev.leaven.runtime.data.FileDamage;
import dev.leaven.runtime.data.Samples;
import dev.leaven.runtime.graph.Precision;
import dev.leaven.runtime.internal.graph.Sessions;
import dev.leaven.runtime.internal.tensorflow.Feeds;
import dev.leaven.runtime.internal.tensorflow.GraphOps;
import dev.leaven.runtime.internal.tensorflow.TensorFlowErrors;
import java.io.IOException;
import java.util.List;
import java.util.stream.LongStream;
import org.tensorflow.ConcreteFunction;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.Signature;
import org.tensorflow.exceptions.TFResourceExhaustedException;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.data.ParallelMapDataset;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.TString;
import org.tensorflow.types.TUint8;
import org.tensorflow.types.family.TType;

/** Decodes all images of some files once, on all processors, and delivers them one by one. */
final class Decoding {

  private static final long AHEAD = 32;

  /** Receives the images in order. */
  interface Sink {
    void image(int height, int width, byte[] pixels) throws IOException;

    void damaged(String problem) throws IOException;
  }

  private final Samples.Files files;
  private final DecodedFormat format;

  Decoding(Samples.Files files, DecodedFormat format) {
    this.files = files;
    this.format = format;
  }

  /** Decodes every image. */
  void into(Sink sink) throws IOException {
    Loader loader = Loader.of(files, format.channels());
    try (Graph graph = new Graph();
        Loader.Opened opened = loader.open(files)) {
      Ops tf = GraphOps.of(graph);
      Placeholder<TInt64> order = tf.placeholder(TInt64.class, Placeholder.shape(Shape.of(-1)));
      List<Class<? extends TType>> types = List.of(TUint8.class);
      List<Shape> shapes = List.of(Shape.of(-1, -1, format.channels()));
      List<Operand<?>> captured = loader.captured(tf);
      var indexes = tf.data.tensorSliceDataset(List.of(order), List.of(Shape.scalar()));
      var decoded =
          tf.data.parallelMapDataset(
              indexes,
              captured.subList(0, 1),
              tf.constant((long) Runtime.getRuntime().availableProcessors()),
              function(loader),
              types,
              shapes,
              ParallelMapDataset.deterministic("true"));
      var ahead = tf.data.prefetchDataset(decoded, tf.constant(AHEAD), types, shapes);
      var ready = tf.data.optionsDataset(ahead, Pipeline.OPTIONS, types, shapes);
      var iterator = tf.data.iterator("decoding", "", types, shapes);
      Op start = tf.data.makeIterator(ready, iterator);
      Operand<TUint8> next =
          tf.data
              .iteratorGetNext(iterator, types, shapes)
              .components()
              .get(0)
              .asOutput()
              .expect(TUint8.class);
      try (Session session = Sessions.open(graph, Precision.FLOAT32)) {
        int done = 0;
        while (done < files.size()) {
          try (Feeds feeds = new Feeds()) {
            long[] rest = LongStream.range(done, files.size()).toArray();
            opened.feed(feeds.make(order, TInt64.vectorOf(rest)));
            feeds.runner(session).addTarget(start).run().close();
          }
          done = deliver(session, next, done, sink);
        }
      }
    }
  }

  // Until the end, or until the first damaged image, after which a pass would be out of step.
  private int deliver(Session session, Operand<TUint8> next, int from, Sink sink)
      throws IOException {
    for (int index = from; index < files.size(); index++) {
      try (var result = session.runner().fetch(next).run()) {
        TUint8 image = (TUint8) result.get(0);
        byte[] pixels = new byte[(int) image.shape().size()];
        image.asRawTensor().data().read(pixels);
        sink.image((int) image.shape().get(0), (int) image.shape().get(1), pixels);
      } catch (TFResourceExhaustedException e) {
        throw e;
      } catch (RuntimeException e) {
        if (!TensorFlowErrors.isOne(e)) {
          throw e;
        }
        sink.damaged(FileDamage.of(files.paths().get(index)));
        return index + 1;
      }
    }
    return files.size();
  }

  private ConcreteFunction function(Loader loader) {
    return ConcreteFunction.create(
        tf -> {
          Placeholder<TInt64> index =
              tf.placeholder(TInt64.class, Placeholder.shape(Shape.scalar()));
          Placeholder<TString> paths =
              tf.placeholder(TString.class, Placeholder.shape(Shape.of(-1)));
          return Signature.builder("decode")
              .input("a_index", index)
              .input("b_paths", paths)
              .output("a_image", format.apply(tf, loader.read(tf, paths, index, format.needed(tf))))
              .build();
        });
  }
}
