package dev.leaven.runtime.export;

import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.TensorProto;
import org.tensorflow.proto.TensorShapeProto;

/**
 * A graph that holds the values of its variables. TensorFlow Java's own exporter leaves resource
 * variables behind, so the graph is frozen here: each read of a variable becomes a constant.
 *
 * <p>Batch norms that follow a convolution are folded into its weights: with {@code s = γ/√(σ²+ε)},
 * {@code w' = w·s} and a bias of {@code β - μ·s}. Weights that are stored with fewer bits become
 * variables again; the graph sets their float32 values once, when it is loaded.
 */
final class FrozenGraph {

  private static final String PREFIX = "weights/";
  private static final int FEWEST_QUANTIZED = 1024;

  private final GraphDef original;
  private final Map<String, NodeDef.Builder> nodes = new LinkedHashMap<>();
  private final Map<String, Weights> weights = new LinkedHashMap<>();
  private final Map<String, Integer> uses = new HashMap<>();
  private final Set<String> assignments = new HashSet<>();
  private final Set<String> folded = new HashSet<>();

  /**
   * Freezes a graph and folds its norms.
   *
   * @param original the graph with variables
   * @param values gives a variable's values by its name
   */
  FrozenGraph(GraphDef original, Function<String, Weights> values) {
    this.original = original;
    Map<String, String> handles = new HashMap<>();
    Map<String, String> reads = new HashMap<>();
    for (NodeDef node : original.getNodeList()) {
      switch (node.getOp()) {
        case "VarHandleOp" -> {
          String variable = node.getAttrOrThrow("shared_name").getS().toStringUtf8();
          handles.put(node.getName(), variable);
          weights.put(variable, values.apply(variable));
        }
        case "ReadVariableOp" -> reads.put(node.getName(), PREFIX + handles.get(node.getInput(0)));
        default -> nodes.put(node.getName(), node.toBuilder());
      }
    }
    for (NodeDef.Builder node : nodes.values()) {
      for (int i = 0; i < node.getInputCount(); i++) {
        String read = reads.get(node.getInput(i));
        if (read != null) {
          node.setInput(i, read);
        }
        uses.merge(node.getInput(i), 1, Integer::sum);
      }
    }
    nodes.values().stream()
        .filter(node -> node.getOp().equals("FusedBatchNormV3"))
        .toList()
        .forEach(this::fold);
  }

  /** The number of norms that were folded into a convolution. */
  int folded() {
    return folded.size();
  }

  private void fold(NodeDef.Builder norm) {
    NodeDef.Builder convolution = nodes.get(norm.getInput(0));
    if (convolution == null
        || norm.getAttrOrThrow("is_training").getB()
        || uses.getOrDefault(norm.getInput(0), 0) != 1
        || uses.keySet().stream().anyMatch(input -> input.startsWith(norm.getName() + ":"))) {
      return;
    }
    Optional<NodeDef.Builder> filter = filter(convolution);
    if (filter.isEmpty()
        || norm.getInputList().stream().skip(1).anyMatch(input -> !input.startsWith(PREFIX))) {
      return;
    }
    int place = filter.get() == convolution ? 1 : 0;
    String kernel = filter.get().getInput(place).substring(PREFIX.length());
    float[] scale = values(norm, 1);
    float[] shift = values(norm, 2);
    float[] mean = values(norm, 3);
    float[] variance = values(norm, 4);
    double epsilon = norm.getAttrOrThrow("epsilon").getF();
    double[] factors = new double[scale.length];
    float[] bias = new float[scale.length];
    for (int i = 0; i < factors.length; i++) {
      factors[i] = scale[i] / Math.sqrt(variance[i] + epsilon);
      bias[i] = (float) (shift[i] - mean[i] * factors[i]);
    }
    String own = norm.getInput(1).substring(PREFIX.length());
    String scaledName = "folded/" + kernel + "/" + own;
    String biasName = "folded/" + own + "/bias";
    weights.put(scaledName, weights.get(kernel).scaled(factors));
    weights.put(biasName, Weights.of(bias));
    filter.get().setInput(place, PREFIX + scaledName);
    nodes.put(
        norm.getName(),
        NodeDef.newBuilder()
            .setName(norm.getName())
            .setOp("BiasAdd")
            .addInput(norm.getInput(0))
            .addInput(PREFIX + biasName)
            .putAttr("T", type(DataType.DT_FLOAT))
            .putAttr("data_format", text("NHWC")));
    folded.add(own);
  }

  // The node that reads the variable: the convolution, the reshape of a depthwise filter, or the
  // copies that the filter of a grouped convolution is multiplied from.
  private Optional<NodeDef.Builder> filter(NodeDef.Builder convolution) {
    boolean depthwise = convolution.getOp().equals("DepthwiseConv2dNative");
    if (!depthwise && !convolution.getOp().equals("Conv2D")) {
      return Optional.empty();
    }
    String input = convolution.getInput(1);
    if (input.startsWith(PREFIX)) {
      return Optional.of(convolution);
    }
    NodeDef.Builder maker = nodes.get(input);
    if (!depthwise && maker != null && maker.getOp().equals("Mul") && uses.get(input) == 1) {
      input = maker.getInput(0);
      maker = nodes.get(input);
    }
    return maker != null
            && maker.getOp().equals(depthwise ? "Reshape" : "Tile")
            && maker.getInput(0).startsWith(PREFIX)
            && uses.get(input) == 1
        ? Optional.of(maker)
        : Optional.empty();
  }

