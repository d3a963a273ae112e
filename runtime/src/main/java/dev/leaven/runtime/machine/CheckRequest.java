package dev.leaven.runtime.machine;

import dev.leaven.runtime.graph.Precision;
import dev.leaven.runtime.models.Architecture;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * What a check is asked for. It travels as JSON to the process that computes.
 *
 * @param precisions in their order
 * @param usual whether to check {@link ModelLayers#usual}
 * @param model whose layers to check
 * @param known what needs no check: the texts of {@link #known}
 * @param speed whether to compare the time in bfloat16 with that in float32
 * @param alone whether each layer has a graph of its own, so that the one that ends the process is
 *     known
 */
record CheckRequest(
    List<Precision> precisions,
    boolean usual,
    Optional<Model> model,
    List<String> known,
    boolean speed,
    boolean alone) {

  /**
   * A model to be built.
   *
   * @param architecture a technique that the process can load
   * @param channels of its images
   * @param classes its outputs
   * @param sizes of its images, in pixels
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

  /** The layers of a model, but for those whose results are known. */
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

  /** The rest of it, each layer alone. */
  CheckRequest rest(List<Precision> precisions, Collection<String> found) {
    List<String> all = new ArrayList<>(known);
    all.addAll(found);
    return new CheckRequest(precisions, usual, model, all, speed, true);
  }
}
