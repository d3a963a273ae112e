package dev.leaven.dsl.script

import java.nio.file.Path
import kotlin.script.experimental.api.ScriptDiagnostic

/** The sentences in which a script is refused, each with its place and the line it is about. */
internal class ScriptErrors(
    private val path: Path,
    private val lines: List<String>,
) {
    /** What the compiler found. */
    fun ofCompiler(diagnostics: List<ScriptDiagnostic>): ScriptException {
        val cause = diagnostics.firstNotNullOfOrNull { it.exception }
        return ScriptException(diagnostics.joinToString("\n", transform = ::sentence), cause)
    }

    /** What the script threw while it ran. */
    fun ofScript(error: Throwable): ScriptException {
        val line = error.stackTrace.firstOrNull { it.fileName == path.fileName.toString() }?.lineNumber
        val name = error::class.simpleName ?: "error"
        val message =
            when {
                error is IllegalArgumentException && error.message != null -> error.message!!
                error.message != null -> "$name: ${error.message}"
                else -> name
            }
        return ScriptException(if (line == null) "$path: $message" else "$path:$line: $message${shown(line, null)}", error)
    }

    /** The last expression is something else, or there is none. */
    fun noRecipe(type: String?): ScriptException {
        val instead = if (type == null || type.endsWith("Unit")) "nothing" else "a ${type.substringAfterLast('.')}"
        return ScriptException(
            "$path: the last expression must be the recipe, for instance resize(128).then(224), but it is $instead",
        )
    }

    private fun sentence(diagnostic: ScriptDiagnostic): String {
        val start = diagnostic.location?.start ?: return "$path: ${diagnostic.message}"
        val message =
            diagnostic.message
                .trim()
                .removeSuffix(".")
                .replaceFirstChar(Char::lowercase)
        val unresolved = UNRESOLVED.find(diagnostic.message)?.groupValues?.get(1)
        val meant = unresolved?.let(Vocabulary::nearest)?.let { "; did you mean '$it'?" } ?: ""
        return "$path:${start.line}:${start.col}: $message$meant${shown(start.line, start.col)}"
    }

    private fun shown(
        line: Int,
        column: Int?,
    ): String {
        val text = lines.getOrNull(line - 1) ?: return ""
        val mark = column?.let { "\n  " + " ".repeat((it - 1).coerceAtLeast(0)) + "^" } ?: ""
        return "\n  $text$mark"
    }

    private companion object {
        val UNRESOLVED = Regex("Unresolved reference:? '?([A-Za-z0-9_]+)'?")
    }
}