  private float[] values(NodeDef.Builder node, int input) {
    return weights.get(node.getInput(input).substring(PREFIX.length())).values();
  }

  /**
   * The graph with its weights.
   *
   * @param outputs the names of the operations that are fetched
   * @param stored how the weights are stored in it
   * @param initializer the name of the operation that must run once before all others, created if
   *     it is needed
   */
  GraphDef graph(Collection<String> outputs, WeightPrecision stored, String initializer) {
    weights.forEach((name, value) -> store(PREFIX + name, value, stored));
    if (!assignments.isEmpty()) {
      Set<String> needed = reached(outputs);
      NodeDef.Builder group = node(initializer, "NoOp");
      assignments.stream()
          .filter(name -> needed.contains(nodes.get(name).getInput(0)))
          .sorted()
          .forEach(name -> group.addInput("^" + name));
    }
    Set<String> kept =
        reached(
            assignments.isEmpty()
                ? outputs
                : List.copyOf(new HashSet<>(plus(outputs, initializer))));
    GraphDef.Builder graph =
        GraphDef.newBuilder().setVersions(original.getVersions()).setLibrary(original.getLibrary());
    nodes.forEach(
        (name, node) -> {
          if (kept.contains(name)) {
            graph.addNode(node);
          }
        });
    return graph.build();
  }

  private static Set<String> plus(Collection<String> names, String name) {
    Set<String> all = new HashSet<>(names);
    all.add(name);
    return all;
  }

  private void store(String name, Weights value, WeightPrecision stored) {
    if (value.shape().length < 2
        || stored == WeightPrecision.FLOAT32
        || (stored == WeightPrecision.FLOAT16 && !value.fitsHalf())
        || (stored == WeightPrecision.DYNAMIC && value.values().length < FEWEST_QUANTIZED)) {
      constant(name, DataType.DT_FLOAT, value.shape(), floats(value.values()));
      return;
    }
    String restored;
    if (stored == WeightPrecision.FLOAT16) {
      constant(name + "/stored", DataType.DT_HALF, value.shape(), halves(value.values()));
      restored = cast(name, DataType.DT_HALF);
    } else {
      float[] scales = value.scales();
      ByteString bytes = ByteString.copyFrom(value.quantized(scales));
      constant(name + "/stored", DataType.DT_INT8, value.shape(), bytes);
      constant(name + "/scales", DataType.DT_FLOAT, new long[] {scales.length}, floats(scales));
      restored = name + "/scaled";
      node(restored, "Mul")
          .addInput(cast(name, DataType.DT_INT8))
          .addInput(name + "/scales")
          .putAttr("T", type(DataType.DT_FLOAT));
    }
    node(name + "/variable", "VarHandleOp")
        .putAttr("dtype", type(DataType.DT_FLOAT))
        .putAttr("shape", AttrValue.newBuilder().setShape(shape(value.shape())).build())
        .putAttr("shared_name", text(name))
        .putAttr("container", text(""));
    node(name + "/assign", "AssignVariableOp")
        .addInput(name + "/variable")
        .addInput(restored)
        .putAttr("dtype", type(DataType.DT_FLOAT));
    node(name, "ReadVariableOp")
        .addInput(name + "/variable")
        .putAttr("dtype", type(DataType.DT_FLOAT));
    assignments.add(name + "/assign");
  }

  private String cast(String name, DataType from) {
    node(name + "/cast", "Cast")
        .addInput(name + "/stored")
        .putAttr("SrcT", type(from))
        .putAttr("DstT", type(DataType.DT_FLOAT));
    return name + "/cast";
  }

  private void constant(String name, DataType type, long[] shape, ByteString content) {
    TensorProto value =
        TensorProto.newBuilder()
            .setDtype(type)
            .setTensorShape(shape(shape))
            .setTensorContent(content)
            .build();
    node(name, "Const")
        .putAttr("dtype", type(type))
        .putAttr("value", AttrValue.newBuilder().setTensor(value).build());
  }

  private NodeDef.Builder node(String name, String operation) {
    NodeDef.Builder node = NodeDef.newBuilder().setName(name).setOp(operation);
    nodes.put(name, node);
    return node;
  }

  // Everything that the given operations need.
  private Set<String> reached(Collection<String> from) {
    Set<String> reached = new HashSet<>();
    Deque<String> waiting = new ArrayDeque<>(from);
    while (!waiting.isEmpty()) {
      String name = waiting.remove();
      if (reached.add(name)) {
        for (String input : nodes.get(name).getInputList()) {
          String source = input.startsWith("^") ? input.substring(1) : input;
          int colon = source.indexOf(':');
          waiting.add(colon < 0 ? source : source.substring(0, colon));
        }
      }
    }
    return reached;
  }

  private static ByteString floats(float[] values) {
    ByteBuffer bytes =
        ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    return ByteString.copyFrom(bytes);
  }

  private static ByteString halves(float[] values) {
    ByteBuffer bytes =
        ByteBuffer.allocate(values.length * Short.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (float value : values) {
      bytes.putShort(Weights.half(value));
    }
    return ByteString.copyFrom(bytes.flip());
  }

  private static TensorShapeProto shape(long[] sizes) {
    TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
    for (long size : sizes) {
      shape.addDim(TensorShapeProto.Dim.newBuilder().setSize(size));
    }
    return shape.build();
  }

  private static AttrValue type(DataType type) {
    return AttrValue.newBuilder().setType(type).build();
  }

  private static AttrValue text(String text) {
    return AttrValue.newBuilder().setS(ByteString.copyFromUtf8(text)).build();
  }
}
