package dev.leaven.runtime.internal.tensorflow;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.tensorflow.DeviceSpec;
import org.tensorflow.Graph;
import org.tensorflow.Operation;
import org.tensorflow.OperationBuilder;
import org.tensorflow.op.Scope;

/**
 * The scope of a graph's operations: the prefix of their names, their device, and their control
 * dependencies.
 *
 * <p>Names are those of TensorFlow's own scopes: {@code name}, {@code name_1}, {@code name_2}. All
 * scopes with a common origin share the full names they have given out, and check a single name at
 * a time in the graph: so they know the operations that {@code addGradients} and {@code
 * importGraphDef} have added since, without a list of them.
 */
final class GraphScope implements Scope {

  private final Graph graph;
  private final Map<String, Integer> next;
  private final String prefix;
  private final @Nullable String operation;
  private final List<Operation> controls;
  private final String device;
  private final boolean init;

  GraphScope(Graph graph) {
    this(graph, new HashMap<>(), "", null, List.of(), "", false);
  }

  private GraphScope(
      Graph graph,
      Map<String, Integer> next,
      String prefix,
      @Nullable String operation,
      List<Operation> controls,
      String device,
      boolean init) {
    this.graph = graph;
    this.next = next;
    this.prefix = prefix;
    this.operation = operation;
    this.controls = controls;
    this.device = device;
    this.init = init;
  }

  @Override
  public Graph env() {
    return graph;
  }

  // As in TensorFlow, a name that was set for an operation goes to the scope instead.
  @Override
  public Scope withSubScope(String name) {
    String inside = makeOpName(name) + "/";
    return new GraphScope(graph, next, inside, null, controls, device, init);
  }

  // TensorFlow's own scope refuses this below the first level, and there uses up a name for
  // nothing.
  @Override
  public Scope withNameAsSubScope(String defaultName) {
    return withSubScope(defaultName);
  }

  @Override
  public Scope withName(String name) {
    return new GraphScope(graph, next, prefix, valid(name), controls, device, init);
  }

  @Override
  public Scope withDevice(DeviceSpec spec) {
    return new GraphScope(graph, next, prefix, operation, controls, spec.toString(), init);
  }

  @Override
  public Scope withInitScope() {
    return new GraphScope(graph, next, prefix, operation, List.of(), device, true);
  }

  @Override
  public Scope withControlDependencyOps(Iterable<Operation> operations) {
    List<Operation> waitedFor = new ArrayList<>();
    for (Operation control : operations) {
      graph.checkInput(control);
      boolean initializer = graph.isInitializer(control);
      if (init && !initializer) {
        throw new IllegalArgumentException(
            "%s does not belong to the graph's initialization, and what does cannot wait for it"
                .formatted(control.name()));
      }
      if (init || !initializer) {
        waitedFor.add(control);
      }
    }
    return new GraphScope(graph, next, prefix, operation, waitedFor, device, init);
  }

  @Override
  public String makeOpName(String defaultName) {
    valid(defaultName);
    return unique(prefix + (operation == null ? defaultName : operation));
  }

  @Override
  public String makeUnique(String id) {
    return unique(prefix + id).substring(prefix.length());
  }

  /** Nothing to do: the graph is checked whenever a name is made. */
  @Override
  public void refreshNames() {}

  @Override
  public OperationBuilder apply(OperationBuilder builder) {
    if (!device.isEmpty()) {
      builder.setDevice(device);
    }
    for (Operation control : controls) {
      // It may have become one since.
      if (init || !graph.isInitializer(control)) {
        builder.addControlInput(control);
      }
    }
    return builder;
  }

  @Override
  public String getDeviceString() {
    return device;
  }

  @Override
  public boolean isInit() {
    return init;
  }

  private String unique(String wanted) {
    int number = next.getOrDefault(wanted, 0);
    String name = numbered(wanted, number);
    while (graph.operation(name) != null) {
      number++;
      name = numbered(wanted, number);
    }
    next.put(wanted, number + 1);
    return name;
  }

  private static String numbered(String name, int number) {
    return number == 0 ? name : name + "_" + number;
  }

  private static String valid(String name) {
    if (!Scope.isValidOpName(name)) {
      throw new IllegalArgumentException(
          "'%s' cannot name an operation: names have letters, digits, '_', '-' and '.', and begin"
                  .formatted(name)
              + " with a letter, a digit or '.'");
    }
    return name;
  }
}
