package dev.leaven.runtime.train;

import dev.leaven.runtime.Task;
import dev.leaven.runtime.loss.Loss;
import dev.leaven.runtime.loss.SoftTargetCrossEntropy;
import dev.leaven.runtime.models.Architecture;
import dev.leaven.runtime.nn.Layers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/** A model and a loss that write down what reaches them in every step, from inside the graph. */
final class Recorder {

  private Recorder() {}

  record Net(String file) implements Architecture {
    @Override
    public Operand<TFloat32> logits(
        Layers layers, Operand<TFloat32> images, int channels, int classes) {
      return new TinyNet(2).logits(layers, written(layers.tf(), images, file), channels, classes);
    }

    @Override
    public String describe() {
      return "a model that writes down its images";
    }
  }

  record RecordingLoss(String file, Loss loss) implements Loss {
    RecordingLoss(String file) {
      this(file, new SoftTargetCrossEntropy());
    }

    @Override
    public Operand<TFloat32> perImage(Ops tf, Operand<TFloat32> logits, Operand<TFloat32> targets) {
      return loss.perImage(tf, logits, written(tf, targets, file));
    }

    @Override
    public Set<Task> tasks() {
      return loss.tasks();
    }

    @Override
    public String describe() {
      return "a loss that writes down its targets";
    }
  }

  private static Operand<TFloat32> written(Ops tf, Operand<TFloat32> values, String file) {
    var write = tf.io.writeFile(tf.constant(file), tf.io.serializeTensor(values));
    return tf.withControlDependencies(write).identity(values);
  }

  /** What was written last: the end of a serialized tensor is its elements. */
  static float[] read(Path file, int elements) {
    try {
      byte[] bytes = Files.readAllBytes(file);
      FloatBuffer floats =
          ByteBuffer.wrap(bytes, bytes.length - 4 * elements, 4 * elements)
              .order(ByteOrder.LITTLE_ENDIAN)
              .asFloatBuffer();
      float[] values = new float[elements];
      floats.get(values);
      return values;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
