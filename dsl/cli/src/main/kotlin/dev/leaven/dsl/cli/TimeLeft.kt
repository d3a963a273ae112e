package dev.leaven.dsl.cli

import dev.leaven.runtime.plan.Plan
import dev.leaven.runtime.plan.Stage

/**
 * Estimates how long the rest of a run takes: a step costs in proportion to its pixels, and the work of this process so far gives the
 * factor.
 */
internal class TimeLeft(
    plan: Plan,
    private val started: Long,
) {
    private val epochs: List<Stage> = plan.stages().flatMap { stage -> List(stage.epochs()) { stage } }
    private val all: Double = epochs.sumOf { it.steps() * cost(it) }
    private var begun: Double? = null
    private var current = 0

    /** An epoch begins, counted from 1. */
    fun epoch(number: Int) {
        current = number - 1
        if (begun == null) {
            begun = before()
        }
    }

    /** Nanoseconds left after a step of the current epoch, or null while too little is known. */
    fun after(
        step: Int,
        now: Long,
    ): Long? {
        val stage = epochs.getOrNull(current) ?: return null
        val done = before() + step * cost(stage)
        val here = done - (begun ?: return null)
        if ((step < FIRST_STEPS && current == 0) || here <= 0) {
            return null
        }
        return ((now - started) * (all - done) / here).toLong()
    }

    private fun before() = epochs.take(current).sumOf { it.steps() * cost(it) }

    private fun cost(stage: Stage): Double = stage.batchSize().toDouble() * stage.accumulate() * stage.size() * stage.size()

    private companion object {
        // The first steps include work that is done only once.
        const val FIRST_STEPS = 3
    }
}
