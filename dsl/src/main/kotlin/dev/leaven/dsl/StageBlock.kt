package dev.leaven.dsl

import dev.leaven.runtime.optimize.Schedule

/**
 * What a stage may say of itself; what stays null is decided when the recipe is planned.
 *
 * ```kotlin
 * recipe {
 *     resize(128) {
 *         epochs = 4
 *         batchSize = 32
 *         learningRate = 3e-3
 *         schedule { cosine() }
 *     }
 *     then(224) { epochs(2) }
 * }
 * ```
 */
@RecipeLanguage
public class StageBlock internal constructor() {
    /** Passes over the training images, at least 1. Default: 5. */
    public var epochs: Int? = null

    /** Images per step, at least 1. Default: 64, or all if there are fewer. */
    public var batchSize: Int? = null

    /** The highest learning rate, above 0. Default: 0.003, in later stages a third of the first's. */
    public var learningRate: Number? = null

    /** How the learning rate and the momentum move in this stage. Default: the recipe's schedule. */
    public var schedule: Schedule? = null

    private val more = mutableListOf<(StageSpec) -> StageSpec>()

    /** See [StageBlock.epochs]. */
    public fun epochs(epochs: Int) {
        this.epochs = epochs
    }

    /** See [StageBlock.batchSize]. */
    public fun batchSize(batchSize: Int) {
        this.batchSize = batchSize
    }

    /** See [StageBlock.learningRate]. */
    public fun learningRate(learningRate: Number) {
        this.learningRate = learningRate
    }

    /** See [StageBlock.schedule]. */
    public fun schedule(schedule: Schedule) {
        this.schedule = schedule
    }

    /** See [StageBlock.schedule]; the block names the shape: `schedule { flatCosine(start = 0.5) }`. */
    public fun schedule(block: ShapeBlock.() -> Unit) {
        schedule = ShapeBlock().apply(block).shape() ?: schedule
    }

    /** See [StageSpec.freeze]. */
    public fun freeze(groups: Int) {
        more += { it.freeze(groups) }
    }

    /** See [StageSpec.freezeBody]. */
    public fun freezeBody() {
        more += { it.freezeBody() }
    }

    /** See [StageSpec.freezeNorms]. */
    public fun freezeNorms() {
        more += { it.freezeNorms() }
    }

    /** See [StageSpec.freezeAllNorms]. */
    public fun freezeAllNorms() {
        more += { it.freezeAllNorms() }
    }

    /** See [StageSpec.discriminative]. */
    public fun discriminative(
        low: Number,
        high: Number,
    ) {
        more += { it.discriminative(low.toDouble(), high.toDouble()) }
    }

    internal fun on(stage: StageSpec): StageSpec {
        var said = stage
        epochs?.let { said = said.epochs(it) }
        batchSize?.let { said = said.batchSize(it) }
        learningRate?.let { said = said.learningRate(it.toDouble()) }
        schedule?.let { said = said.schedule(it) }
        return more.fold(said) { before, change -> change(before) }
    }
}
