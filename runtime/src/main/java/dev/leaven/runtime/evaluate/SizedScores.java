package dev.leaven.runtime.evaluate;

/**
 * How a model did on images of another size than it was trained on last.
 *
 * @param size the height and width of the input images, in pixels
 * @param scores its scores
 */
public record SizedScores(int size, Scores scores) {}
