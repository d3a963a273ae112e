package dev.leaven.dsl.cli

import dev.leaven.runtime.run.LearningRates.End
import dev.leaven.runtime.train.LearningRateFinder
import picocli.CommandLine.Command
import picocli.CommandLine.Mixin
import picocli.CommandLine.Option
import picocli.CommandLine.ParentCommand
import java.nio.file.Path
import java.util.concurrent.Callable

/** `leaven lr-find`. */
@Command(
    name = "lr-find",
    description = ["Find a learning rate: train some steps at ever higher rates, keep nothing, and say where the loss falls."],
    mixinStandardHelpOptions = true,
    versionProvider = Leaven.Version::class,
    footer = [
        "",
        "Examples:",
        "  leaven lr-find pets.recipe.kts",
        "  leaven lr-find pets.recipe.kts -o rates.png",
        "  leaven lr-find pets.recipe.kts --stage 2 --from runs/pets-20260101-120000",
    ],
)
internal class LearningRate : Callable<Int> {
    @ParentCommand
    private lateinit var leaven: Leaven

    @Mixin
    private lateinit var script: ScriptArguments

    @Option(names = ["-o", "--output"], paramLabel = "FILE", description = ["Draw the curve into this .png or .svg file."])
    private var output: Path? = null

    @Option(names = ["--stage"], paramLabel = "N", description = ["The stage that the rate is for; 1 if unsaid."])
    private var stage: Int? = null

    @Option(names = ["--steps"], paramLabel = "N", description = ["Training steps, at least 6; 100 if unsaid."])
    private var steps: Int? = null

    @Option(names = ["--start"], paramLabel = "RATE", description = ["The lowest rate; 1e-7 if unsaid."])
    private var start: Double? = null

    @Option(names = ["--end"], paramLabel = "RATE", description = ["The highest rate; 10 if unsaid."])
    private var end: Double? = null

    @Option(names = ["--from"], paramLabel = "RUN", description = ["Begin with the weights of this run instead of fresh ones."])
    private var from: Path? = null

    override fun call(): Int {
        // Checked before the cost of the steps.
        val plot = output?.let(::LearningRatePlot)
        val finder = finder()
        val scripted = script.read()
        val data = script.data(scripted, leaven.console)
        val rates = scripted.recipe.findLearningRate(data, finder, leaven.console.listener())
        if (rates.end() == End.STOPPED) {
            return Leaven.INTERRUPTED
        }
        if (plot != null && rates.points().size > 1) {
            plot.write(rates)
            leaven.console.out.println("the curve is in $output")
        } else if (plot != null) {
            leaven.console.out.println("there is no curve to draw")
        }
        return Leaven.DONE
    }

    private fun finder(): LearningRateFinder {
        val usual = LearningRateFinder()
        val finder =
            usual
                .between(start ?: usual.startRate(), end ?: usual.endRate())
                .steps(steps ?: usual.steps())
                .stage(stage ?: usual.stage())
        return from?.let(finder::from) ?: finder
    }
}
