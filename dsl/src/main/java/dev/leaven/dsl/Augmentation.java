package dev.leaven.dsl;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.leaven.runtime.Technique;
import dev.leaven.runtime.transform.Geometry;
import dev.leaven.runtime.transform.Lighting;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToIntFunction;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * The geometry and lighting of training images, besides the crop and the flip, which every recipe
 * has.
 *
 * <pre>{@code
 * resize(224).augment(a -> a.rotate(15).lighting(0.4))
 * }</pre>
 *
 * <p>An immutable value: every method returns a new one. Each technique occurs once, as the last
 * one added; they are kept in the order of {@link Geometry#order} and {@link Lighting#order}. A
 * technique with a strength of 0 is left out when the recipe is planned.
 *
 * @param geometry what moves pixels, in the order in which it is composed
 * @param lighting what changes light and colours, in order
 */
@CheckReturnValue
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Augmentation(List<Geometry> geometry, List<Lighting> lighting)
    implements AugmentationWords<Augmentation> {

  /**
   * Puts the techniques into their order; a user's own techniques come last, in the order in which
   * they were added.
   */
  public Augmentation {
    // A JSON text may lack them.
    geometry = geometry == null ? List.of() : sorted(geometry, Geometry::order);
    lighting = lighting == null ? List.of() : sorted(lighting, Lighting::order);
  }

  /**
   * No augmentation.
   *
   * @return an augmentation to add to
   */
  public static Augmentation none() {
    return new Augmentation(List.of(), List.of());
  }

  /**
   * Adds the techniques of fastai's {@code aug_transforms} with its defaults, each with a
   * probability of 0.75: warp by up to 0.2, rotate by up to 10°, zoom by up to 1.1, brightness and
   * contrast changed by up to 0.2.
   *
   * @return a new value
   */
  public Augmentation usual() {
    return warp(0.2).rotate(10).zoom(1, 1.1).lighting(0.2);
  }

  @Override
  public Augmentation augmentation(UnaryOperator<Augmentation> change) {
    return change.apply(this);
  }

  Augmentation with(Geometry technique) {
    return new Augmentation(with(geometry, technique), lighting);
  }

  Augmentation with(Lighting technique) {
    return new Augmentation(geometry, with(lighting, technique));
  }

  /** The techniques in their order. */
  List<Technique> techniques() {
    return Stream.<Technique>concat(geometry.stream(), lighting.stream()).toList();
  }

  private static <T> List<T> with(List<T> techniques, T added) {
    List<T> changed = new ArrayList<>(techniques);
    changed.removeIf(other -> other.getClass() == added.getClass());
    changed.add(added);
    return changed;
  }

  private static <T> List<T> sorted(List<T> techniques, ToIntFunction<T> order) {
    return techniques.stream().sorted(Comparator.comparingInt(order)).toList();
  }
}
