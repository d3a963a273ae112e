package dev.leaven.runtime.evaluate;

/**
 * How a model did on one of the numbers that it estimates.
 *
 * @param name the number
 * @param rmse the root of the mean squared error, in its unit
 * @param mae the mean absolute error, in its unit
 * @param medianError the median absolute error, in its unit
 * @param r2 the fraction of its variance that is explained: 1 at best, 0 for always predicting its
 *     mean; where it does not vary, 1 if it is predicted exactly and 0 if not, as in scikit-learn
 */
public record NumberScores(String name, double rmse, double mae, double medianError, double r2) {}
