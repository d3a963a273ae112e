package dev.leaven.runtime.machine;

import dev.leaven.runtime.TechniqueJson;
import dev.leaven.runtime.graph.Kernels;
import dev.leaven.runtime.graph.Precision;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The layers of a model, looked up in the stored results of a machine: layers that models share are
 * checked once.
 */
final class CheckedModel {

  private final Kernels kernels;
  private final List<Precision> precisions;
  private final CheckRequest.Model model;
  private final String json;

  CheckedModel(Kernels kernels, List<Precision> precisions, Workload workload) {
    this.kernels = kernels;
    this.precisions = List.copyOf(precisions);
    this.model =
        new CheckRequest.Model(
            workload.model(), workload.channels(), workload.classes(), workload.sizes());
    this.json = TechniqueJson.write(model);
  }

  /** Whether the known results of the model are enough to decide. */
  boolean isIn(KnownMachine machine) {
    return precisions.stream()
        .map(precision -> machine.models().get(named(precision, json)))
        .allMatch(
            layers ->
                layers != null
                    && (layers.stream().allMatch(machine.layers()::containsKey)
                        || layers.stream().anyMatch(layer -> isLast(machine, layer))));
  }

  // After a layer that crashed the process, or did not finish, the following layers are not
  // checked.
  private static boolean isLast(KnownMachine machine, String layer) {
    Finding finding = machine.layers().get(layer);
    return finding != null
        && (finding.kind() == Finding.Kind.DIED || finding.kind() == Finding.Kind.TIMED_OUT);
  }

  /**
   * Checks the layers without a known result.
   *
   * @return the results of the machine after the check
   * @throws IOException as {@link Checker#check} does
   */
  KnownMachine checked(KnownMachine machine, Checker checker) throws IOException {
    CheckReply reply =
        checker.check(kernels, CheckRequest.of(model, precisions, alreadyKnown(machine)));
    Map<String, Finding> found = new HashMap<>();
    Map<String, List<String>> models = new HashMap<>();
    for (Precision precision : precisions) {
      Map<String, Finding> findings = reply.findings(precision);
      findings.forEach((key, finding) -> found.put(named(precision, key), finding));
      List<String> layers = new ArrayList<>(reply.layers(precision));
      if (findings.containsKey(CheckReply.TOGETHER)) {
        layers.add(CheckReply.TOGETHER);
      }
      models.put(
          named(precision, json), layers.stream().map(key -> named(precision, key)).toList());
    }
    return machine.with(found, models);
  }

  private List<String> alreadyKnown(KnownMachine machine) {
    List<String> known = new ArrayList<>();
    for (Precision precision : precisions) {
      String prefix = named(precision, "");
      machine.layers().keySet().stream()
          .filter(layer -> layer.startsWith(prefix))
          .map(layer -> CheckRequest.known(precision, layer.substring(prefix.length())))
          .forEach(known::add);
    }
    return known;
  }

  /** The worst finding of the model's layers in each precision. */
  Map<Precision, Finding> worst(KnownMachine machine) {
    Map<Precision, Finding> worst = new HashMap<>();
    for (Precision precision : precisions) {
      List<String> layers = machine.models().get(named(precision, json));
      List<Finding> findings = new ArrayList<>();
      if (layers.isEmpty()) {
        findings.add(Finding.unchecked("none of the model's layers could be checked"));
      }
      for (String layer : layers) {
        Finding unknown = Finding.unchecked("a layer of this model was not checked");
        findings.add(machine.layers().getOrDefault(layer, unknown));
      }
      worst.put(precision, Finding.worst(findings));
    }
    return worst;
  }

  /** The results for a model that has no JSON form, or that could not be checked. */
  static Map<Precision, Finding> unchecked(List<Precision> precisions, String reason) {
    Map<Precision, Finding> unknown = new HashMap<>();
    precisions.forEach(precision -> unknown.put(precision, Finding.unchecked(reason)));
    return unknown;
  }

  private String named(Precision precision, String what) {
    return "%s %s %s".formatted(kernels, precision, what);
  }
}
