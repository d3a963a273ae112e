package dev.leaven.dsl

import dev.leaven.runtime.data.Sampling
import dev.leaven.runtime.loss.Loss
import dev.leaven.runtime.mix.Mixing

/**
 * What the block of a [recipe] may say of mixing, of targets and of the loss.
 *
 * ```kotlin
 * recipe {
 *     resize(128)
 *     mixup(0.2)
 *     mixOffForLast(1)
 *     labelSmoothing(0.1)
 * }
 * ```
 */
public sealed interface TargetWords : Words {
    /** See [Recipe.mixup]. */
    public fun mixup(): Unit = say { it.mixup() }

    /** See [Recipe.mixup]. */
    public fun mixup(alpha: Number): Unit = say { it.mixup(alpha.toDouble()) }

    /** See [Recipe.cutmix]. */
    public fun cutmix(): Unit = say { it.cutmix() }

    /** See [Recipe.cutmix]. */
    public fun cutmix(alpha: Number): Unit = say { it.cutmix(alpha.toDouble()) }

    /** See [Recipe.mixupOrCutmix]. */
    public fun mixupOrCutmix(): Unit = say { it.mixupOrCutmix() }

    /** See [Recipe.mixupOrCutmix]. */
    public fun mixupOrCutmix(
        mixupAlpha: Number,
        cutmixAlpha: Number,
        odds: Number,
    ): Unit = say { it.mixupOrCutmix(mixupAlpha.toDouble(), cutmixAlpha.toDouble(), odds.toDouble()) }

    /** See [Recipe.mixing]. */
    public fun mixing(mixing: Mixing): Unit = say { it.mixing(mixing) }

    /** See [Recipe.mixOffForLast]. */
    public fun mixOffForLast(epochs: Int): Unit = say { it.mixOffForLast(epochs) }

    /** See [Recipe.labelSmoothing]. */
    public fun labelSmoothing(epsilon: Number): Unit = say { it.labelSmoothing(epsilon.toDouble()) }

    /** See [Recipe.loss]. */
    public fun loss(loss: Loss): Unit = say { it.loss(loss) }

    /** See [Recipe.classWeights]. */
    public fun classWeights(): Unit = say { it.classWeights() }

    /** See [Recipe.classWeights]. */
    public fun classWeights(vararg weights: Number): Unit = say { it.classWeights(*weights.map(Number::toDouble).toDoubleArray()) }

    /** See [Recipe.balanced]. */
    public fun balanced(): Unit = say { it.balanced() }

    /** See [Recipe.repeat]. */
    public fun repeat(times: Int): Unit = say { it.repeat(times) }

    /** See [Recipe.sampling]. */
    public fun sampling(sampling: Sampling): Unit = say { it.sampling(sampling) }
}
