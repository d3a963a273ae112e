package dev.leaven.dsl

import dev.leaven.runtime.evaluate.TestTimeViews
import dev.leaven.runtime.plan.Stopping

/**
 * What the block of a [recipe] may say of the run: when it ends, how it is judged, its seed.
 *
 * ```kotlin
 * recipe {
 *     resize(128)
 *     earlyStopping(3)
 *     tta { passes = 8 }
 *     seed(7)
 * }
 * ```
 */
public sealed interface RunWords : Words {
    /** See [Recipe.earlyStopping]. */
    public fun earlyStopping(patience: Int): Unit = say { it.earlyStopping(patience) }

    /** See [Recipe.timeLimit]. */
    public fun timeLimit(minutes: Number): Unit = say { it.timeLimit(minutes.toDouble()) }

    /** See [Recipe.stopping]. */
    public fun stopping(rule: Stopping): Unit = say { it.stopping(rule) }

    /** See [Recipe.autoBatchSize]. */
    public fun autoBatchSize(automatic: Boolean): Unit = say { it.autoBatchSize(automatic) }

    /** See [Recipe.tta]; the block says what differs from its defaults: `tta { passes = 8 }`. */
    public fun tta(block: TtaBlock.() -> Unit): Unit = tta(TtaBlock().apply(block).tta())

    /** See [Recipe.tta]. */
    public fun tta(passes: Int): Unit = say { it.tta(passes) }

    /** See [Recipe.tta]. */
    public fun tta(tta: TestTimeViews): Unit = say { it.tta(tta) }

    /** See [Recipe.evaluateAt]. */
    public fun evaluateAt(size: Int): Unit = say { it.evaluateAt(size) }

    /** See [Recipe.seed]. */
    public fun seed(seed: Long): Unit = say { it.seed(seed) }
}
