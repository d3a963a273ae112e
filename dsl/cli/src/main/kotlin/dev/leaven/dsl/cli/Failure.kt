package dev.leaven.dsl.cli

import dev.leaven.dsl.script.ScriptException
import java.io.PrintStream

/** The message when a command fails, and its exit code. */
internal object Failure {
    fun report(
        error: Throwable,
        err: PrintStream,
        verbose: Boolean,
    ): Int {
        // A script's message begins with its place, where editors expect it.
        err.println(if (error is ScriptException) error.message else "leaven: ${sentence(error)}")
        if (verbose) {
            error.printStackTrace(err)
        }
        return if (error is IllegalArgumentException) Leaven.MISTAKE else Leaven.FAILED
    }

    private fun sentence(error: Throwable): String {
        val name = error::class.simpleName ?: "failure"
        return when {
            (error is IllegalArgumentException || error.isOurs()) && error.message != null -> error.message!!
            error is OutOfMemoryError -> "not enough memory: choose a smaller batchSize (${error.message})"
            error.message != null -> "$name: ${error.message}; --verbose shows where"
            else -> "$name; --verbose shows where"
        }
    }

    // Leaven's own exceptions already have full sentences.
    private fun Throwable.isOurs() = javaClass.packageName.startsWith("dev.leaven.")
}
