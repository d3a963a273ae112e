package dev.leaven.runtime.nn;

import dev.leaven.runtime.graph.Initializer;
import dev.leaven.runtime.graph.Kernels;
import dev.leaven.runtime.graph.Precision;
import dev.leaven.runtime.graph.Randomness;
import dev.leaven.runtime.graph.Variable;
import dev.leaven.runtime.graph.Variables;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/**
 * One branch of a graph, for training or for inference, that {@link Layer}s are applied to.
 *
 * <p>Layers have PyTorch's padding, initialisation and normalization, in the order batch, height,
 * width, channels. Variables are named after their layer; PyTorch's names for the same layer are
 * used, so that weights can be carried over. A branch reads each variable once.
 *
 * <p>Operations without a layer are written with {@link #tf()}, {@link #variable} and {@link
 * #update}.
 */
public final class Layers {

  private final Ops tf;
  private final Variables variables;
  private final boolean training;
  private final @Nullable Randomness randomness;
  private final Predicate<String> frozenNorms;
  private final Map<Variable, Operand<TFloat32>> offsets;
  private final Precision precision;
  private final boolean knowsGroups;
  private final Map<Variable, Operand<TFloat32>> reads = new LinkedHashMap<>();
  private final List<Op> updates = new ArrayList<>();
  private final List<BuiltLayer> built = new ArrayList<>();
  private @Nullable Operand<TFloat32> pooled;

  /**
   * Layers for one branch that draws no random numbers.
   *
   * @param tf where the operations go
   * @param variables the variables shared by all branches
   * @param training whether batch norms use and record the batch's statistics; dropout and
   *     stochastic depth are then rejected
   */
  public Layers(Ops tf, Variables variables, boolean training) {
    this(
        tf,
        variables,
        training,
        null,
        norm -> false,
        Map.of(),
        Precision.FLOAT32,
        processKnowsGroups());
  }

  /**
   * Layers for training.
   *
   * @param tf where the operations go
   * @param variables the variables shared by all branches
   * @param randomness determines what dropout and stochastic depth drop, by the layer's name
   */
  public Layers(Ops tf, Variables variables, Randomness randomness) {
    this(tf, variables, randomness, norm -> false);
  }

  /**
   * Layers for training with some frozen batch norms, which work as in inference.
   *
   * @param tf where the operations go
   * @param variables the variables shared by all branches
   * @param randomness determines what dropout and stochastic depth drop, by the layer's name
   * @param frozenNorms returns by a layer's name whether it is frozen
   */
  public Layers(Ops tf, Variables variables, Randomness randomness, Predicate<String> frozenNorms) {
    this(
        tf,
        variables,
        true,
        randomness,
        frozenNorms,
        Map.of(),
        Precision.FLOAT32,
        processKnowsGroups());
  }

  private Layers(
      Ops tf,
      Variables variables,
      boolean training,
      @Nullable Randomness randomness,
      Predicate<String> frozenNorms,
      Map<Variable, Operand<TFloat32>> offsets,
      Precision precision,
      boolean knowsGroups) {
    this.tf = tf;
    this.variables = variables;
    this.training = training;
    this.randomness = randomness;
    this.frozenNorms = frozenNorms;
    this.offsets = Map.copyOf(offsets);
    this.precision = precision;
    this.knowsGroups = knowsGroups;
  }

  /**
   * Layers for the same branch once more, at weights with offsets added: dropout and stochastic
   * depth leave out the same.
   *
   * @param at where the operations go
   * @param offsets what is added to a variable wherever it is read
   * @return new layers
   */
  public Layers perturbed(Ops at, Map<Variable, Operand<TFloat32>> offsets) {
    Layers layers =
        new Layers(
            at, variables, training, randomness, frozenNorms, offsets, precision, knowsGroups);
    // Read once for both: this branch may be recording new ones while that one runs.
    reads.forEach(
        (variable, read) -> {
          if (!variable.kind().trained()) {
            layers.reads.put(variable, read);
          }
        });
    return layers;
  }

  /**
   * The same layers, not used yet, for a session of some precision. In float16, and on a GPU in
   * bfloat16, convolutions and products are computed between casts; on a CPU the session inserts
   * those of bfloat16. All that goes in and comes out stays float32.
   *
   * @param precision that of the session; not {@link Precision#AUTO}
   * @return new layers
   */
  public Layers in(Precision precision) {
    return new Layers(
        tf, variables, training, randomness, frozenNorms, offsets, precision, knowsGroups);
  }

  /**
   * The same layers, not used yet, for a graph that is run elsewhere, with whatever kernels
   * TensorFlow has there. Cost: convolutions in groups compute the products of all channels.
   *
   * @return new layers
   */
  public Layers portable() {
    return new Layers(tf, variables, training, randomness, frozenNorms, offsets, precision, false);
  }

  private static boolean processKnowsGroups() {
    return Kernels.ofProcess().filter(kernels -> kernels != Kernels.PLAIN).isPresent();
  }

  /**
   * The graph's operations, for everything without a layer.
   *
   * @return operations of the same graph and scope
   */
  public Ops tf() {
    return tf;
  }

  /**
   * Whether the branch trains.
   *
   * @return false for inference
   */
  public boolean training() {
    return training;
  }

  /**
   * The layers in the order of their making.
   *
   * @return not to be changed
   */
  public List<BuiltLayer> built() {
    return List.copyOf(built);
  }

