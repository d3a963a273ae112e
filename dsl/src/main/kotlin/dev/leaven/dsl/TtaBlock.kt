package dev.leaven.dsl

import dev.leaven.runtime.evaluate.TestTimeAugmentation

/**
 * The settings of test-time augmentation that may differ from fastai's defaults.
 *
 * ```kotlin
 * recipe {
 *     resize(224)
 *     tta { passes = 8; beta = 0.5 }
 * }
 * ```
 */
@RecipeLanguage
public class TtaBlock internal constructor() {
    /** Augmented views of each image, from 1 to 1000. Default: 4. */
    public var passes: Int = USUAL.passes()

    /** The weight of the plain view, from 0 to 1. Default: 0.25. */
    public var beta: Number = USUAL.beta()

    /** Whether the largest probability is used instead of the mean. Default: no. */
    public var max: Boolean = USUAL.max()

    /** See [TtaBlock.passes]. */
    public fun passes(passes: Int) {
        this.passes = passes
    }

    /** See [TtaBlock.beta]. */
    public fun beta(beta: Number) {
        this.beta = beta
    }

    /** See [TtaBlock.max]. */
    public fun max(max: Boolean = true) {
        this.max = max
    }

    internal fun tta(): TestTimeAugmentation = TestTimeAugmentation(passes, beta.toDouble(), max)

    private companion object {
        val USUAL = TestTimeAugmentation(4)
    }
}
