package dev.leaven.runtime.interpret;

import java.util.Optional;

/**
 * A look at an image that was answered badly, loaded anew.
 *
 * @param mistake which
 * @param heat the image and where in it the model found its answer, if it could be loaded
 * @param problem why it could not
 */
public record ExplainedMistake(Mistake mistake, Optional<HeatMap> heat, Optional<String> problem) {}
