package dev.leaven.dsl.cli

import dev.leaven.dsl.EpochLines
import dev.leaven.runtime.run.TrainingListener
import java.io.FileDescriptor
import java.io.FileOutputStream
import java.io.PrintStream

/**
 * Where a command writes.
 *
 * @property out results and progress
 * @property err errors
 * @property columns the width of the terminal that shows [out], or null if it is not a terminal
 * @property colours whether [out] may have colours: on a terminal, unless `NO_COLOR` is set
 */
internal class Console(
    val out: PrintStream,
    val err: PrintStream,
    val columns: Int?,
    val colours: Boolean = columns != null && areWanted(System.getenv()),
) {
    /** A bar on a terminal; lines elsewhere. */
    fun listener(): TrainingListener {
        val lines = EpochLines(out)
        return if (columns == null) lines else TerminalProgress(out, lines, columns)
    }

    companion object {
        private const val USUAL_COLUMNS = 80

        /** The rule of https://no-color.org for the environment, and a terminal without any capabilities. */
        fun areWanted(environment: Map<String, String>): Boolean = environment["NO_COLOR"].isNullOrEmpty() && environment["TERM"] != "dumb"

        /** The process's own streams; the launcher reports whether there is a terminal, and its width. */
        fun ofProcess(): Console {
            val said = System.getProperty("leaven.columns")
            val columns = if (said != null) said.toIntOrNull() else System.console()?.let { USUAL_COLUMNS }
            return Console(utf8(FileDescriptor.out), utf8(FileDescriptor.err), columns)
        }

        // Before Java 18 the default depends on the locale, and the messages contain × and ….
        private fun utf8(descriptor: FileDescriptor) = PrintStream(FileOutputStream(descriptor), true, Charsets.UTF_8)
    }
}
