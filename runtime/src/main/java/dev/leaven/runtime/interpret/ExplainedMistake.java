package dev.leaven.runtime.interpret;

import java.util.Optional;

/**
 * An image with a bad prediction, loaded again.
 *
 * @param mistake the mistake
 * @param heat the image and the places in it that led to the model's prediction, if it could be
 *     loaded
 * @param problem why it could not
 */
public record ExplainedMistake(Mistake mistake, Optional<HeatMap> heat, Optional<String> problem) {}
