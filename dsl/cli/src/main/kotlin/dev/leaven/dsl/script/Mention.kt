package dev.leaven.dsl.script

import java.nio.file.Path

/** A path in a script: its text, the path it resolves to, and its line in the script. */
internal data class Mention(
    val written: String,
    val path: Path,
    val line: Int?,
) {
    companion object {
        /** For a path that the script is just giving; the innermost frame of the script's own class has the line. */
        fun here(
            script: RecipeScript,
            written: String,
            path: Path,
        ): Mention {
            val name = script.javaClass.name
            val line =
                StackWalker.getInstance().walk { frames ->
                    frames
                        .filter { it.className == name || it.className.startsWith("$name$") }
                        .findFirst()
                        .map { it.lineNumber }
                        .orElse(null)
                }
            return Mention(written, path, line)
        }
    }
}
