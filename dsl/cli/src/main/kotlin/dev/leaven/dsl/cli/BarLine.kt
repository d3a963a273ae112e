package dev.leaven.dsl.cli

import me.tongfei.progressbar.ProgressBarRenderer
import me.tongfei.progressbar.ProgressState

/** Draws a bar: `epoch 3/10 ━━━━━━━━──────────── 57/147  loss 1.8210  181 images/s  12 min 04 s left`. */
internal object BarLine : ProgressBarRenderer {
    private const val WIDTH = 24

    override fun render(
        progress: ProgressState,
        maxLength: Int,
    ): String = line(progress.taskName, progress.current, progress.max, progress.extraMessage.orEmpty(), maxLength)

    fun line(
        task: String,
        done: Long,
        all: Long,
        message: String,
        maxLength: Int,
    ): String {
        if (all <= 0) {
            return "$task …".take(maxLength)
        }
        val filled = (WIDTH * done.coerceIn(0, all) / all).toInt()
        val bar = "━".repeat(filled) + "─".repeat(WIDTH - filled)
        val text = "$done/$all  $message".trimEnd()
        // On a narrow terminal the bar is dropped before the numbers.
        return listOf("$task $bar $text", "$task $text").firstOrNull { it.length <= maxLength } ?: "$task $text".take(maxLength)
    }
}
