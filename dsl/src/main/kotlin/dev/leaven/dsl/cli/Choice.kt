package dev.leaven.dsl.cli

/** What one of an option's words means. */
internal fun <T : Any> choice(
    option: String,
    word: String,
    words: Map<String, T>,
): T {
    val all = words.keys.toList()
    return requireNotNull(words[word.lowercase()]) {
        "$option: must be ${all.dropLast(1).joinToString(", ")} or ${all.last()}, but is $word"
    }
}
