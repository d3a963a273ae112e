package dev.leaven.dsl.cli

import me.tongfei.progressbar.DelegatingProgressBarConsumer
import me.tongfei.progressbar.ProgressBar
import me.tongfei.progressbar.ProgressBarBuilder
import java.util.Locale

/** Shows on a terminal how many of many files are done, below the lines that are written there. */
internal class PredictProgress(
    private val console: Console,
    files: Int,
    ownLine: Boolean,
) : AutoCloseable {
    private val started = System.nanoTime()
    private var done = 0
    private val bar: ProgressBar? =
        console.columns?.takeIf { ownLine || files >= MANY }?.let { columns ->
            ProgressBarBuilder()
                .setTaskName("predicting")
                .setInitialMax(files.toLong())
                .setUpdateIntervalMillis(UPDATE_MILLIS)
                .setRenderer(BarLine)
                .setConsumer(DelegatingProgressBarConsumer({ console.out.print("\r$it$CLEAR_REST") }, columns - 1))
                .build()
        }

    /** Writes a line where the bar is; the bar is drawn again below it. */
    fun above(write: () -> Unit) {
        if (bar != null) {
            console.out.print("\r$CLEAR_REST")
        }
        write()
    }

    /** Another file is done. */
    fun done() {
        done++
        bar?.stepTo(done.toLong())
        bar?.setExtraMessage(String.format(Locale.ROOT, "%.0f images/s", done / ((System.nanoTime() - started) / 1e9)))
    }

    override fun close() {
        bar?.let {
            it.close()
            console.out.print("\r$CLEAR_REST")
            console.out.flush()
        }
    }

    private companion object {
        const val MANY = 20
        const val UPDATE_MILLIS = 200
        const val CLEAR_REST = "\u001b[K"
    }
}
