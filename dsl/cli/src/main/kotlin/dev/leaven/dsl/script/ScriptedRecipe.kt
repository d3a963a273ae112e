package dev.leaven.dsl.script

import dev.leaven.dsl.Recipe
import dev.leaven.runtime.data.DataSource
import java.nio.file.Files

/**
 * The result of a script.
 *
 * @property recipe the requested recipe
 * @property data where the images come from, or null if the script does not set it
 * @property name the recipe's name in the script, or null if it has none
 */
public data class ScriptedRecipe(
    val recipe: Recipe,
    val data: DataSource?,
    val name: String? = null,
) {
    internal var mentions: List<Mention> = listOf()
    internal var errors: ScriptErrors? = null

    /** The same with another recipe. */
    internal fun with(recipe: Recipe): ScriptedRecipe =
        copy(recipe = recipe).also {
            it.mentions = mentions
            it.errors = errors
        }

    /**
     * The data, after a check that its files exist.
     *
     * @throws ScriptException when the script does not set where the images are, or what it names is missing
     */
    public fun requireData(): DataSource {
        val source = data ?: throw errors?.noData() ?: ScriptException("the script does not say where the images are")
        val description = source.describe()
        mentions
            .firstOrNull { !Files.exists(it.path) && description.contains(it.path.toString()) }
            ?.let { missing -> errors?.let { throw it.missing(missing) } }
        return source
    }
}