  /**
   * The last features that have a place in the image: what the last pool over height and width was
   * given, or without such a pool the last layer's output of rank 4.
   *
   * @return {@code [batch, height, width, channels]}
   * @throws IllegalStateException when the branch has no such layer
   */
  public Operand<TFloat32> features() {
    if (pooled != null) {
      return pooled;
    }
    for (int i = built.size() - 1; i >= 0; i--) {
      if (built.get(i).output().shape().numDimensions() == 4) {
        return built.get(i).output();
      }
    }
    throw new IllegalStateException("the model has no layer of height and width");
  }

  /**
   * The trained variables that the branch read, each with the operand that reads it: what a loss is
   * differentiated by.
   *
   * @return in the order of their use
   */
  public Map<Variable, Operand<TFloat32>> trained() {
    Map<Variable, Operand<TFloat32>> trained = new LinkedHashMap<>(reads);
    trained.keySet().removeIf(variable -> !variable.kind().trained());
    return trained;
  }

  /**
   * The operations that record running statistics; they belong to every training step.
   *
   * @return empty for inference
   */
  public List<Op> updates() {
    return List.copyOf(updates);
  }

  /**
   * Applies a layer.
   *
   * @param name the layer's name, unique in the model; its variables are named after it
   * @param layer the layer
   * @param x the input
   * @return the output
   * @throws IllegalArgumentException when the layer does not fit the input
   */
  public Operand<TFloat32> apply(String name, Layer layer, Operand<TFloat32> x) {
    return layer.apply(this, name, x);
  }

  /**
   * Applies a layer that needs no name: an activation or a pool.
   *
   * @param layer a layer without variables and random numbers
   * @param x the input
   * @return the output
   * @throws IllegalArgumentException when the layer needs a name
   */
  public Operand<TFloat32> apply(Layer layer, Operand<TFloat32> x) {
    return layer.apply(this, "", x);
  }

  /**
   * The number of channels of a layer's input: the size of the last axis.
   *
   * @param name the layer's name, for the message
   * @param x {@code [batch, …, channels]}
   * @return at least 1
   * @throws IllegalArgumentException when the graph does not know the number
   */
  public int channels(String name, Operand<TFloat32> x) {
    int rank = x.shape().numDimensions();
    if (rank < 1 || x.shape().get(rank - 1) == Shape.UNKNOWN_SIZE) {
      throw new IllegalArgumentException(
          "%s: the shape of the input, %s, does not tell the number of channels; give it with tf.ensureShape"
              .formatted(name, x.shape()));
    }
    return Math.toIntExact(x.shape().get(rank - 1));
  }

  /**
   * A variable of a layer.
   *
   * @param name unique in the model
   * @param shape all sizes known
   * @param kind what it is for
   * @param initial how it begins
   * @return the variable; {@link #read} gives its value
   */
  public Variable variable(String name, Shape shape, Variable.Kind kind, Initializer initial) {
    named(name);
    return variables.get(name, shape, kind, initial);
  }

  /**
   * The value of a variable, read once for the branch.
   *
   * @param variable a variable of {@link #variable}
   * @return its value
   */
  public Operand<TFloat32> read(Variable variable) {
    return reads.computeIfAbsent(
        variable,
        v -> {
          Operand<TFloat32> offset = offsets.get(v);
          return offset == null ? v.read(tf) : tf.math.add(v.read(tf), offset);
        });
  }

  /**
   * Adds an operation to every training step, for instance one that records a statistic.
   *
   * @param operation of a branch that trains
   */
  public void update(Op operation) {
    updates.add(operation);
  }

  /**
   * Records a layer as built, for summaries.
   *
   * @param name the layer's name
   * @param what a readable description of the layer
   * @param output the layer's output
   * @param own the layer's variables
   * @param multiplyAddsPerPosition multiplications with an addition, for each output position
   * @return {@code output}
   */
  public Operand<TFloat32> record(
      String name,
      String what,
      Operand<TFloat32> output,
      List<Variable> own,
      long multiplyAddsPerPosition) {
    built.add(new BuiltLayer(name, what, output, List.copyOf(own), multiplyAddsPerPosition));
    return output;
  }

  Variable undecayed(String name, int size, double initial) {
    return variable(name, Shape.of(size), Variable.Kind.UNDECAYED, Initializer.constant(initial));
  }

  Variable statistic(String name, int size, double initial) {
    return variable(name, Shape.of(size), Variable.Kind.STATISTIC, Initializer.constant(initial));
  }

  // Two layers without a name would share their variables and random numbers.
  private static void named(String name) {
    if (name.isEmpty() || name.startsWith(".")) {
      throw new IllegalArgumentException(
          "a layer with variables or random numbers needs a name: layers.apply(name, layer, x)");
    }
  }

  boolean isFrozen(String norm) {
    return frozenNorms.test(norm);
  }

  boolean knowsGroups() {
    return knowsGroups;
  }

  Products products() {
    return new Products(precision);
  }

  void pools(Operand<TFloat32> features) {
    pooled = features;
  }

  /** Makes elements zero, each of {@code shape} with a probability, and divides the others. */
  Operand<TFloat32> drop(
      String name, String purpose, Operand<TFloat32> x, Operand<TInt32> shape, double rate) {
    named(name);
    if (randomness == null) {
      throw new IllegalStateException(
          "%s %s needs random numbers to train: make the layers with a Randomness"
              .formatted(purpose, name));
    }
    float kept = (float) (1 - rate);
    Ops at = tf.withSubScope(name);
    Operand<TFloat32> mask =
        at.math.floor(
            at.math.add(
                randomness.purpose(purpose + " " + name).uniform(shape), at.constant(kept)));
    return at.math.mul(x, at.stopGradient(at.math.div(mask, at.constant(kept))));
  }

  static Operand<TInt32> border(Ops tf, int width) {
    return tf.constant(new int[][] {{0, 0}, {width, width}, {width, width}, {0, 0}});
  }
}
