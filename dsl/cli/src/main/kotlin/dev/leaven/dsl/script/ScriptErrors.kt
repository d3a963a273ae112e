package dev.leaven.dsl.script

import java.nio.file.Files
import java.nio.file.Path
import kotlin.script.experimental.api.ScriptDiagnostic

/** The error messages for a script, each with its position and the line concerned. */
internal class ScriptErrors(
    private val path: Path,
    private val lines: List<String>,
) {
    /** An error from the compiler. */
    fun ofCompiler(diagnostics: List<ScriptDiagnostic>): ScriptException {
        val cause = diagnostics.firstNotNullOfOrNull { it.exception }
        return ScriptException(telling(diagnostics).joinToString("\n", transform = ::sentence), cause)
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
        // Leaven's messages begin with the word that is wrong.
        val word = WORD.find(message)?.groupValues?.get(1)
        return at(line, word, message, error)
    }

    /** A file or folder that the data is in is missing. */
    fun missing(mention: Mention): ScriptException {
        val folder = mention.path.parent
        val known =
            if (folder != null && Files.isDirectory(folder)) {
                Files.list(folder).use { files -> files.map { it.fileName.toString() }.toList() }
            } else {
                listOf()
            }
        val meant =
            Vocabulary
                .nearest(mention.path.fileName.toString(), known)
                ?.let { "; did you mean '${mention.written.removeSuffix(mention.path.fileName.toString())}$it'?" }
        val relative = if (Path.of(mention.written).isAbsolute) "check the path" else "paths are relative to the script"
        return at(mention.line, "\"${mention.written}\"", "there is no ${mention.path.normalize()}${meant ?: "; $relative"}", null)
    }

    /** The script does not set where the images are. */
    fun noData() =
        ScriptException(
            "$path: it does not say where the images are; write data = imageFolder(\"...\") above the recipe, or add --data DIR",
        )

    /** It is not clear which recipe is meant, or there is none: the type of the last expression is [type]. */
    fun noChoice(
        name: String?,
        named: Set<String>,
        type: String?,
    ): ScriptException {
        val all = if (named.size == 1) "one, ${named.single()}" else "${named.size} recipes: ${named.joinToString(", ")}"
        val meant = name?.let { Vocabulary.nearest(it, named) }?.let { "did you mean '$it'? It" } ?: "it"
        return ScriptException(
            when {
                name != null && named.isEmpty() -> "$path: there is no recipe '$name', none has a name; leave out --recipe"
                name != null -> "$path: there is no recipe '$name'; $meant has $all"
                named.size > 1 -> "$path: it has $all; say which one with --recipe NAME"
                else -> noRecipe(type)
            },
        )
    }

    private fun noRecipe(type: String?): String {
        val instead = if (type == null || type.endsWith("Unit")) "nothing" else "a ${type.substringAfterLast('.')}"
        return "$path: the last expression must be the recipe, for instance resize(128).then(224), but it is $instead"
    }

    // Consequences of another mistake are omitted: all but the brackets where some are missing,
    // the errors for seed = 7 when it is not read as seed(7), and for the 0 of a 0,1.
    private fun telling(diagnostics: List<ScriptDiagnostic>): List<ScriptDiagnostic> {
        val syntax = diagnostics.filter { it.message.startsWith("Syntax error") }
        val lines = diagnostics.filter { it.message.startsWith("Function invocation") }.map { it.location?.start?.line }
        val halves = diagnostics.mapNotNull(::wholePart).toSet()
        return syntax.ifEmpty {
            diagnostics.filter { said ->
                (FOLLOWING.none { it in said.message } || said.location?.start?.line !in lines) && place(said) !in halves
            }
        }
    }

    private fun place(said: ScriptDiagnostic) = said.location?.start?.let { it.line to it.col }

    private fun wholePart(said: ScriptDiagnostic): Pair<Int, Int>? {
        val (line, column) = place(said)?.takeIf { said.message.startsWith("Too many arguments") } ?: return null
        return PlainWords.decimalComma(lines.getOrNull(line - 1) ?: "", column)?.let { line to it.range.first + 1 }
    }

    private fun at(
        line: Int?,
        word: String?,
        message: String,
        cause: Throwable?,
    ): ScriptException {
        val text = line?.let { lines.getOrNull(it - 1) } ?: return ScriptException("$path: $message", cause)
        val found = word?.let { Regex("(?<![A-Za-z0-9_])${Regex.escape(it)}(?![A-Za-z0-9_])").find(text) }
        val column = found?.let { it.range.first + 1 }
        val place = if (column == null) "$line" else "$line:$column"
        return ScriptException("$path:$place: $message${shown(line, column)}", cause)
    }

    private fun sentence(diagnostic: ScriptDiagnostic): String {
        val start = diagnostic.location?.start ?: return "$path: ${diagnostic.message}"
        val (message, column) = PlainWords.of(diagnostic.message, lines.getOrNull(start.line - 1) ?: "", start.col)
        return "$path:${start.line}:$column: $message${shown(start.line, column)}"
    }

    private fun shown(
        line: Int,
        column: Int?,
    ): String {
        val text = lines.getOrNull(line - 1) ?: return ""
        val mark = column?.let { "\n  " + " ".repeat((it - 1).coerceAtLeast(0)) + "^" } ?: ""
        return "\n  $text$mark"
    }

    companion object {
        private val FOLLOWING = listOf("Variable expected", "but 'Unit' was expected")
        private val WORD = Regex("^([a-zA-Z]+): ")

        private const val ENDING = ".recipe.kts"

        /** There is no such file; scripts in the same folder may be meant. */
        fun noScript(path: Path): String {
            val folder = path.toAbsolutePath().parent
            val beside =
                if (Files.isDirectory(folder)) {
                    Files.list(folder).use { files -> files.map { it.fileName.toString() }.filter { it.endsWith(ENDING) }.toList() }
                } else {
                    listOf()
                }
            if (Files.isDirectory(path)) {
                return "$path: it is a folder, not a script; for a script about its images, leaven new NAME --data $path"
            }
            // Without the ending, which would make all names similar.
            val name = path.fileName.toString().removeSuffix(ENDING)
            val meant = Vocabulary.nearest(name, beside.map { it.removeSuffix(ENDING) })
            return "$path: there is no such script" + (meant?.let { "; did you mean '${path.resolveSibling(it + ENDING)}'?" } ?: "")
        }
    }
}
