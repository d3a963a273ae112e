package dev.leaven.dsl

import dev.leaven.runtime.optimize.Schedule
import java.util.function.UnaryOperator

/**
 * The functions for one stage; the most common ones are properties too.
 *
 * ```kotlin
 * recipe {
 *     resize(128) {
 *         epochs = 4
 *         batchSize = 32
 *         learningRate = 3e-3
 *         schedule { cosine() }
 *     }
 *     then(224) { freeze(1) }
 * }
 * ```
 */
@RecipeLanguage
public class StageBlock internal constructor(
    internal var stage: StageSpec,
) : StageWords<Unit> {
    /** Passes over the training images, at least 1; null: the planner chooses, 5. */
    public var epochs: Int?
        get() = stage.epochs()
        set(value) = epochs(requireNotNull(value))

    /** Images per step, at least 1; null: the planner chooses, 64 or all if there are fewer. */
    public var batchSize: Int?
        get() = stage.batchSize()
        set(value) = batchSize(requireNotNull(value))

    /** The highest learning rate, above 0; null: the planner chooses. See [StageWords.learningRate]. */
    public var learningRate: Number?
        get() = stage.learningRate()
        set(value) = learningRate(requireNotNull(value))

    /** See [StageSpec.schedule]. */
    public fun schedule(schedule: Schedule): Unit = stage { it.schedule(schedule) }

    /** See [StageSpec.schedule]; the block names the shape: `schedule { flatCosine(start = 0.5) }`. */
    public fun schedule(block: ShapeBlock.() -> Unit) {
        ShapeBlock().apply(block).shape()?.let { schedule(it) }
    }

    override fun stage(change: UnaryOperator<StageSpec>) {
        stage = change.apply(stage)
    }
}
