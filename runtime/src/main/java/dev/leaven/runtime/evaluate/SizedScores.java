package dev.leaven.runtime.evaluate;

/**
 * How a model did on images of another size than it was trained on last.
 *
 * @param size the side that the model saw, in pixels
 * @param scores its scores
 */
public record SizedScores(int size, Scores scores) {}
