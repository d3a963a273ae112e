package dev.leaven.dsl

import dev.leaven.runtime.transform.Erasing
import dev.leaven.runtime.transform.Geometry
import dev.leaven.runtime.transform.Lighting
import dev.leaven.runtime.transform.Policy

/**
 * What the block of a [recipe] may say of how training images are changed.
 *
 * ```kotlin
 * recipe {
 *     resize(128)
 *     augment { rotate = 15 }
 *     dihedral(0.5)
 *     erase(0.25)
 * }
 * ```
 */
public sealed interface AugmentWords : Words {
    /** See [Recipe.flip]. */
    public fun flip(probability: Number): Unit = say { it.flip(probability.toDouble()) }

    /** See [Recipe.noFlip]. */
    public fun noFlip(): Unit = say { it.noFlip() }

    /** See [Recipe.augment]; the block says what differs from its defaults: `augment { rotate = 15 }`. */
    public fun augment(block: AugmentBlock.() -> Unit = {}): Unit =
        AugmentBlock().apply(block).let { said -> say { recipe -> recipe.augment(said::on) } }

    /** See [Recipe.rotate]. */
    public fun rotate(maxDegrees: Number): Unit = say { it.rotate(maxDegrees.toDouble()) }

    /** See [Recipe.zoom]. */
    public fun zoom(
        min: Number,
        max: Number,
    ): Unit = say { it.zoom(min.toDouble(), max.toDouble()) }

    /** See [Recipe.warp]. */
    public fun warp(magnitude: Number): Unit = say { it.warp(magnitude.toDouble()) }

    /** See [Recipe.lighting]. */
    public fun lighting(maxChange: Number): Unit = say { it.lighting(maxChange.toDouble()) }

    /** See [Recipe.lighting]. */
    public fun lighting(technique: Lighting): Unit = say { it.lighting(technique) }

    /** See [Recipe.dihedral]. */
    public fun dihedral(probability: Number): Unit = say { it.dihedral(probability.toDouble()) }

    /** See [Recipe.geometry]. */
    public fun geometry(technique: Geometry): Unit = say { it.geometry(technique) }

    /** See [Recipe.randAugment]. */
    public fun randAugment(): Unit = say { it.randAugment() }

    /** See [Recipe.randAugment]. */
    public fun randAugment(
        numOps: Int,
        magnitude: Int,
    ): Unit = say { it.randAugment(numOps, magnitude) }

    /** See [Recipe.trivialAugment]. */
    public fun trivialAugment(): Unit = say { it.trivialAugment() }

    /** See [Recipe.autoAugment]. */
    public fun autoAugment(): Unit = say { it.autoAugment() }

    /** See [Recipe.policy]. */
    public fun policy(policy: Policy): Unit = say { it.policy(policy) }

    /** See [Recipe.gaussianBlur]. */
    public fun gaussianBlur(maxSigma: Number): Unit = say { it.gaussianBlur(maxSigma.toDouble()) }

    /** See [Recipe.erase]. */
    public fun erase(probability: Number): Unit = say { it.erase(probability.toDouble()) }

    /** See [Recipe.erase]. */
    public fun erase(erasing: Erasing): Unit = say { it.erase(erasing) }

    /** See [Recipe.cutout]. */
    public fun cutout(): Unit = say { it.cutout() }

    /** See [Recipe.cutout]. */
    public fun cutout(share: Number): Unit = say { it.cutout(share.toDouble()) }
}
