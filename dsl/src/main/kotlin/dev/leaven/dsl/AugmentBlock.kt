package dev.leaven.dsl

import dev.leaven.runtime.transform.Geometry
import dev.leaven.runtime.transform.Lighting

/**
 * What [AugmentWords.augment] may say otherwise than fastai's defaults; null leaves the default.
 *
 * ```kotlin
 * recipe {
 *     resize(128)
 *     augment {
 *         rotate = 15
 *         zoom = 1.0..1.3
 *         lighting(0.4)
 *         geometry(Shear(10.0))
 *     }
 * }
 * ```
 */
@RecipeLanguage
public class AugmentBlock internal constructor() {
    /** The largest angle in degrees either way, from 0 to 180. Default: 10. */
    public var rotate: Number? = null

    /** The factors of enlargement, within 0.1 and 10. Default: `1.0..1.1`. */
    public var zoom: ClosedFloatingPointRange<Double>? = null

    /** How far a corner moves in perspective, from 0 to 0.4. Default: 0.2. */
    public var warp: Number? = null

    /** How far brightness and contrast change, from 0 to 0.99. Default: 0.2. */
    public var lighting: Number? = null

    /** The probability of the 8 ways of a square instead of the flip, from 0 to 1. Default: 0. */
    public var dihedral: Number? = null

    private val more = mutableListOf<(Augmentation) -> Augmentation>()

    /** See [AugmentBlock.rotate]. */
    public fun rotate(maxDegrees: Number) {
        rotate = maxDegrees
    }

    /** See [AugmentBlock.zoom]. */
    public fun zoom(
        min: Number,
        max: Number,
    ) {
        zoom = min.toDouble()..max.toDouble()
    }

    /** See [AugmentBlock.warp]. */
    public fun warp(magnitude: Number) {
        warp = magnitude
    }

    /** See [AugmentBlock.lighting]. */
    public fun lighting(maxChange: Number) {
        lighting = maxChange
    }

    /** See [AugmentBlock.dihedral]. */
    public fun dihedral(probability: Number) {
        dihedral = probability
    }

    /** See [Augmentation.geometry]. */
    public fun geometry(technique: Geometry) {
        more += { it.geometry(technique) }
    }

    /** See [Augmentation.lighting]. */
    public fun lighting(technique: Lighting) {
        more += { it.lighting(technique) }
    }

    internal fun on(usual: Augmentation): Augmentation {
        var said = usual
        rotate?.let { said = said.rotate(it.toDouble()) }
        zoom?.let { said = said.zoom(it.start, it.endInclusive) }
        warp?.let { said = said.warp(it.toDouble()) }
        lighting?.let { said = said.lighting(it.toDouble()) }
        dihedral?.let { said = said.dihedral(it.toDouble()) }
        return more.fold(said) { before, change -> change(before) }
    }
}
