package dev.leaven.dsl.script

import dev.leaven.dsl.Recipe
import dev.leaven.dsl.StageSpec
import java.lang.reflect.Modifier

/** The words of the recipe language, and which of them a mistyped word was meant to be. */
internal object Vocabulary {
    private val WORDS: Set<String> =
        listOf(Recipe::class.java, StageSpec::class.java, RecipeScript::class.java)
            .flatMap { type -> type.declaredMethods.filter { Modifier.isPublic(it.modifiers) } }
            .map { it.name }
            .filter { it.all(Char::isLetterOrDigit) && it !in setOf("equals", "hashCode", "toString", "getData", "setData") }
            .plus(listOf("recipe", "data"))
            .toSortedSet()

    /** The word nearest to [word], if one is near enough to be what was meant. */
    fun nearest(word: String): String? =
        WORDS
            .map { it to distance(word.lowercase(), it.lowercase()) }
            .filter { (known, distance) -> distance <= maxOf(1, minOf(word.length, known.length) / 3) }
            .minByOrNull { (_, distance) -> distance }
            ?.first

    // Damerau and Levenshtein: letters changed, added, left out, or swapped with their neighbour.
    private fun distance(
        a: String,
        b: String,
    ): Int {
        val d =
            Array(a.length + 1) { i ->
                IntArray(b.length + 1) { j ->
                    if (i == 0) {
                        j
                    } else if (j == 0) {
                        i
                    } else {
                        0
                    }
                }
            }
        for (i in 1..a.length) {
            for (j in 1..b.length) {
                val change = if (a[i - 1] == b[j - 1]) 0 else 1
                d[i][j] = minOf(d[i - 1][j] + 1, d[i][j - 1] + 1, d[i - 1][j - 1] + change)
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
                    d[i][j] = minOf(d[i][j], d[i - 2][j - 2] + 1)
                }
            }
        }
        return d[a.length][b.length]
    }
}
