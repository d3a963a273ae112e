/**
 * Trains models: the {@link dev.leaven.runtime.train.Trainer} executes a plan, {@link
 * dev.leaven.runtime.train.TrainedModel} evaluates the trained model, and the learning rate finder
 * and the preview run parts of a plan.
 */
@NullMarked
package dev.leaven.runtime.train;

import org.jspecify.annotations.NullMarked;
