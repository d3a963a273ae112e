package dev.leaven.runtime.evaluate;

import java.util.Optional;

/**
 * How a model did on one class.
 *
 * @param name the class
 * @param images how many images have it: its support
 * @param answered how many images were predicted as it
 * @param precision the fraction of the images predicted as it that have it; 0 when none were, as in
 *     scikit-learn
 * @param recall the fraction of the images that have it that were predicted as it; 0 when there are
 *     none
 * @param recallInterval where its true recall lies, by Wilson; empty without images
 * @param f1 the harmonic mean of both; 0 when either is
 * @param rocAuc against all other classes; empty when all images have it, or none
 * @param averagePrecision against all other classes; empty when no image has it
 */
public record ClassScores(
    String name,
    int images,
    int answered,
    double precision,
    double recall,
    Optional<Interval> recallInterval,
    double f1,
    Optional<Double> rocAuc,
    Optional<Double> averagePrecision) {}
