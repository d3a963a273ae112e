package dev.leaven.runtime.plan;

import dev.leaven.runtime.loss.ClassWeights;
import dev.leaven.runtime.loss.LabelSmoothing;
import dev.leaven.runtime.loss.Loss;
import dev.leaven.runtime.loss.TargetScale;
import dev.leaven.runtime.mix.Mixing;
import java.util.Optional;

/**
 * The targets of a run's images: a part of its {@link Plan}.
 *
 * @param mixing how the images of a batch are mixed, if they are
 * @param mixOffForLast the number of epochs at the end of the run without mixing
 * @param smoothing how a label becomes a target
 * @param scale the unit in which numeric targets are learned, if they are numeric
 * @param classWeights the weight of an image of each class in training, if the weights differ
 * @param loss the loss to minimise
 */
public record TargetPlan(
    Optional<Mixing> mixing,
    int mixOffForLast,
    LabelSmoothing smoothing,
    Optional<TargetScale> scale,
    Optional<ClassWeights> classWeights,
    Loss loss) {}
