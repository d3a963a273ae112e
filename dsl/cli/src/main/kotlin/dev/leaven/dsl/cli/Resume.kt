package dev.leaven.dsl.cli

import dev.leaven.dsl.EpochLines
import dev.leaven.dsl.Run
import dev.leaven.dsl.script.RecipeFile
import picocli.CommandLine.Command
import picocli.CommandLine.Mixin
import picocli.CommandLine.Option
import picocli.CommandLine.Parameters
import picocli.CommandLine.ParentCommand
import java.nio.file.Files
import java.nio.file.Path
import java.util.concurrent.Callable

/** `leaven resume`. */
@Command(
    name = "resume",
    description = ["Go on with a run that was stopped, exactly where it was."],
    mixinStandardHelpOptions = true,
    versionProvider = Leaven.Version::class,
    footer = [
        "",
        "Examples:",
        "  leaven resume runs/pets-20260101-120000",
        "  leaven resume runs/pets-… --recipe pets.recipe.kts --checkpoint-every 500",
    ],
)
internal class Resume : Callable<Int> {
    @ParentCommand
    private lateinit var leaven: Leaven

    @Parameters(paramLabel = "RUN", description = ["The run's directory."])
    private lateinit var directory: Path

    @Option(
        names = ["--recipe"],
        paramLabel = "SCRIPT",
        description = ["Go on only if the run is of this recipe; otherwise say what differs."],
    )
    private var recipe: Path? = null

    @Mixin
    private lateinit var files: OptionsArguments

    override fun call(): Int {
        recipe?.let(::requireSame)
        val wasFinished = Files.exists(directory.resolve("summary.json"))
        val run = Run.open(directory).resume(files.options(), leaven.console.listener())
        if (wasFinished) {
            // Nothing was left to do, so the listener was not called.
            leaven.console.out.println("$directory was finished already: ${EpochLines.primary(run.scores())}")
        }
        return if (run.finished()) Leaven.DONE else Leaven.INTERRUPTED
    }

    private fun requireSame(script: Path) {
        val differences = RecipeFile(script).read().recipe.differencesFrom(directory)
        require(differences.isEmpty()) {
            "$script is another recipe than that of $directory; resume it without --recipe, or train anew. " +
                "What differs: ${differences.joinToString("; ")}"
        }
    }
}
