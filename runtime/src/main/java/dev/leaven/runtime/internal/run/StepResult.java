package dev.leaven.runtime.internal.run;

/**
 * What a training step gave.
 *
 * @param loss the mean loss of the batch
 * @param top1 the fraction of its images whose first class is right, weighted by the mix; 0 where
 *     images have no single class
 * @param waited seconds spent waiting for the batch
 * @param skipped whether the weights were left as they are because a gradient was not finite
 */
public record StepResult(double loss, double top1, double waited, boolean skipped) {}
