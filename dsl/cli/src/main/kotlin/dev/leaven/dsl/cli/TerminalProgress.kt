package dev.leaven.dsl.cli

import dev.leaven.dsl.EpochLines
import dev.leaven.runtime.evaluate.Comparison
import dev.leaven.runtime.evaluate.Scores
import dev.leaven.runtime.evaluate.SizedScores
import dev.leaven.runtime.plan.EpochReport
import dev.leaven.runtime.plan.Plan
import dev.leaven.runtime.plan.Stage
import dev.leaven.runtime.run.DamagedFile
import dev.leaven.runtime.run.LearningRates
import dev.leaven.runtime.run.RunResult
import dev.leaven.runtime.run.TrainingListener
import java.io.PrintStream
import java.nio.file.Path
import java.util.Locale

/** Shows a bar for the work in progress, below the lines of finished work. */
internal class TerminalProgress(
    private val out: PrintStream,
    private val lines: EpochLines,
    private val columns: Int,
) : TrainingListener {
    private var epochs = 0
    private var timeLeft: TimeLeft? = null
    private var bar: LastLineBar? = null
    private var epochStarted = 0L

    override fun onStart(
        plan: Plan,
        directory: Path,
        epochsDone: Int,
    ) {
        epochs = plan.epochs()
        timeLeft = TimeLeft(plan, System.nanoTime())
        lines.onStart(plan, directory, epochsDone)
    }

    override fun onSkipped(skipped: Map<String, String>) = above { lines.onSkipped(skipped) }

    override fun onDamaged(files: List<DamagedFile>) {
        // The step's bar continues below, so it does not end here.
        bar?.above { lines.onDamaged(files) } ?: lines.onDamaged(files)
    }

    override fun onBatchHalved(
        before: Stage,
        after: Stage,
    ) = above { lines.onBatchHalved(before, after) }

    override fun onPhase(what: String) = begin(what, 0)

    override fun onDecoded(
        done: Int,
        total: Int,
    ) = onEvaluated(done, total)

    override fun onEpochStart(
        epoch: Int,
        stageNumber: Int,
        stage: Stage,
    ) {
        timeLeft?.epoch(epoch)
        epochStarted = System.nanoTime()
        begin("epoch $epoch/$epochs", stage.steps())
    }

    override fun onStep(
        step: Int,
        stage: Stage,
        smoothedLoss: Double,
    ) {
        val now = System.nanoTime()
        val rate = step * stage.accumulate() * stage.batchSize() / ((now - epochStarted) / 1e9)
        val left = timeLeft?.after(step, now)?.let { "  ${EpochLines.duration(it)} left" } ?: ""
        bar?.done(step.toLong(), String.format(Locale.ROOT, "loss %.4f  %.0f images/s%s", smoothedLoss, rate, left))
    }

    override fun onEvaluated(
        done: Int,
        total: Int,
    ) {
        bar?.all(total.toLong())
        bar?.done(done.toLong())
    }

    override fun onRate(
        step: Int,
        steps: Int,
        point: LearningRates.Point,
    ) {
        if (step == 1) {
            begin("finding the learning rate", steps)
        }
        bar?.done(step.toLong(), String.format(Locale.ROOT, "rate %.1e  loss %.4f", point.rate(), point.smoothedLoss()))
    }

    override fun onRates(
        stageNumber: Int,
        stage: Stage,
        rates: LearningRates,
    ) = above { lines.onRates(stageNumber, stage, rates) }

    override fun onEpoch(
        report: EpochReport,
        best: Boolean,
    ) = above { lines.onEpoch(report, best) }

    override fun onTta(
        plain: Scores,
        augmented: Scores,
        seconds: Double,
        gain: Comparison,
    ) = above { lines.onTta(plain, augmented, seconds, gain) }

    override fun onSize(
        trained: Int,
        plain: Scores,
        other: SizedScores,
        seconds: Double,
        gain: Comparison,
    ) = above { lines.onSize(trained, plain, other, seconds, gain) }

    override fun onEnd(run: RunResult) = above { lines.onEnd(run) }

    override fun onInterrupted(
        directory: Path,
        epoch: Int,
        step: Int,
    ) = above { lines.onInterrupted(directory, epoch, step) }

    private fun begin(
        what: String,
        steps: Int,
    ) {
        end()
        bar = LastLineBar(out, columns, what, steps.toLong())
    }

    private fun above(write: () -> Unit) {
        end()
        write()
    }

    /** Removes the bar. */
    fun end() {
        bar?.close()
        bar = null
    }
}
