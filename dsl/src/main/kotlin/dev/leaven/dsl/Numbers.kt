@file:JvmName("WholeNumbers")

package dev.leaven.dsl

// Whole numbers where Java takes them for a double: Kotlin does not turn 15 into 15.0 by itself.

/** See [Recipe.learningRate]. */
public fun Recipe.learningRate(learningRate: Number): Recipe = learningRate(learningRate.toDouble())

/** See [Recipe.discriminative]. */
public fun Recipe.discriminative(
    low: Number,
    high: Number,
): Recipe = discriminative(low.toDouble(), high.toDouble())

/** See [Recipe.fineTune]. */
public fun Recipe.fineTune(
    epochs: Int,
    learningRate: Number,
): Recipe = fineTune(epochs, learningRate.toDouble())

/** See [Recipe.randomResizedCrop]. */
public fun Recipe.randomResizedCrop(minScale: Number): Recipe = randomResizedCrop(minScale.toDouble())

/** See [Recipe.flip]. */
public fun Recipe.flip(probability: Number): Recipe = flip(probability.toDouble())

/**
 * See [Recipe.rotate].
 *
 * ```kotlin
 * resize(128).rotate(15).zoom(1, 1.2).clipGradients(1).ema(2)
 * ```
 */
public fun Recipe.rotate(maxDegrees: Number): Recipe = rotate(maxDegrees.toDouble())

/** See [Recipe.zoom]. */
public fun Recipe.zoom(
    min: Number,
    max: Number,
): Recipe = zoom(min.toDouble(), max.toDouble())

/** See [Recipe.warp]. */
public fun Recipe.warp(magnitude: Number): Recipe = warp(magnitude.toDouble())

/** See [Recipe.lighting]. */
public fun Recipe.lighting(maxChange: Number): Recipe = lighting(maxChange.toDouble())

/** See [Recipe.dihedral]. */
public fun Recipe.dihedral(probability: Number): Recipe = dihedral(probability.toDouble())

/** See [Recipe.gaussianBlur]. */
public fun Recipe.gaussianBlur(maxSigma: Number): Recipe = gaussianBlur(maxSigma.toDouble())

/** See [Recipe.erase]. */
public fun Recipe.erase(probability: Number): Recipe = erase(probability.toDouble())

/** See [Recipe.cutout]. */
public fun Recipe.cutout(share: Number): Recipe = cutout(share.toDouble())

/** See [Recipe.mixup]. */
public fun Recipe.mixup(alpha: Number): Recipe = mixup(alpha.toDouble())

/** See [Recipe.cutmix]. */
public fun Recipe.cutmix(alpha: Number): Recipe = cutmix(alpha.toDouble())

/** See [Recipe.mixupOrCutmix]. */
public fun Recipe.mixupOrCutmix(
    mixupAlpha: Number,
    cutmixAlpha: Number,
    odds: Number,
): Recipe = mixupOrCutmix(mixupAlpha.toDouble(), cutmixAlpha.toDouble(), odds.toDouble())

/** See [Recipe.labelSmoothing]. */
public fun Recipe.labelSmoothing(epsilon: Number): Recipe = labelSmoothing(epsilon.toDouble())

/** See [Recipe.classWeights]. */
public fun Recipe.classWeights(vararg weights: Number): Recipe = classWeights(*weights.map(Number::toDouble).toDoubleArray())

/** See [Recipe.weightDecay]. */
public fun Recipe.weightDecay(weightDecay: Number): Recipe = weightDecay(weightDecay.toDouble())

/** See [Recipe.clipGradients]. */
public fun Recipe.clipGradients(maxNorm: Number): Recipe = clipGradients(maxNorm.toDouble())

/** See [Recipe.ema]. */
public fun Recipe.ema(halfLife: Number): Recipe = ema(halfLife.toDouble())

/** See [Recipe.timeLimit]. */
public fun Recipe.timeLimit(minutes: Number): Recipe = timeLimit(minutes.toDouble())

/** See [StageSpec.learningRate]. */
public fun StageSpec.learningRate(learningRate: Number): StageSpec = learningRate(learningRate.toDouble())

/** See [StageSpec.discriminative]. */
public fun StageSpec.discriminative(
    low: Number,
    high: Number,
): StageSpec = discriminative(low.toDouble(), high.toDouble())

/** See [Augmentation.rotate]. */
public fun Augmentation.rotate(maxDegrees: Number): Augmentation = rotate(maxDegrees.toDouble())

/** See [Augmentation.zoom]. */
public fun Augmentation.zoom(
    min: Number,
    max: Number,
): Augmentation = zoom(min.toDouble(), max.toDouble())

/** See [Augmentation.warp]. */
public fun Augmentation.warp(magnitude: Number): Augmentation = warp(magnitude.toDouble())

/** See [Augmentation.dihedral]. */
public fun Augmentation.dihedral(probability: Number): Augmentation = dihedral(probability.toDouble())

/** See [Augmentation.lighting]. */
public fun Augmentation.lighting(maxChange: Number): Augmentation = lighting(maxChange.toDouble())
