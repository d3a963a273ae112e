package dev.leaven.dsl

import dev.leaven.runtime.optimize.Averaging
import dev.leaven.runtime.optimize.Clipping
import dev.leaven.runtime.optimize.Optimizer
import dev.leaven.runtime.optimize.Schedule

/**
 * What the block of a [recipe] may say of steps: optimizer, learning rate, averages of the weights.
 *
 * ```kotlin
 * recipe {
 *     resize(128)
 *     optimizer(Ranger())
 *     flatCosine()
 *     clipGradients(1)
 *     ema(2)
 * }
 * ```
 */
public sealed interface StepWords : Words {
    /** See [Recipe.optimizer]; the block names it: `optimizer { sgd(momentum = 0.9) }`. */
    public fun optimizer(block: OptimizerBlock.() -> Unit): Unit = OptimizerBlock().apply(block).let { say(it::on) }

    /** See [Recipe.optimizer]. */
    public fun optimizer(optimizer: Optimizer): Unit = say { it.optimizer(optimizer) }

    /** See [Recipe.weightDecay]. */
    public fun weightDecay(weightDecay: Number): Unit = say { it.weightDecay(weightDecay.toDouble()) }

    /** See [Recipe.clipGradients]. */
    public fun clipGradients(maxNorm: Number): Unit = say { it.clipGradients(maxNorm.toDouble()) }

    /** See [Recipe.clipGradients]. */
    public fun clipGradients(clipping: Clipping): Unit = say { it.clipGradients(clipping) }

    /** See [Recipe.accumulate]. */
    public fun accumulate(batches: Int): Unit = say { it.accumulate(batches) }

    /** See [Recipe.ema]. */
    public fun ema(): Unit = say { it.ema() }

    /** See [Recipe.ema]. */
    public fun ema(halfLife: Number): Unit = say { it.ema(halfLife.toDouble()) }

    /** See [Recipe.swa]. */
    public fun swa(): Unit = say { it.swa() }

    /** See [Recipe.averaging]. */
    public fun averaging(averaging: Averaging): Unit = say { it.averaging(averaging) }

    /** See [Recipe.schedule]; the block names its shape: `schedule { cosine() }`. */
    public fun schedule(block: ScheduleBlock.() -> Unit): Unit = ScheduleBlock().apply(block).let { say(it::on) }

    /** See [Recipe.schedule]. */
    public fun schedule(schedule: Schedule): Unit = say { it.schedule(schedule) }

    /** See [Recipe.oneCycle]. */
    public fun oneCycle(): Unit = say { it.oneCycle() }

    /** See [Recipe.flatCosine]. */
    public fun flatCosine(): Unit = say { it.flatCosine() }

    /** See [Recipe.warmRestarts]. */
    public fun warmRestarts(
        cycles: Int,
        length: Int,
        multiplier: Int,
    ): Unit = say { it.warmRestarts(cycles, length, multiplier) }

    /** See [Recipe.warmUp]. */
    public fun warmUp(epochs: Int): Unit = say { it.warmUp(epochs) }

    /** See [Recipe.warmUp]. */
    public fun warmUp(share: Double): Unit = say { it.warmUp(share) }

    /** See [Recipe.scheduleOverAll]. */
    public fun scheduleOverAll(): Unit = say { it.scheduleOverAll() }
}
