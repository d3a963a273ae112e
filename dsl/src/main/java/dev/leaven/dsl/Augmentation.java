package dev.leaven.dsl;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.leaven.runtime.transform.Brightness;
import dev.leaven.runtime.transform.Contrast;
import dev.leaven.runtime.transform.Dihedral;
import dev.leaven.runtime.transform.GaussianBlur;
import dev.leaven.runtime.transform.Geometry;
import dev.leaven.runtime.transform.Grayscale;
import dev.leaven.runtime.transform.Hue;
import dev.leaven.runtime.transform.Lighting;
import dev.leaven.runtime.transform.Rotate;
import dev.leaven.runtime.transform.Saturation;
import dev.leaven.runtime.transform.Shear;
import dev.leaven.runtime.transform.Translate;
import dev.leaven.runtime.transform.Warp;
import dev.leaven.runtime.transform.Zoom;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * How training images are moved and lit, besides the crop and the flip, which every recipe has.
 *
 * <pre>{@code
 * resize(224).augment(a -> a.rotate(15).lighting(0.4))
 * }</pre>
 *
 * <p>An immutable value: every method returns a new one. Of each technique there is one, the last
 * that was said; they are kept in an order of their own, so that it does not matter in which they
 * are said. A technique with a strength of 0 is left out when the recipe is planned.
 *
 * @param geometry what moves pixels, in the order in which it is composed
 * @param lighting what changes light and colours, in order
 */
@CheckReturnValue
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Augmentation(List<Geometry> geometry, List<Lighting> lighting) {

  private static final List<Class<?>> ORDER =
      List.of(
          Dihedral.class,
          Warp.class,
          Rotate.class,
          Zoom.class,
          Shear.class,
          Translate.class,
          Brightness.class,
          Contrast.class,
          Saturation.class,
          Hue.class,
          Grayscale.class,
          GaussianBlur.class);

  /** Puts the techniques into their order; those of a user's own come last, as they were said. */
  public Augmentation {
    // A JSON text may lack them.
    geometry = geometry == null ? List.of() : sorted(geometry);
    lighting = lighting == null ? List.of() : sorted(lighting);
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
   * Says the techniques of fastai's {@code aug_transforms} with its defaults, each with a
   * probability of 0.75: warp by up to 0.2, rotate by up to 10°, zoom by up to 1.1, brightness and
   * contrast changed by up to 0.2.
   *
   * @return a new value
   */
  public Augmentation usual() {
    return warp(0.2).rotate(10).zoom(1, 1.1).lighting(0.2);
  }

  /**
   * Turns images about their centre: {@link Rotate}.
   *
   * @param maxDegrees the largest angle either way, from 0 to 180
   * @return a new value
   * @throws IllegalArgumentException when it is outside its range
   */
  public Augmentation rotate(double maxDegrees) {
    return geometry(new Rotate(maxDegrees));
  }

  /**
   * Enlarges images: {@link Zoom}.
   *
   * @param min the smallest factor, from 0.1
   * @param max the largest factor, at most 10
   * @return a new value
   * @throws IllegalArgumentException when one is outside its range
   */
  public Augmentation zoom(double min, double max) {
    return geometry(new Zoom(min, max));
  }

  /**
   * Shows images in perspective: {@link Warp}.
   *
   * @param magnitude how far a corner moves, in halves of the side, from 0 to 0.4
   * @return a new value
   * @throws IllegalArgumentException when it is outside its range
   */
  public Augmentation warp(double magnitude) {
    return geometry(new Warp(magnitude));
  }

  /**
   * Turns and mirrors images in the 8 ways of a square, instead of the flip: {@link Dihedral}.
   *
   * @param probability from 0 to 1
   * @return a new value
   * @throws IllegalArgumentException when it is outside its range
   */
  public Augmentation dihedral(double probability) {
    return geometry(new Dihedral(probability));
  }

  /**
   * Changes brightness and contrast: {@link Brightness} and {@link Contrast}.
   *
   * @param maxChange how far, from 0 to 0.99
   * @return a new value
   * @throws IllegalArgumentException when it is outside its range
   */
  public Augmentation lighting(double maxChange) {
    return lighting(new Brightness(maxChange)).lighting(new Contrast(maxChange));
  }

  /**
   * Moves pixels in any way, with any probability, for instance {@code new Shear(10)}.
   *
   * @param technique takes the place of another one of its class
   * @return a new value
   */
  public Augmentation geometry(Geometry technique) {
    return new Augmentation(with(geometry, technique), lighting);
  }

  /**
   * Changes light or colours in any way, with any probability, for instance {@code new Hue(0.1)}.
   *
   * @param technique takes the place of another one of its class
   * @return a new value
   */
  public Augmentation lighting(Lighting technique) {
    return new Augmentation(geometry, with(lighting, technique));
  }

  /** Whether another one has the same techniques as this one, of whatever parameters. */
  boolean sameKinds(Augmentation other) {
    return kinds(geometry).equals(kinds(other.geometry))
        && kinds(lighting).equals(kinds(other.lighting));
  }

  private static List<Class<?>> kinds(List<?> techniques) {
    return techniques.stream().<Class<?>>map(Object::getClass).toList();
  }

  private static <T> List<T> with(List<T> techniques, T added) {
    List<T> changed = new ArrayList<>(techniques);
    changed.removeIf(other -> other.getClass() == added.getClass());
    changed.add(added);
    return changed;
  }

  private static <T> List<T> sorted(List<T> techniques) {
    return techniques.stream().sorted(Comparator.comparingInt(Augmentation::place)).toList();
  }

  private static int place(Object technique) {
    int place = ORDER.indexOf(technique.getClass());
    return place < 0 ? ORDER.size() : place;
  }
}
