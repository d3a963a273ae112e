package dev.leaven.dsl

/**
 * What the block of a [recipe] may say: the methods of [Recipe], which has their ranges and defaults.
 *
 * Stages are begun by [resize] and [then]; the other words are of the whole run, in any order, and
 * the last word wins. They are ordered by what they speak of: [ImageWords], [AugmentWords],
 * [TargetWords], [StepWords] and [RunWords].
 *
 * ```kotlin
 * recipe {
 *     resize(224) { epochs = 10; learningRate = 1e-3 }
 *     model(resnet50())
 *     augment { rotate = 15 }
 *     optimizer { adamW(); weightDecay = 0.05 }
 *     schedule { cosine(); warmUp(1) }
 * }
 * ```
 */
@RecipeLanguage
public class RecipeBlock internal constructor(
    private var stages: Recipe? = null,
) : ImageWords,
    AugmentWords,
    TargetWords,
    StepWords,
    RunWords {
    private val rest = mutableListOf<(Recipe) -> Recipe>()

    /**
     * The first stage: square images of [size] pixels.
     *
     * ```kotlin
     * recipe {
     *     resize(128) { epochs = 4 }
     * }
     * ```
     */
    public fun resize(
        size: Int,
        block: StageBlock.() -> Unit = {},
    ) {
        require(stages == null) { "resize: it begins a recipe and is said once; say then($size) for the next stage" }
        stages = Recipe.resize(size) { StageBlock().apply(block).on(it) }
    }

    /**
     * A further stage: square images of [size] pixels.
     *
     * ```kotlin
     * recipe {
     *     resize(128)
     *     then(224) { epochs = 2; learningRate = 1e-3 }
     * }
     * ```
     */
    public fun then(
        size: Int,
        block: StageBlock.() -> Unit = {},
    ) {
        val before = requireNotNull(stages) { "then: a recipe begins with resize; say resize($size) first" }
        stages = before.then(size) { StageBlock().apply(block).on(it) }
    }

    /** See [Recipe.fineTune]; it speaks of the latest stage. */
    public fun fineTune(epochs: Int) {
        stages = begun("fineTune").fineTune(epochs)
    }

    /** See [Recipe.fineTune]; it speaks of the latest stage. */
    public fun fineTune(
        epochs: Int,
        learningRate: Number,
    ) {
        stages = begun("fineTune").fineTune(epochs, learningRate.toDouble())
    }

    // Checked at once on a recipe of no account, so that a wrong value is refused on its own line.
    override fun say(change: (Recipe) -> Recipe) {
        change(ANY)
        rest += change
    }

    internal fun recipe(): Recipe {
        val begun = requireNotNull(stages) { "recipe: the block needs a stage; begin it with resize(224), for instance" }
        return rest.fold(begun) { recipe, change -> change(recipe) }
    }

    private fun begun(word: String): Recipe = requireNotNull(stages) { "$word: a recipe begins with resize; say resize(224) first" }

    private companion object {
        val ANY: Recipe = Recipe.resize(224)
    }
}
