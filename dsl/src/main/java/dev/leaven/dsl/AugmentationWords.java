package dev.leaven.dsl;

import dev.leaven.runtime.transform.Brightness;
import dev.leaven.runtime.transform.Contrast;
import dev.leaven.runtime.transform.Dihedral;
import dev.leaven.runtime.transform.GaussianBlur;
import dev.leaven.runtime.transform.Geometry;
import dev.leaven.runtime.transform.Lighting;
import dev.leaven.runtime.transform.RandomPerspective;
import dev.leaven.runtime.transform.Rotate;
import dev.leaven.runtime.transform.Warp;
import dev.leaven.runtime.transform.Zoom;
import java.util.function.UnaryOperator;

/**
 * The words for the geometry and lighting of training images, which an {@link Augmentation} has
 * too.
 *
 * @param <R> what a word returns: the changed value, or nothing in a Kotlin block
 */
@CheckReturnValue
public interface AugmentationWords<R> {

  /**
   * Rotates training images about their centre. Default: 0, and 10° with {@link
   * ImageWords#augment()}.
   *
   * @param maxDegrees the largest angle in either direction, from 0 to 180
   * @return the changed value
   * @throws IllegalArgumentException when it is outside its range
   */
  default R rotate(Number maxDegrees) {
    return geometry(new Rotate(maxDegrees.doubleValue()));
  }

  /**
   * Enlarges training images. Default: not at all, and from 1 to 1.1 with {@link
   * ImageWords#augment()}.
   *
   * @param min the smallest factor, from 0.1
   * @param max the largest factor, at most 10
   * @return the changed value
   * @throws IllegalArgumentException when one is outside its range
   */
  default R zoom(Number min, Number max) {
    return geometry(new Zoom(min.doubleValue(), max.doubleValue()));
  }

  /**
   * Shows training images in perspective. Default: 0, and 0.2 with {@link ImageWords#augment()}.
   *
   * @param magnitude how far a corner moves, in halves of the image size, from 0 to 0.4
   * @return the changed value
   * @throws IllegalArgumentException when it is outside its range
   */
  default R warp(Number magnitude) {
    return geometry(new Warp(magnitude.doubleValue()));
  }

  /**
   * Moves the corners of every second training image inward: {@link RandomPerspective}. Default:
   * none.
   *
   * @param distortion how far at most, in halves of the image size, from 0 to 0.5; 0.5 is usual
   * @return the changed value
   * @throws IllegalArgumentException when it is outside its range
   */
  default R perspective(Number distortion) {
    return geometry(new RandomPerspective(distortion.doubleValue()));
  }

  /**
   * Changes the brightness and contrast of training images. Default: 0, and 0.2 with {@link
   * ImageWords#augment()}.
   *
   * @param maxChange how far, from 0 to 0.99
   * @return the changed value
   * @throws IllegalArgumentException when it is outside its range
   */
  default R lighting(Number maxChange) {
    double most = maxChange.doubleValue();
    return augmentation(
        augmentation -> augmentation.with(new Brightness(most)).with(new Contrast(most)));
  }

  /**
   * Changes the light or colours of training images in any other way, for instance {@code new
   * Hue(0.1)}.
   *
   * @param technique replaces another one of its class
   * @return the changed value
   */
  default R lighting(Lighting technique) {
    return augmentation(augmentation -> augmentation.with(technique));
  }

  /**
   * Rotates and mirrors training images in the 8 symmetries of a square, for pictures without an up
   * and down. It replaces the flip, unless the recipe has one too. Default: 0.
   *
   * @param probability from 0 to 1; 0.5 is usual
   * @return the changed value
   * @throws IllegalArgumentException when it is outside its range
   */
  default R dihedral(Number probability) {
    return geometry(new Dihedral(probability.doubleValue()));
  }

  /**
   * Moves the pixels of training images in any other way, for instance {@code new Shear(10)}.
   *
   * @param technique replaces another one of its class
   * @return the changed value
   */
  default R geometry(Geometry technique) {
    return augmentation(augmentation -> augmentation.with(technique));
  }

  /**
   * Blurs every second training image: {@link GaussianBlur}, from 0.1 pixels. Default: none.
   *
   * @param maxSigma the largest standard deviation in pixels, from 0.1 to 5; 2 is usual
   * @return the changed value
   * @throws IllegalArgumentException when it is outside its range
   */
  default R gaussianBlur(Number maxSigma) {
    return lighting(new GaussianBlur(maxSigma.doubleValue()));
  }

  /**
   * Changes the techniques in any way. All other methods go through this one.
   *
   * @param change maps an augmentation to another one
   * @return the changed value
   */
  R augmentation(UnaryOperator<Augmentation> change);
}
