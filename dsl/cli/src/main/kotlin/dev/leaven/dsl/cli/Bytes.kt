package dev.leaven.dsl.cli

import java.util.Locale

/** Sizes of files, as people read them. */
internal object Bytes {
    const val KILO: Long = 1_000
    const val MEGA: Long = 1_000_000

    fun text(bytes: Long): String =
        when {
            bytes < KILO -> "$bytes B"
            bytes < MEGA -> "${bytes / KILO} kB"
            bytes < KILO * MEGA -> "${(bytes + MEGA / 2) / MEGA} MB"
            else -> String.format(Locale.ROOT, "%.1f GB", bytes / 1e9)
        }
}
