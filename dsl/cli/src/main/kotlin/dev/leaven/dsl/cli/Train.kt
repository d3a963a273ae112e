package dev.leaven.dsl.cli

import picocli.CommandLine.Command
import picocli.CommandLine.Mixin
import picocli.CommandLine.Option
import picocli.CommandLine.ParentCommand
import java.nio.file.Path
import java.time.LocalDateTime
import java.time.format.DateTimeFormatter
import java.util.concurrent.Callable

/** `leaven train`. */
@Command(
    name = "train",
    description = ["Train as a script says."],
    mixinStandardHelpOptions = true,
    versionProvider = Leaven.Version::class,
    footer = [
        "",
        "Examples:",
        "  leaven train pets.recipe.kts",
        "  leaven train pets.recipe.kts --run runs/second --data /data/pets",
        "  leaven train pets.recipe.kts --recipe mixed epochs=3   epochs is the script's",
        "  leaven train pets.recipe.kts --set epochs=1 --set model=xresnet18",
        "  leaven train pets.recipe.kts --checkpoint-minutes 10 --keep 3 --tensorboard",
        "",
        "Ctrl-C saves the run; leaven resume goes on with it.",
    ],
)
internal class Train : Callable<Int> {
    @ParentCommand
    private lateinit var leaven: Leaven

    @Mixin
    private lateinit var script: ScriptArguments

    @Option(
        names = ["--run"],
        paramLabel = "DIR",
        description = ["Where the run is written; runs/SCRIPT-DATE-TIME if unsaid."],
    )
    private var run: Path? = null

    @Mixin
    private lateinit var files: OptionsArguments

    override fun call(): Int {
        val scripted = script.read()
        val data = script.data(scripted, leaven.console)
        val run = scripted.recipe.train(data, run ?: newRun(scripted.name), files.options(), leaven.console.listener())
        return if (run.finished()) Leaven.DONE else Leaven.INTERRUPTED
    }

    private fun newRun(name: String?): Path {
        val time = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss").format(LocalDateTime.now())
        return Path.of("runs", listOfNotNull(script.name(), name?.let(::fileName), time).joinToString("-"))
    }

    private fun fileName(name: String) = name.replace(Regex("[^\\p{L}\\p{N}._-]+"), "_")
}
