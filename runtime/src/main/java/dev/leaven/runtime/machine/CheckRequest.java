package dev.leaven.runtime.machine;

import dev.leaven.runtime.graph.Precision;
import dev.leaven.runtime.models.Architecture;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * The request of a check. It is sent as JSON to the process that computes.
 *
 * @param precisions in their order
 * @param usual whether to check {@link ModelLayers#usual}
 * @param model the model whose layers to check
 * @param known the layers that need no check: the texts of {@link #known}
 * @param speed whether to compare the time in bfloat16 with that in float32
 * @param alone whether each layer has a graph of its own, so that a layer that ends the process can
 *     be identified
 */
record CheckRequest(
    List<Precision> precisions,
    boolean usual,
    Optional<Model> model,
    List<String> known,
    boolean speed,
    boolean alone) {

  /**
   * A model to build.
   *
   * @param architecture a technique that the process can load
   * @param channels the channels of its images
   * @param classes the number of its outputs
   * @param sizes the sizes of its images, in pixels
   */
  record Model(Architecture architecture, int channels, int classes, List<Integer> sizes) {}

  CheckRequest {
    precisions = List.copyOf(precisions);
    known = List.copyOf(known);
  }

  /** The layers that models are made of, and the speed. */
  static CheckRequest ofMachine() {
    return new CheckRequest(
        List.of(Precision.FLOAT32, Precision.BFLOAT16),
        true,
        Optional.empty(),
        List.of(),
        true,
        false);
  }

  /** The layers of a model, except those whose results are known. */
  static CheckRequest of(Model model, List<Precision> precisions, Collection<String> known) {
    return new CheckRequest(
        precisions, false, Optional.of(model), List.copyOf(known), false, false);
  }

  static String known(Precision precision, String key) {
    return precision + " " + key;
  }

  boolean knows(Precision precision, LayerShape shape) {
    return known.contains(known(precision, shape.key()));
  }

  /** The remaining layers, each alone. */
  CheckRequest rest(List<Precision> precisions, Collection<String> found) {
    List<String> all = new ArrayList<>(known);
    all.addAll(found);
    return new CheckRequest(precisions, usual, model, all, speed, true);
  }
}
