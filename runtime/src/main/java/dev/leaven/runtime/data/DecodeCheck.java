package dev.leaven.runtime.data;

import dev.leaven.runtime.graph.TensorFlowErrors;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.tensorflow.Graph;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.image.DecodeImage;
import org.tensorflow.types.TString;
import org.tensorflow.types.TUint8;

/**
 * Finds the file behind a failed step. TensorFlow's message does not name it, so the files that
 * were being loaded are decoded once more, one by one.
 */
public final class DecodeCheck {

  private DecodeCheck() {}

  /**
   * Decodes files until one fails.
   *
   * @param files all files
   * @param order which to try, in order
   * @param from where in that order to begin
   * @param most try no more than this many
   * @return a sentence that names the file and what is wrong with it; null if all can be decoded
   */
  public static @Nullable String firstUndecodable(
      Samples.Files files, int[] order, int from, int most) {
    try (Graph graph = new Graph();
        Session session = new Session(graph)) {
      Ops tf = Ops.create(graph);
      Placeholder<TString> path = tf.placeholder(TString.class, Placeholder.shape(Shape.scalar()));
      var image =
          tf.image.decodeImage(
              tf.io.readFile(path),
              TUint8.class,
              DecodeImage.channels(3L),
              DecodeImage.expandAnimations(false));
      for (int i = from; i < Math.min(from + most, order.length); i++) {
        Path file = files.paths().get(order[i]);
        try (TString name = TString.scalarOf(file.toString());
            var result = session.runner().feed(path, name).fetch(image).run()) {
          result.size();
        } catch (RuntimeException e) {
          if (!TensorFlowErrors.isOne(e)) {
            throw e;
          }
          return "%s cannot be decoded: it is damaged or cut off".formatted(file);
        }
      }
    }
    return null;
  }
}
