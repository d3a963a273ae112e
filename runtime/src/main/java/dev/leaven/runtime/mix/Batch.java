package dev.leaven.runtime.mix;

import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

/**
 * A batch on its way to the model.
 *
 * @param images normalised images, {@code [batch, height, width, channels]}
 * @param targets the distribution over the classes that each image should get, {@code [batch,
 *     classes]}
 */
public record Batch(Operand<TFloat32> images, Operand<TFloat32> targets) {}
