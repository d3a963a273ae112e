package dev.leaven.dsl

import dev.leaven.runtime.optimize.Constant
import dev.leaven.runtime.optimize.Cosine
import dev.leaven.runtime.optimize.Exponential
import dev.leaven.runtime.optimize.FlatCosine
import dev.leaven.runtime.optimize.Linear
import dev.leaven.runtime.optimize.OneCycle
import dev.leaven.runtime.optimize.Plateau
import dev.leaven.runtime.optimize.Polynomial
import dev.leaven.runtime.optimize.Schedule
import dev.leaven.runtime.optimize.StepDecay
import dev.leaven.runtime.optimize.WarmRestarts

/**
 * The shapes of a learning rate schedule, with named parameters. The last one counts.
 *
 * ```kotlin
 * recipe {
 *     resize(128) { schedule { flatCosine(start = 0.5) } }
 * }
 * ```
 */
@RecipeLanguage
public open class ShapeBlock internal constructor() {
    private var shape: Schedule? = null

    /** See [Constant]. */
    public fun constant(): Unit = shape(Constant())

    /** See [Linear]. */
    public fun linear(end: Number = LINEAR.end()): Unit = shape(Linear(end.toDouble()))

    /** See [Cosine]. */
    public fun cosine(end: Number = COSINE.end()): Unit = shape(Cosine(end.toDouble()))

    /** See [Exponential]. */
    public fun exponential(end: Number = EXPONENTIAL.end()): Unit = shape(Exponential(end.toDouble()))

    /** See [Polynomial]. */
    public fun polynomial(
        power: Number,
        end: Number = 0,
    ): Unit = shape(Polynomial(power.toDouble(), end.toDouble()))

    /** See [StepDecay]. */
    public fun step(
        milestones: List<Double> = STEP.milestones(),
        factor: Number = STEP.factor(),
    ): Unit = shape(StepDecay(milestones, factor.toDouble()))

    /** See [OneCycle]. */
    public fun oneCycle(
        div: Number = ONE_CYCLE.div(),
        divFinal: Number = ONE_CYCLE.divFinal(),
        start: Number = ONE_CYCLE.start(),
        momentumHigh: Number = ONE_CYCLE.momentumHigh(),
        momentumLow: Number = ONE_CYCLE.momentumLow(),
    ): Unit =
        shape(
            OneCycle(div.toDouble(), divFinal.toDouble(), start.toDouble(), momentumHigh.toDouble(), momentumLow.toDouble()),
        )

    /** See [FlatCosine]. */
    public fun flatCosine(
        divFinal: Number = FLAT_COSINE.divFinal(),
        start: Number = FLAT_COSINE.start(),
    ): Unit = shape(FlatCosine(divFinal.toDouble(), start.toDouble()))

    /** See [WarmRestarts]. */
    public fun warmRestarts(
        cycles: Int,
        length: Int,
        multiplier: Int = 2,
        decay: Number = 1,
    ): Unit = shape(WarmRestarts(cycles, length, multiplier, decay.toDouble()))

    /** See [Plateau]. */
    public fun plateau(
        patience: Int = PLATEAU.patience(),
        factor: Number = PLATEAU.factor(),
        lowest: Number = PLATEAU.lowest(),
    ): Unit = shape(Plateau(patience, factor.toDouble(), lowest.toDouble()))

    /** A shape of your own. */
    public fun shape(schedule: Schedule) {
        shape = schedule
    }

    internal fun shape(): Schedule? = shape

    private companion object {
        val LINEAR = Linear()
        val COSINE = Cosine()
        val EXPONENTIAL = Exponential()
        val STEP = StepDecay()
        val ONE_CYCLE = OneCycle()
        val FLAT_COSINE = FlatCosine()
        val PLATEAU = Plateau()
    }
}

/**
 * The settings of a recipe's schedule: a shape, and what is around it.
 *
 * ```kotlin
 * recipe {
 *     resize(128)
 *     then(224)
 *     schedule {
 *         cosine()
 *         warmUp(1)
 *         overAll()
 *     }
 * }
 * ```
 */
@RecipeLanguage
public class ScheduleBlock internal constructor() : ShapeBlock() {
    private val more = mutableListOf<(Recipe) -> Recipe>()

    /** See [Recipe.warmUp]. */
    public fun warmUp(epochs: Int) {
        more += { it.warmUp(epochs) }
    }

    /** See [Recipe.warmUp]. */
    public fun warmUp(fraction: Double) {
        more += { it.warmUp(fraction) }
    }

    /** See [Recipe.scheduleOverAll]. */
    public fun overAll() {
        more += { it.scheduleOverAll() }
    }

    internal fun on(recipe: Recipe): Recipe {
        val shaped = shape()?.let(recipe::schedule) ?: recipe
        return more.fold(shaped) { before, change -> change(before) }
    }
}
