package dev.leaven.dsl.cli

import dev.leaven.dsl.script.RecipeFile
import dev.leaven.dsl.script.ScriptedRecipe
import dev.leaven.runtime.data.DataSource
import dev.leaven.runtime.data.ImageFolder
import dev.leaven.runtime.data.catalogue.CatalogueImages
import picocli.CommandLine.Option
import picocli.CommandLine.Parameters
import java.nio.file.Path

/** The script, which of its recipes, its arguments, and where its data is, if not where the script names it. */
internal class ScriptArguments {
    @Parameters(index = "0", paramLabel = "SCRIPT", description = ["A recipe script, for instance pets.recipe.kts."])
    lateinit var path: Path

    @Parameters(
        index = "1..*",
        arity = "0..*",
        paramLabel = "NAME=VALUE",
        description = ["What the script finds in args, for instance epochs=3."],
    )
    private var said: List<String> = listOf()

    @Option(
        names = ["--arg"],
        paramLabel = "NAME=VALUE",
        description = ["The same as an option."],
    )
    private var args: List<String> = listOf()

    @Option(
        names = ["--recipe"],
        paramLabel = "NAME",
        description = ["Which of the script's recipes, if it has several."],
    )
    private var recipe: String? = null

    @Option(
        names = ["--set"],
        paramLabel = "WORD=VALUE",
        description = ["Say a word of the recipe otherwise, for instance epochs=3, stage1.epochs=3, mixup or model=xresnet18."],
    )
    private var settings: List<String> = listOf()

    @Option(
        names = ["--data"],
        paramLabel = "DIR",
        description = ["Take the images from this folder instead of the one that the script names."],
    )
    private var folder: Path? = null

    /** The recipe of the script, with the changes from the command line. */
    fun read(): ScriptedRecipe {
        val scripted = RecipeFile(path).read(recipe, (said + args).associate(::pair))
        return settings.fold(scripted) { before, setting -> before.with(Setting.of(setting).on(before.recipe)) }
    }

    private fun pair(text: String): Pair<String, String> {
        val name = text.substringBefore('=').trim()
        require('=' in text && name.isNotEmpty()) {
            "'$text' says nothing to the script; write NAME=VALUE, for instance epochs=3"
        }
        return name to text.substringAfter('=').trim()
    }

    /** The script's name without its endings. */
    fun name(): String =
        path.fileName
            .toString()
            .removeSuffix(".kts")
            .removeSuffix(".recipe")

    /**
     * The data to use: of the script's kind, at the location that the command line names. A published data set is downloaded if it is
     * missing.
     */
    fun data(
        scripted: ScriptedRecipe,
        console: Console,
    ): DataSource {
        val said = scripted.data
        val folder = folder
        return when {
            folder == null -> {
                // Downloads here, where a terminal can show the progress.
                (said as? CatalogueImages)?.let { images -> DownloadProgress(console).use(images::fetch) }
                scripted.requireData()
            }

            said == null -> {
                ImageFolder.of(folder)
            }

            else -> {
                said.movedTo(folder)
            }
        }
    }
}
