package dev.leaven.runtime.internal.run;

/**
 * The result of a training step.
 *
 * @param loss the mean loss of the batch
 * @param top1 the fraction of its images whose first class is right, weighted by the mix; 0 where
 *     images have no single class
 * @param waited seconds spent waiting for the batch
 * @param skipped whether the weights were left unchanged because a gradient was not finite
 */
public record StepResult(double loss, double top1, double waited, boolean skipped) {}
