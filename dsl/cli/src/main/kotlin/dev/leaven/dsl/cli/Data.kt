package dev.leaven.dsl.cli

import dev.leaven.runtime.data.catalogue.CatalogueEntry
import dev.leaven.runtime.data.catalogue.DatasetStore
import dev.leaven.runtime.data.catalogue.Datasets
import picocli.CommandLine
import picocli.CommandLine.Command
import picocli.CommandLine.Model.CommandSpec
import picocli.CommandLine.Option
import picocli.CommandLine.Parameters
import picocli.CommandLine.ParentCommand
import picocli.CommandLine.Spec
import java.nio.file.Path
import java.util.concurrent.Callable

/** `leaven data`. */
@Command(
    name = "data",
    description = ["Get published data sets, and see what a recipe makes of data."],
    subcommands = [Data.Listing::class, Data.Get::class, DataShow::class],
    mixinStandardHelpOptions = true,
    versionProvider = Leaven.Version::class,
    synopsisSubcommandLabel = "COMMAND",
    footer = ["", "Examples:", "  leaven data list", "  leaven data get imagenette-160", "  leaven data show pets.recipe.kts -o grid.png"],
)
internal class Data : Callable<Int> {
    @ParentCommand
    internal lateinit var leaven: Leaven

    @Spec
    private lateinit var spec: CommandSpec

    override fun call(): Int = throw CommandLine.ParameterException(spec.commandLine(), "missing required command: list, get or show")

    /** `leaven data list`. */
    @Command(
        name = "list",
        description = ["Show the data sets that Leaven knows; those on this disk are marked with *."],
        mixinStandardHelpOptions = true,
        versionProvider = Leaven.Version::class,
        footer = ["", "Examples:", "  leaven data list", "  leaven data list --json | jq '.[] | select(.here)'"],
    )
    internal class Listing : Callable<Int> {
        @ParentCommand
        private lateinit var data: Data

        @Option(names = ["--json"], description = ["Print them in JSON."])
        private var json: Boolean = false

        override fun call(): Int {
            val store = DatasetStore.ofProcess()
            val entries = Datasets.all()
            if (json) {
                data.leaven.console.out
                    .println(Json.pretty(entries.map { described(it, store) }))
                return Leaven.DONE
            }
            val width = entries.maxOf { it.name().length }
            entries.forEach { entry ->
                val mark = if (store.has(entry)) "*" else " "
                data.leaven.console.out
                    .println("$mark ${entry.name().padEnd(width)} ${size(entry).padStart(SIZE_WIDTH)}  ${entry.summary()}")
                data.leaven.console.out
                    .println(" ".repeat(width + SIZE_WIDTH + INDENT) + "${entry.licence()}; ${entry.origin()}")
            }
            return Leaven.DONE
        }

        private fun described(
            entry: CatalogueEntry,
            store: DatasetStore,
        ) = mapOf(
            "name" to entry.name(),
            "bytes" to if (entry.size().isPresent) entry.size().asLong else null,
            "summary" to entry.summary(),
            "licence" to entry.licence(),
            "origin" to entry.origin(),
            "here" to store.has(entry),
            "folder" to store.folder(entry).toString(),
        )

        private fun size(entry: CatalogueEntry): String = if (entry.size().isPresent) Bytes.text(entry.size().asLong) else "?"
    }

    /** `leaven data get`. */
    @Command(
        name = "get",
        description = ["Download a data set, unless it is there. An interrupted download goes on where it was."],
        mixinStandardHelpOptions = true,
        versionProvider = Leaven.Version::class,
        footer = [
            "",
            "Examples:",
            "  leaven data get imagenette-160",
            "  leaven data get oxford-pets --to photographs/pets",
            "",
            "LEAVEN_HOME says where data sets are kept, LEAVEN_MIRROR from where they are downloaded.",
        ],
    )
    internal class Get : Callable<Int> {
        @ParentCommand
        private lateinit var data: Data

        @Parameters(paramLabel = "NAME", description = ["A data set, as leaven data list names it."])
        private lateinit var name: String

        @Option(names = ["--to"], paramLabel = "DIR", description = ["Put it into this folder instead of the usual place."])
        private var folder: Path? = null

        override fun call(): Int {
            val console = data.leaven.console
            val entry = Datasets.entry(name)
            val store = DatasetStore.ofProcess()
            val target =
                DownloadProgress(console).use { progress -> store.fetch(entry, folder ?: store.folder(entry), progress) }
            console.out.println("${entry.name()} is in $target")
            return Leaven.DONE
        }
    }

    private companion object {
        const val SIZE_WIDTH = 8
        const val INDENT = 5
    }
}
