package dev.leaven.dsl.cli

import java.util.Locale

/** Shows on a terminal how many files are done, below the lines that are written there. */
internal class PredictProgress(
    private val console: Console,
    files: Int,
    ownLine: Boolean,
) : AutoCloseable {
    private val started = System.nanoTime()
    private var done = 0
    private val bar: LastLineBar? =
        console.columns?.takeIf { ownLine || files >= MANY }?.let { LastLineBar(console.out, it, "predicting", files.toLong()) }

    /** Writes a line where the bar is; the bar is drawn again below it. */
    fun above(write: () -> Unit) {
        bar?.above(write) ?: write()
    }

    /** Another file is done. */
    fun done() {
        done++
        val rate = done / ((System.nanoTime() - started) / 1e9)
        bar?.done(done.toLong(), String.format(Locale.ROOT, "%.0f images/s", rate))
    }

    override fun close() {
        bar?.close()
    }

    private companion object {
        const val MANY = 20
    }
}
