package dev.leaven.runtime.plan;

import dev.leaven.runtime.models.Architecture;
import dev.leaven.runtime.transform.Normalize;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The model that a run trains: a part of its {@link Plan}.
 *
 * @param architecture its layers
 * @param pretrained the file with the initial weights, if they are not random
 * @param normalize the normalization statistics of these weights
 */
public record ModelPlan(
    Architecture architecture, Optional<Path> pretrained, Normalize normalize) {}
