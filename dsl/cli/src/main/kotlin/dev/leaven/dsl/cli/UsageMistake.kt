package dev.leaven.dsl.cli

import dev.leaven.dsl.script.Vocabulary
import picocli.CommandLine.ParameterException
import picocli.CommandLine.UnmatchedArgumentException

/**
 * A mistake in a command as it was typed.
 *
 * @property mistake what picocli found
 * @property said the arguments of the whole command
 */
internal class UsageMistake(
    private val mistake: ParameterException,
    private val said: List<String>,
) {
    private val spec = mistake.commandLine.commandSpec
    private val unknown = (mistake as? UnmatchedArgumentException)?.unmatched?.firstOrNull()

    /** One sentence, with a suggestion of what may have been meant. */
    fun sentence(): String {
        val isCommand = unknown != null && !unknown.startsWith("-") && spec.subcommands().isNotEmpty()
        val problem = if (isCommand) "there is no command '$unknown'" else mistake.message.orEmpty().replaceFirstChar(Char::lowercase)
        val meant = unknown?.let { if (isCommand) Vocabulary.nearest(it, spec.subcommands().keys) else option(it) }
        return problem + if (meant != null) "; did you mean '$meant'?" else "; see ${spec.qualifiedName()} --help"
    }

    private fun option(text: String): String? {
        val name = text.substringBefore('=').takeIf { it.startsWith("--") && it.length > 2 } ?: return null
        // Users often try methods of the recipe as options.
        val words = if ("--set" in spec.optionsMap()) Setting.WORDS.distinct() else listOf()
        val word = name.removePrefix("--")
        return words.firstOrNull { it == word }?.let { setting(it, text) }
            ?: Vocabulary.nearest(name, spec.optionsMap().keys.filter { it.startsWith("--") })
            ?: Vocabulary.nearest(word, words)?.let { setting(it, text) }
    }

    private fun setting(
        word: String,
        text: String,
    ): String {
        val next = said.getOrNull(said.indexOf(text) + 1)?.takeUnless { it.startsWith("-") }
        val value = if ('=' in text) text.substringAfter('=') else next
        return "--set $word" + (value?.let { "=$it" } ?: "")
    }
}
