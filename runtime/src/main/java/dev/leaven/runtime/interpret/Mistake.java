package dev.leaven.runtime.interpret;

import java.nio.file.Path;
import java.util.Optional;

/**
 * An image that a model answered badly.
 *
 * @param row of the predictions that speaks of it
 * @param image its number in the samples
 * @param file where it is, if it is a file
 * @param output what was answered most wrongly: the class that was answered where images have one
 *     class each, else the class or number whose answer is furthest from what is right
 * @param loss against the target as it is
 */
public record Mistake(int row, int image, Optional<Path> file, int output, double loss) {}
