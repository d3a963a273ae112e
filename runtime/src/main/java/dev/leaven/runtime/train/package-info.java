/**
 * Trains: the {@link dev.leaven.runtime.train.Trainer} carries out a plan, {@link
 * dev.leaven.runtime.train.TrainedModel} evaluates what it trained, and the learning rate finder
 * and the preview run parts of it.
 */
@NullMarked
package dev.leaven.runtime.train;

import org.jspecify.annotations.NullMarked;
