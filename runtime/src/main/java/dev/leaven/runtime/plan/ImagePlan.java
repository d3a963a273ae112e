package dev.leaven.runtime.plan;

import dev.leaven.runtime.transform.Erasing;
import dev.leaven.runtime.transform.Geometry;
import dev.leaven.runtime.transform.ItemResize;
import dev.leaven.runtime.transform.Lighting;
import dev.leaven.runtime.transform.Policy;
import java.util.List;
import java.util.Optional;

/**
 * What happens to an image on its way to the model: a part of a {@link Plan}.
 *
 * @param itemResize how an image becomes square while it is loaded
 * @param geometry what is composed into one interpolation per image, in order
 * @param policy which operations each image gets of its own, if any
 * @param lighting how light and colours change, in order
 * @param erasing what is covered after normalization, if anything is
 */
public record ImagePlan(
    ItemResize itemResize,
    List<Geometry> geometry,
    Optional<Policy> policy,
    List<Lighting> lighting,
    Optional<Erasing> erasing) {

  /** Takes the lists as they are now. */
  public ImagePlan {
    geometry = List.copyOf(geometry);
    lighting = List.copyOf(lighting);
  }
}
