package dev.leaven.dsl.cli

import dev.leaven.dsl.script.ScriptedRecipe
import dev.leaven.runtime.data.DataSource
import dev.leaven.runtime.data.FilesByName
import dev.leaven.runtime.data.IdxFolder
import dev.leaven.runtime.data.ImageFolder
import dev.leaven.runtime.data.catalogue.CatalogueImages
import picocli.CommandLine.Option
import picocli.CommandLine.Parameters
import java.nio.file.Path

/** The script, and where its data is, if not where it says. */
internal class ScriptArguments {
    @Parameters(paramLabel = "SCRIPT", description = ["A recipe script, for instance pets.recipe.kts."])
    lateinit var path: Path

    @Option(
        names = ["--data"],
        paramLabel = "DIR",
        description = ["Take the images from this folder instead of the one that the script names."],
    )
    private var folder: Path? = null

    /** The script's name without its endings. */
    fun name(): String =
        path.fileName
            .toString()
            .removeSuffix(".kts")
            .removeSuffix(".recipe")

    /**
     * The data to use: of the script's kind, at the place that the command line names. A published
     * data set is downloaded if it is not there.
     */
    fun data(
        scripted: ScriptedRecipe,
        console: Console,
    ): DataSource {
        val said = scripted.data
        val folder = folder
        return when {
            folder == null -> {
                // Here, where there is a terminal to show how far it is.
                (said as? CatalogueImages)?.let { images -> DownloadProgress(console).use(images::fetch) }
                requireNotNull(said) {
                    "$path: it does not say where the images are; write data = imageFolder(\"...\") above the recipe, or add --data DIR"
                }
            }

            said is IdxFolder -> {
                IdxFolder.of(folder)
            }

            said is ImageFolder -> {
                ImageFolder(folder, said.split())
            }

            said is FilesByName -> {
                FilesByName(folder, said.pattern(), said.split())
            }

            said is CatalogueImages -> {
                said.entry().layout().at(folder)
            }

            said == null -> {
                ImageFolder.of(folder)
            }

            else -> {
                throw IllegalArgumentException("--data: the script's data is ${said.describe()}, which is no folder")
            }
        }
    }
}
