package dev.leaven.runtime.plan;

import dev.leaven.runtime.transform.Erasing;
import dev.leaven.runtime.transform.Geometry;
import dev.leaven.runtime.transform.ItemResize;
import dev.leaven.runtime.transform.Lighting;
import dev.leaven.runtime.transform.Policy;
import java.util.List;
import java.util.Optional;

/**
 * The processing of an image before the model: a part of a {@link Plan}.
 *
 * @param itemResize how an image becomes square while it is loaded
 * @param geometry the geometric transforms, composed into one interpolation per image, in order
 * @param policy draws other operations for each image, if any
 * @param lighting the changes of light and colour, in order
 * @param erasing what is covered after normalization, if anything is
 */
public record ImagePlan(
    ItemResize itemResize,
    List<Geometry> geometry,
    Optional<Policy> policy,
    List<Lighting> lighting,
    Optional<Erasing> erasing) {

  /** Copies the lists. */
  public ImagePlan {
    geometry = List.copyOf(geometry);
    lighting = List.copyOf(lighting);
  }
}
