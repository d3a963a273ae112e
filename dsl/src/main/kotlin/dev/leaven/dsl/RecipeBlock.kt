package dev.leaven.dsl

import java.util.function.UnaryOperator

/**
 * The functions of a [Recipe] as a block: [RecipeWords], and blocks for those with settings of their own.
 *
 * [resize] and [then] begin stages; the other functions apply to the whole run, in any order, and the last call wins.
 *
 * ```kotlin
 * recipe {
 *     resize(224) { epochs = 10; learningRate = 1e-3 }
 *     model(resnet50())
 *     augment { rotate(15) }
 *     optimizer { adamW(); weightDecay = 0.05 }
 *     schedule { cosine(); warmUp(1) }
 * }
 * ```
 */
@RecipeLanguage
public class RecipeBlock internal constructor(
    private var begun: Recipe? = null,
) : RecipeWords<Unit> {
    private val before = mutableListOf<UnaryOperator<Recipe>>()

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
        require(begun == null) { "resize: it begins a recipe and is said once; say then($size) for the next stage" }
        begun = before.fold(Recipe.resize(size) { StageBlock(it).apply(block).stage }) { recipe, change -> change.apply(recipe) }
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
        begun = begun("then", size).then(size) { StageBlock(it).apply(block).stage }
    }

    override fun fineTune(
        epochs: Int,
        learningRate: Number,
    ) {
        begun = begun("fineTune", USUAL_SIZE).fineTune(epochs, learningRate)
    }

    /** See [Recipe.augment]; the block changes its defaults: `augment { rotate(15) }`. */
    public fun augment(block: AugmentBlock.() -> Unit): Unit = augmentation { AugmentBlock(it.usual()).apply(block).augmentation }

    /** See [Recipe.optimizer]; the block names it: `optimizer { sgd(momentum = 0.9) }`. */
    public fun optimizer(block: OptimizerBlock.() -> Unit): Unit = OptimizerBlock().apply(block).let { with(it::on) }

    /** See [Recipe.schedule]; the block names its shape: `schedule { cosine() }`. */
    public fun schedule(block: ScheduleBlock.() -> Unit): Unit = ScheduleBlock().apply(block).let { with(it::on) }

    /** See [Recipe.tta]; the block changes its defaults: `tta { passes = 8 }`. */
    public fun tta(block: TtaBlock.() -> Unit): Unit = tta(TtaBlock().apply(block).tta())

    // Before the first stage it is tried on another recipe, so that a wrong value fails on its own line.
    override fun with(change: UnaryOperator<Recipe>) {
        val recipe = begun
        if (recipe == null) {
            change.apply(FIRST)
            before += change
        } else {
            begun = change.apply(recipe)
        }
    }

    internal fun recipe(): Recipe = requireNotNull(begun) { "recipe: the block needs a stage; begin it with resize(224), for instance" }

    private fun begun(
        word: String,
        size: Int,
    ): Recipe = requireNotNull(begun) { "$word: a recipe begins with resize; say resize($size) first" }

    private companion object {
        const val USUAL_SIZE = 224
        val FIRST: Recipe = Recipe.resize(USUAL_SIZE)
    }
}
