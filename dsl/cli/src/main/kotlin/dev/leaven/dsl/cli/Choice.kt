package dev.leaven.dsl.cli

/** The meaning of one value of an option. */
internal fun <T : Any> choice(
    option: String,
    word: String,
    words: Map<String, T>,
): T = requireNotNull(words[word.lowercase()]) { "$option: must be ${alternatives(words.keys)}, but is $word" }

/** For instance `flip, five-crop or multi-scale`. */
internal fun alternatives(words: Collection<String>): String = words.toList().dropLast(1).joinToString(", ") + " or " + words.last()
