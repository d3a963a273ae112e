package dev.leaven.dsl.script

/**
 * A compiler message in the terms of someone who writes recipes, with what to write instead.
 *
 * @property message what is wrong
 * @property column where, from 1
 */
internal data class PlainWords(
    val message: String,
    val column: Int,
) {
    companion object {
        private val REFERENCE = Regex("Unresolved reference:? '?([A-Za-z0-9_]+)'?.*")
        private val MISMATCH = Regex("(?:Argument|Assignment|Return) type mismatch: actual type is '(.+?)', but '(.+?)' was expected.*")
        private val INITIALIZER = Regex("Initializer type mismatch: expected '(.+?)', actual '(.+?)'.*")
        private val MISSING = Regex("No value passed for parameter '(.+?)'.*")
        private val TOO_MANY = Regex("Too many arguments for 'fun (\\w+)\\((.*)\\).*")
        private val DECIMAL = Regex("(?<![\\w.])(\\d+),(\\d+)(?=\\s*\\))")
        private val INVOCATION = Regex("Function invocation '(\\w+)\\((.*)\\)' expected.*")
        private val RECEIVER = Regex("'fun (\\w+)\\(.*' cannot be called in this context with an implicit receiver.*")
        private val PARAMETER = Regex("No parameter with name '(\\w+)' found.*")
        private val EXPECTING = Regex("(?:Syntax error: )?Expecting '?(.+?)'?\\.?")
        private val CANDIDATE = Regex("(?m)^fun (?:\\w+\\.)?(\\w+)\\((.*)\\): .*:$")
        private val JAVA = Regex("\\bnew [A-Z]\\w*\\(?$")
        private val ACTUAL = Regex("actual type is '(.+?)'")

        /** The compiler message for the code that begins at a column of a line. */
        fun of(
            message: String,
            line: String,
            column: Int,
        ): PlainWords {
            // For an assignment the compiler marks the sign, but people look at the value.
            val sign = Regex("^=\\s*").find(line.drop(column - 1))?.value?.length ?: 0
            val source = line.drop(column - 1 + sign)
            val before = line.take(column - 1)
            val said = message.trim()

            fun <T> Regex.on(write: (List<String>) -> T): T? = matchEntire(said)?.groupValues?.drop(1)?.let(write)
            val plain =
                REFERENCE.on { (word) -> unresolved(word, before, source) }
                    ?: MISMATCH.on { (actual, expected) -> mismatch(actual, expected, source) }
                    ?: INITIALIZER.on { (expected, actual) -> mismatch(actual, expected, source) }
                    ?: MISSING.on { (parameter) -> missing(parameter, before) }
                    ?: TOO_MANY.on { (word, parameters) ->
                        decimalComma(line, column)?.let { "if ${it.value} is one number, write it with a point: ${it.pointed()}" }
                            ?: "$word takes ${takes(parameters)}; this is too much"
                    }
                    ?: INVOCATION.on { (word, more) -> brackets(word, more, source) }
                    ?: RECEIVER.on { (word) -> "$word cannot be said in these braces: it is of the whole run; say it outside of them" }
                    ?: PARAMETER.on { (word) -> "there is no '$word' among what can be said here" }
                    ?: EXPECTING.on { (what) -> expecting(what, before, source) }
                    ?: candidates(said, source)
                    ?: said
                        .lines()
                        .first()
                        .removeSuffix(".")
                        .replaceFirstChar(Char::lowercase)
            return PlainWords(plain, column + sign)
        }

        /**
         * The two whole numbers that a decimal comma made out of one number; the second is at a column of a line and is the last argument.
         */
        fun decimalComma(
            line: String,
            column: Int,
        ): MatchResult? = DECIMAL.findAll(line).firstOrNull { it.groups[2]!!.range.first == column - 1 }

        private fun MatchResult.pointed() = "${groupValues[1]}.${groupValues[2]}"

        private fun unresolved(
            word: String,
            before: String,
            source: String,
        ): String {
            val rest = source.removePrefix(word)
            val meant = Vocabulary.nearest(word)
            val member = Vocabulary.MEMBERS[word]
            return when {
                word == "new" -> {
                    java(rest)
                }

                member != null -> {
                    "there is no '$word'; did you mean '$member'?"
                }

                meant != null -> {
                    "there is no '$word'; did you mean '$meant'?"
                }

                before.trimEnd().lastOrNull()?.let { it in "(,=" } == true && rest.trimStart().firstOrNull() in setOf(')', ',', null) -> {
                    "there is no '$word'; if it is a text, write it in quotes: \"$word\""
                }

                else -> {
                    "there is no '$word'"
                }
            }
        }

        private fun mismatch(
            actual: String,
            expected: String,
            source: String,
        ): String {
            val instead = instead(expected.removeSuffix("?"), source)
            return "this must be ${kind(expected)}, but is ${kind(actual)}${instead?.let { "; write $it" } ?: ""}"
        }

        // The text there, written correctly.
        private fun instead(
            expected: String,
            source: String,
        ): String? {
            val text = Regex("^\"([^\"]*)\"").find(source)?.groupValues?.get(1)
            val number = Regex("^-?[0-9.]+(?:[eE][-+]?\\d+)?").find(text ?: source)?.value?.toDoubleOrNull()
            val whole = number?.takeIf { it % 1.0 == 0.0 }?.toLong()
            return when (expected) {
                "Int", "Long" -> whole?.toString()
                "Double", "Number" -> if (text == null) whole?.let { "$it.0" } else number?.toString()
                "Path" -> text?.let { "path(\"$it\")" }
                "Architecture" -> Vocabulary.nearest(text.orEmpty(), Vocabulary.MODELS)?.let { "$it()" } ?: "xresnet50(), for instance"
                "DataSource" -> text?.let { "imageFolder(\"$it\")" }
                "Boolean" -> text?.takeIf { it == "true" || it == "false" }
                else -> null
            }
        }

        private fun missing(
            parameter: String,
            before: String,
        ): String {
            val word = Regex("(\\w+)\\s*$").find(before)?.value?.trim() ?: return "a value for $parameter is missing"
            return "$word needs a value for $parameter"
        }

        private fun brackets(
            word: String,
            more: String,
            source: String,
        ): String {
            val value =
                Regex("^$word\\s*=\\s*([^;}]+)")
                    .find(source)
                    ?.groupValues
                    ?.get(1)
                    ?.trim()
            return when {
                value != null -> "$word is said with brackets: $word($value)"
                more.isEmpty() -> "$word is said with brackets: $word()"
                else -> "$word is said with brackets and a value: $word(…)"
            }
        }

        // Copied from Java, where it is new XResNet(18).
        private fun java(rest: String) = "Kotlin has no 'new'; write ${Regex("\\w+").find(rest)?.value ?: "it"}(…) without it"

        private fun expecting(
            what: String,
            before: String,
            source: String,
        ): String {
            val surplus = source.firstOrNull()?.takeIf { it in ")}]" }
            return when {
                JAVA.containsMatchIn(before) -> java(before.substringAfterLast("new "))
                what == "an element" && surplus != null -> "there is a '$surplus' too many"
                what.length == 1 -> "a '$what' is missing here, or before"
                else -> "here should be $what"
            }
        }

        private fun candidates(
            said: String,
            source: String,
        ): String? {
            val all = CANDIDATE.findAll(said).map { it.groupValues[1] to it.groupValues[2] }.toList()
            val word = all.firstOrNull()?.first ?: return null
            val actual = ACTUAL.find(said)?.groupValues?.get(1)
            val given = actual?.let { ", but is given ${kind(it)}" } ?: ", which is not what stands here"
            val argument = source.substringAfter('(', "")
            val instead =
                all.firstNotNullOfOrNull { (_, parameters) ->
                    instead(parameters.substringBefore(',').substringAfter(": ").removeSuffix("?"), argument)
                }
            val write = instead?.let { "; write $word($it)" } ?: ""
            // Users see one method where there is one overload for whole numbers and one for any number.
            val kinds = all.map { (_, parameters) -> takes(parameters) }.distinct()
            return "$word takes ${kinds.joinToString(" or ")}$given$write"
        }

        private fun takes(parameters: String): String {
            val each =
                Regex(
                    "(\\w+): ([A-Za-z.?]+)",
                ).findAll(parameters).map { "${kind(it.groupValues[2])} (${it.groupValues[1]})" }.toList()
            return if (each.isEmpty()) "nothing" else each.joinToString(", ")
        }

        private fun kind(type: String): String =
            when (val name = type.removeSuffix("?").substringAfterLast('.')) {
                "Int", "Long" -> "a whole number"
                "Double", "Number", "Float" -> "a number with a point"
                "String" -> "a text"
                "Boolean" -> "true or false"
                "Path" -> "a path"
                "Architecture" -> "a model"
                "DataSource" -> "data"
                "Unit" -> "nothing"
                else -> (if (name.first().lowercaseChar() in "aeiou") "an " else "a ") + name
            }
    }
}
