package dev.leaven.runtime.run;

import dev.leaven.runtime.plan.Stage;

/**
 * The result of one optimizer step.
 *
 * @param step counted from 1 within the epoch
 * @param ofRun counted from 1 over all epochs
 * @param stage its stage
 * @param loss the optimised loss of its batches, a finite number
 * @param smoothedLoss the running mean of the loss since the epoch began or was resumed
 * @param learningRate the learning rate of the step
 */
public record StepReport(
    int step, long ofRun, Stage stage, double loss, double smoothedLoss, double learningRate) {}
