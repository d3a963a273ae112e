package dev.leaven.dsl.cli

import me.tongfei.progressbar.DelegatingProgressBarConsumer
import me.tongfei.progressbar.ProgressBarBuilder
import java.io.PrintStream

/**
 * A bar in the last line of a terminal. A thread of its own draws it again as it moves.
 *
 * @param out the terminal
 * @param columns its width in columns
 * @param task what is being done
 * @param all the number of its steps, 0 while that is not known
 */
internal class LastLineBar(
    private val out: PrintStream,
    columns: Int,
    task: String,
    all: Long,
) : AutoCloseable {
    private val drawing = Any()
    private val bar =
        ProgressBarBuilder()
            .setTaskName(task)
            .setInitialMax(all)
            .setUpdateIntervalMillis(UPDATE_MILLIS)
            .setRenderer(BarLine)
            .setConsumer(DelegatingProgressBarConsumer(::draw, columns - 1))
            .build()

    fun all(steps: Long) {
        bar.maxHint(steps)
    }

    fun done(
        steps: Long,
        message: String? = null,
    ) {
        bar.stepTo(steps)
        message?.let(bar::setExtraMessage)
    }

    /** Writes lines where the bar is; it is drawn again below them. */
    fun above(write: () -> Unit) =
        synchronized(drawing) {
            out.print(CLEAR)
            write()
        }

    /** Removes the bar. */
    override fun close() {
        bar.close()
        out.print(CLEAR)
        out.flush()
    }

    private fun draw(line: String) = synchronized(drawing) { out.print("\r$line$CLEAR_REST") }

    private companion object {
        const val UPDATE_MILLIS = 200
        const val CLEAR_REST = "\u001b[K"
        const val CLEAR = "\r$CLEAR_REST"
    }
}
