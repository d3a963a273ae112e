package dev.leaven.runtime.internal.step;

import dev.leaven.runtime.graph.Variable;
import dev.leaven.runtime.graph.Variables;
import dev.leaven.runtime.models.Architecture;
import dev.leaven.runtime.optimize.GroupRates;
import dev.leaven.runtime.optimize.Optimizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** The parameter group of each of a model's weights. */
final class ParameterGroups {

  private static final String STATISTIC = "running_mean";

  private final Architecture model;
  private final Variables variables;

  /**
   * The groups of a model.
   *
   * @param model defines its groups
   * @param variables the variables of a graph in which the model is built
   */
  ParameterGroups(Architecture model, Variables variables) {
    this.model = model;
    this.variables = variables;
  }

  /** Whether a batch norm is frozen, by the layer's name; the model need not be built. */
  boolean freezes(GroupRates rates, String norm) {
    return group(norm + ".") < rates.groupsWithFrozenNorms();
  }

  /** The weights that learn, each with its group's factor; the model must be built. */
  List<Optimizer.Update> learning(List<Optimizer.Update> updates, GroupRates rates) {
    Set<String> norms = norms();
    List<Optimizer.Update> learning = new ArrayList<>();
    for (Optimizer.Update update : updates) {
      String name = update.variable().name();
      String layer = name.substring(0, Math.max(0, name.lastIndexOf('.')));
      int group = group(name);
      if (norms.contains(layer) ? !freezes(rates, layer) : group >= rates.frozen()) {
        learning.add(
            new Optimizer.Update(update.variable(), update.gradient(), rates.factors().get(group)));
      }
    }
    return learning;
  }

  private Set<String> norms() {
    return variables.of(kind -> kind == Variable.Kind.STATISTIC).stream()
        .map(Variable::name)
        .filter(name -> name.endsWith("." + STATISTIC))
        .map(name -> name.substring(0, name.length() - STATISTIC.length() - 1))
        .collect(Collectors.toSet());
  }

  private int group(String name) {
    List<List<String>> groups = model.parameterGroups();
    for (int i = 0; i < groups.size(); i++) {
      if (groups.get(i).stream().anyMatch(name::startsWith)) {
        return i;
      }
    }
    throw new IllegalStateException(
        "%s: none of its parameter groups has the variable '%s'".formatted(model.describe(), name));
  }
}
