package dev.leaven.dsl.cli

import java.io.ByteArrayOutputStream
import java.io.PrintStream

/** What a command said, and its exit code. */
internal data class Said(
    val code: Int,
    val out: String,
    val err: String,
)

/** Runs a command of the command line in this process, as without a terminal. */
internal fun leaven(vararg arguments: String): Said {
    val out = ByteArrayOutputStream()
    val err = ByteArrayOutputStream()
    val console = Console(PrintStream(out, true, Charsets.UTF_8), PrintStream(err, true, Charsets.UTF_8), null)
    return Said(Leaven.run(console, *arguments), out.toString(Charsets.UTF_8), err.toString(Charsets.UTF_8))
}
