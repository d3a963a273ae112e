package dev.leaven.dsl.cli

import dev.leaven.dsl.EpochLines
import dev.leaven.dsl.ablate.Ablation
import dev.leaven.dsl.ablate.AblationLines
import dev.leaven.dsl.ablate.AblationRun
import dev.leaven.runtime.run.TrainingListener
import picocli.CommandLine.Command
import picocli.CommandLine.Mixin
import picocli.CommandLine.Option
import picocli.CommandLine.ParentCommand
import java.io.OutputStream
import java.io.PrintStream
import java.nio.file.Path
import java.util.concurrent.Callable

/** `leaven ablate`. */
@Command(
    name = "ablate",
    description = ["Learn what each technique of a recipe is worth: train with and without it, with several seeds."],
    mixinStandardHelpOptions = true,
    versionProvider = Leaven.Version::class,
    footer = [
        "",
        "Examples:",
        "  leaven ablate pets.recipe.kts --dry-run",
        "  leaven ablate pets.recipe.kts --seeds 5 --only mixup,label-smoothing,tta",
        "  leaven ablate pets.recipe.kts --mode leave-one-out --equal-seconds",
        "",
        "Ctrl-C stops it; the same command goes on where it was. More seeds may be added later.",
    ],
)
internal class Ablate : Callable<Int> {
    internal class Modes : ArrayList<String>(MODES.keys)

    @ParentCommand
    private lateinit var leaven: Leaven

    @Mixin
    private lateinit var script: ScriptArguments

    @Option(
        names = ["--mode"],
        paramLabel = "MODE",
        completionCandidates = Modes::class,
        description = ["add: techniques one at a time, to a baseline (default); leave-one-out: each left out of the recipe."],
    )
    private var mode: String = "add"

    @Option(names = ["--seeds"], paramLabel = "N", description = ["Runs of each variant; 3 if unsaid."])
    private var seeds: Int? = null

    @Option(
        names = ["--equal-seconds"],
        description = ["Give each variant as many epochs as fit into the seconds of the first, instead of equal epochs."],
    )
    private var equalSeconds: Boolean = false

    @Option(names = ["--epochs"], paramLabel = "N", description = ["Epochs of all stages together, in place of the recipe's."])
    private var epochs: Int? = null

    @Option(
        names = ["--only"],
        paramLabel = "NAMES",
        split = ",",
        description = ["Look at these techniques only, in this order; the others stay in every variant."],
    )
    private var only: List<String> = emptyList()

    @Option(
        names = ["-o", "--output"],
        paramLabel = "DIR",
        description = ["Where runs and ledger are written; ablations/SCRIPT-RECIPE-DATA if unsaid."],
    )
    private var output: Path? = null

    @Option(names = ["--keep-weights"], description = ["Keep the checkpoints of finished runs."])
    private var keepWeights: Boolean = false

    @Option(names = ["--dry-run"], description = ["Show the variants and what they cost, and train nothing."])
    private var dryRun: Boolean = false

    @Option(names = ["--json"], description = ["Write the ledger as JSON; what is told on the way goes to standard error."])
    private var json: Boolean = false

    override fun call(): Int {
        val ablation = ablation()
        val scripted = script.read()
        val data = script.data(scripted, leaven.console)
        val recipe = scripted.recipe
        if (dryRun) {
            leaven.console.out.print(recipe.explain(data, ablation))
            return Leaven.DONE
        }
        val directory = output ?: ablation.directory("${script.name()}-${recipe.hash()}", data)
        val ledger = recipe.ablate(data, ablation, directory, Progress(leaven.console, json))
        if (json) {
            leaven.console.out.print(ledger.json())
        }
        return if (ledger.finished()) Leaven.DONE else Leaven.INTERRUPTED
    }

    private fun ablation(): Ablation {
        var ablation = Ablation.of(choice("--mode", mode, MODES)).only(*only.map(String::trim).toTypedArray())
        seeds?.let { ablation = ablation.seeds(it) }
        epochs?.let { ablation = ablation.epochs(it) }
        if (equalSeconds) {
            ablation = ablation.withEqualSeconds()
        }
        return if (keepWeights) ablation.keepingWeights() else ablation
    }

    /** A line for each run, and on a terminal a bar below for the current one. */
    private class Progress(
        private val console: Console,
        json: Boolean,
    ) : AblationLines(if (json) console.err else console.out) {
        private val out = if (json) console.err else console.out

        override fun onRun(ablationRun: AblationRun): TrainingListener {
            val columns = console.columns ?: return super.onRun(ablationRun)
            val quiet = EpochLines(PrintStream(OutputStream.nullOutputStream()))
            return TerminalProgress(out, quiet, columns)
        }
    }

    private companion object {
        val MODES = Ablation.Mode.entries.associateBy { it.name.lowercase().replace('_', '-') }
    }
}
