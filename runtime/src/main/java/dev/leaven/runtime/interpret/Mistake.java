package dev.leaven.runtime.interpret;

import java.nio.file.Path;
import java.util.Optional;

/**
 * An image with a bad prediction.
 *
 * @param row its row in the predictions
 * @param image its number in the samples
 * @param file its path, if it is a file
 * @param output the most wrong output: the predicted class where images have one class each, else
 *     the class or number whose prediction is furthest from the target
 * @param loss the loss against the target as it is
 */
public record Mistake(int row, int image, Optional<Path> file, int output, double loss) {}
