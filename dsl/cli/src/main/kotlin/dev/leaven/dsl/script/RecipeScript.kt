package dev.leaven.dsl.script

import dev.leaven.dsl.DataWords
import dev.leaven.dsl.Recipe
import dev.leaven.dsl.RecipeBlock
import dev.leaven.runtime.data.DataSource
import java.nio.file.Path
import kotlin.script.experimental.annotations.KotlinScript
import kotlin.script.experimental.api.ScriptAcceptedLocation
import kotlin.script.experimental.api.ScriptCompilationConfiguration
import kotlin.script.experimental.api.acceptedLocations
import kotlin.script.experimental.api.defaultImports
import kotlin.script.experimental.api.ide
import kotlin.script.experimental.jvm.dependenciesFromClassContext
import kotlin.script.experimental.jvm.jvm

/**
 * What a `*.recipe.kts` file can use without importing anything: the data, and as its last
 * expression the recipe.
 *
 * ```kotlin
 * data = imageFolder("../data/pets")
 * resize(128).then(224).model(xresnet18()).mixup().labelSmoothing(0.1).tta(4)
 * ```
 *
 * Several recipes have names, and `--recipe NAME` selects one. The name of a `val` counts too.
 *
 * ```kotlin
 * val short = resize(128).epochs(args.int("epochs", 5))
 * recipe("mixed", short.mixup())
 * recipe("sharp") {
 *     resize(224) { epochs = 10 }
 *     mixup(0.2)
 * }
 * ```
 *
 * @param directory the folder of the script; paths in it are relative to this
 * @property args the script's arguments on the command line, `epochs=3`
 */
@KotlinScript(
    displayName = "Leaven recipe",
    fileExtension = "recipe.kts",
    compilationConfiguration = RecipeScriptCompilation::class,
)
public abstract class RecipeScript(
    directory: Path,
    public val args: Arguments,
) : DataWords(directory) {
    /** Where the images come from. */
    public var data: DataSource? = null

    internal val recipes = linkedMapOf<String, Recipe>()
    internal val mentions = mutableListOf<Mention>()

    /** Sets where the images come from: `data { imageFolder("pets") }` is `data = imageFolder("pets")`. */
    public fun data(block: DataWords.() -> DataSource) {
        data = block()
    }

    /** A recipe with a name, as a block. */
    public fun recipe(
        name: String,
        block: RecipeBlock.() -> Unit,
    ): Recipe = recipe(name, dev.leaven.dsl.recipe(block))

    /** A recipe with a name. */
    public fun recipe(
        name: String,
        recipe: Recipe,
    ): Recipe {
        require(name.isNotBlank()) { "recipe: a name must not be empty" }
        require(recipes.put(name, recipe) == null) { "recipe: there are two of the name '$name'; choose another one" }
        return recipe
    }

    /** See [Recipe.pretrained]; the file is relative to the script. */
    public fun Recipe.pretrained(weights: String): Recipe = pretrained(path(weights))

    /** See [Recipe.pretrained]; the file is relative to the script. */
    public fun RecipeBlock.pretrained(weights: String): Unit = pretrained(path(weights))

    override fun path(path: String): Path = super.path(path).also { mentions += Mention.here(this, path, it) }
}

/** How a recipe script is compiled: its default imports, and its class path. */
public object RecipeScriptCompilation : ScriptCompilationConfiguration({
    defaultImports(RecipeScriptImports.ALL)
    jvm { dependenciesFromClassContext(RecipeScript::class, wholeClasspath = true) }
    // A development environment shows recipes as such wherever they lie in a project.
    ide { acceptedLocations(ScriptAcceptedLocation.Everywhere) }
}) {
    private fun readResolve(): Any = RecipeScriptCompilation
}

/** The default imports of scripts. */
internal object RecipeScriptImports {
    /** The packages that scripts import completely. */
    val PACKAGES: List<String> =
        listOf(
            "data",
            "data.catalogue",
            "evaluate",
            "loss",
            "mix",
            "models",
            "nn",
            "optimize",
            "transform",
        ).map { "dev.leaven.runtime.$it" }

    val ALL: List<String> =
        listOf("dev.leaven.dsl.*", "dev.leaven.dsl.Recipe.resize", "dev.leaven.dsl.ablate.*") +
            PACKAGES.map { "$it.*" } +
            listOf("graph.Precision", "plan.EarlyStopping", "plan.Stopping", "plan.TimeLimit").map { "dev.leaven.runtime.$it" } +
            "java.nio.file.Path"
}
