package dev.leaven.dsl.cli

import dev.leaven.runtime.data.catalogue.DownloadListener

/** Shows how a data set is downloaded: a bar on a terminal, elsewhere a line for every tenth. */
internal class DownloadProgress(
    private val console: Console,
) : DownloadListener,
    AutoCloseable {
    private var file = ""
    private var tenths = 0L
    private var bar: LastLineBar? = null

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
            it.all(if (total < 0) -1 else total / unit)
            it.done(done / unit, if (unit == Bytes.MEGA) "MB" else "kB")
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
        bar = LastLineBar(console.out, columns, file, UNKNOWN)
    }

    override fun close() {
        bar?.close()
        bar = null
        file = ""
    }

    private companion object {
        const val SMALL = 10 * Bytes.MEGA
        const val TENTHS = 10L
        const val UNKNOWN = -1L
    }
}
