package dev.leaven.dsl.script

import dev.leaven.dsl.AugmentBlock
import dev.leaven.dsl.Augmentation
import dev.leaven.dsl.OptimizerBlock
import dev.leaven.dsl.Recipe
import dev.leaven.dsl.RecipeBlock
import dev.leaven.dsl.ScheduleBlock
import dev.leaven.dsl.StageBlock
import dev.leaven.dsl.StageSpec
import dev.leaven.dsl.TtaBlock
import dev.leaven.runtime.Technique
import dev.leaven.runtime.data.DecodedCache
import dev.leaven.runtime.graph.Precision
import dev.leaven.runtime.nn.Activation
import dev.leaven.runtime.plan.EarlyStopping
import dev.leaven.runtime.transform.ItemResize
import java.lang.reflect.Modifier
import java.nio.file.FileSystems
import java.nio.file.Files
import java.nio.file.Path

/** The words of the recipe language, and the word that a mistyped one was meant to be. */
internal object Vocabulary {
    private val CLASS = Regex("[A-Z][A-Za-z0-9]*\\.class")
    private val LAYERS = Activation::class.java.packageName
    private val NO_WORDS = setOf("equals", "hashCode", "toString")

    /** The models by their names; the functions of a file have no class that can be named. */
    val MODELS: List<String> by lazy { words(Class.forName("dev.leaven.dsl.ModelNames")) }

    /** The values of enums that recipes need, with the enum's name before them. */
    val MEMBERS: Map<String, String> =
        listOf(Precision::class.java, DecodedCache::class.java, EarlyStopping.Watched::class.java, ItemResize.Padding::class.java)
            .flatMap { type -> type.enumConstants.map { it.name to type.name.substringAfterLast('.').replace('$', '.') + "." + it.name } }
            .toMap()

    // Lazy, because nearest() is called for other words too, before anything of TensorFlow is loaded.
    private val WORDS: Set<String> by lazy {
        (
            listOf(
                Recipe::class.java,
                StageSpec::class.java,
                Augmentation::class.java,
                RecipeScript::class.java,
                RecipeBlock::class.java,
                StageBlock::class.java,
                AugmentBlock::class.java,
                ScheduleBlock::class.java,
                OptimizerBlock::class.java,
                TtaBlock::class.java,
                Arguments::class.java,
            ).flatMap { words(it) } + MODELS + techniques() + listOf("data", "args", "recipe", "epochs", "batchSize")
        ).toSortedSet()
    }

    /** The word nearest to [word], if one is near enough to be the intended one. */
    fun nearest(
        word: String,
        words: Collection<String> = WORDS,
    ): String? =
        words
            .map { it to distance(word.lowercase(), it.lowercase()) }
            .filter { (known, distance) -> distance <= maxOf(1, minOf(word.length, known.length) / 3) }
            // Of mixup and MixUp, the one whose first letter matches.
            .minWithOrNull(compareBy({ (_, distance) -> distance }, { (known, _) -> known[0].isUpperCase() != word[0].isUpperCase() }))
            ?.first

    // The classes of the packages that scripts import completely, from their jar or folder.
    private fun techniques(): List<String> {
        val place =
            Path.of(
                Technique::class.java.protectionDomain.codeSource.location
                    .toURI(),
            )
        if (Files.isDirectory(place)) {
            return classes(place)
        }
        return FileSystems.newFileSystem(place).use { classes(it.getPath("/")) }
    }

    private fun classes(root: Path): List<String> =
        // A recipe takes no layer, but its model takes an activation.
        (RecipeScriptImports.PACKAGES - LAYERS).flatMap { each ->
            Files.list(root.resolve(each.replace('.', '/'))).use { files ->
                files
                    .map { it.fileName.toString() }
                    .filter { CLASS.matches(it) }
                    .map { it.removeSuffix(".class") }
                    .toList()
            }
        } + Activation::class.java.simpleName

    private fun words(type: Class<*>): List<String> =
        type.methods
            .filter { it.declaringClass.packageName.startsWith("dev.leaven") && Modifier.isPublic(it.modifiers) }
            .map { it.name }
            .map { if (it.startsWith("set")) it.removePrefix("set").replaceFirstChar(Char::lowercase) else it }
            .filter { it.all(Char::isLetterOrDigit) && !it.startsWith("get") && it !in NO_WORDS }

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
