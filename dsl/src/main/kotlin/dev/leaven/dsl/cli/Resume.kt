package dev.leaven.dsl.cli

import dev.leaven.dsl.EpochLines
import dev.leaven.runtime.train.Trainer
import picocli.CommandLine.Command
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
    footer = ["", "Example:", "  leaven resume runs/pets-20260101-120000"],
)
internal class Resume : Callable<Int> {
    @ParentCommand
    private lateinit var leaven: Leaven

    @Parameters(paramLabel = "RUN", description = ["The run's directory."])
    private lateinit var directory: Path

    override fun call(): Int {
        val wasFinished = Files.exists(directory.resolve("summary.json"))
        val run = Trainer.resume(directory, leaven.console.listener())
        if (wasFinished) {
            // Nothing was left to do, so the listener heard nothing.
            leaven.console.out.println("$directory was finished already: ${EpochLines.primary(run.scores())}")
        }
        return if (run.finished()) Leaven.DONE else Leaven.INTERRUPTED
    }
}
