package dev.leaven.runtime.mix;

import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

/**
 * A batch on its way to the model.
 *
 * @param images normalised images, {@code [batch, height, width, channels]}
 * @param targets the target of each image, not smoothed, {@code [batch, outputs]}: a distribution
 *     over the classes, 0 or 1 for each class, or numbers in the unit in which they are learned
 */
public record Batch(Operand<TFloat32> images, Operand<TFloat32> targets) {}
