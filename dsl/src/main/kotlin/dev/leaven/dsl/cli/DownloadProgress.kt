package dev.leaven.dsl.cli

import dev.leaven.runtime.data.catalogue.DownloadListener
import me.tongfei.progressbar.DelegatingProgressBarConsumer
import me.tongfei.progressbar.ProgressBar
import me.tongfei.progressbar.ProgressBarBuilder

/** Shows how a data set is downloaded: a bar on a terminal, elsewhere a line for every tenth. */
internal class DownloadProgress(
    private val console: Console,
) : DownloadListener,
    AutoCloseable {
    private var file = ""
    private var tenths = 0L
    private var bar: ProgressBar? = null

    override fun onBytes(
        file: String,
        done: Long,
        total: Long,
    ) {
        if (file != this.file) {
            begin(file, done, total)
        }
        bar?.let {
            val unit = if (total < SMALL) Bytes.KILO else Bytes.MEGA
            it.maxHint(if (total < 0) -1 else total / unit)
            it.stepTo(done / unit)
            it.setExtraMessage(if (unit == Bytes.MEGA) "MB" else "kB")
        }
        if (console.columns == null && total >= SMALL && TENTHS * done / total > tenths) {
            tenths = TENTHS * done / total
            console.out.println("$file: ${Bytes.text(done)} of ${Bytes.text(total)}")
        }
    }

    override fun onUnpack(file: String) {
        close()
        console.out.println("$file: unpacking")
    }

    private fun begin(
        file: String,
        done: Long,
        total: Long,
    ) {
        close()
        this.file = file
        val columns = console.columns
        if (columns == null) {
            tenths = if (total > 0) TENTHS * done / total else 0
            console.out.println("$file: downloading" + if (total < 0) "" else " ${Bytes.text(total)}")
            return
        }
        bar =
            ProgressBarBuilder()
                .setTaskName(file)
                .setUpdateIntervalMillis(UPDATE_MILLIS)
                .setRenderer(BarLine)
                .setConsumer(DelegatingProgressBarConsumer({ console.out.print("\r$it$CLEAR_REST") }, columns - 1))
                .build()
    }

    override fun close() {
        bar?.let {
            it.close()
            console.out.print("\r$CLEAR_REST")
            console.out.flush()
        }
        bar = null
        file = ""
    }

    private companion object {
        const val SMALL = 10 * Bytes.MEGA
        const val TENTHS = 10L
        const val UPDATE_MILLIS = 200
        const val CLEAR_REST = "\u001b[K"
    }
}
