package dev.leaven.runtime.plan;

import dev.leaven.runtime.loss.ClassWeights;
import dev.leaven.runtime.loss.LabelSmoothing;
import dev.leaven.runtime.loss.Loss;
import dev.leaven.runtime.loss.TargetScale;
import dev.leaven.runtime.mix.Mixing;
import java.util.Optional;

/**
 * What a run learns for each image: a part of its {@link Plan}.
 *
 * @param mixing how images of a batch are mixed, if they are
 * @param mixOffForLast the epochs at the end of the run in which nothing is mixed
 * @param smoothing how a label becomes a target
 * @param scale the unit in which numeric targets are learned, if they are numeric
 * @param classWeights how much an image of each class counts in training, if not all alike
 * @param loss what is minimised
 */
public record TargetPlan(
    Optional<Mixing> mixing,
    int mixOffForLast,
    LabelSmoothing smoothing,
    Optional<TargetScale> scale,
    Optional<ClassWeights> classWeights,
    Loss loss) {}
