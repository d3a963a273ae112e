package dev.leaven.dsl.cli

import dev.leaven.runtime.machine.Machine
import picocli.CommandLine
import picocli.CommandLine.Command
import picocli.CommandLine.Help.Ansi
import picocli.CommandLine.IVersionProvider
import picocli.CommandLine.Option
import picocli.CommandLine.ScopeType
import java.io.PrintWriter
import kotlin.system.exitProcess

/**
 * The `leaven` command line.
 *
 * Exit codes: 0 for success; 1 for a failure; 2 for a user's mistake in the command, the script or the data; 130 when a run was interrupted
 * and can be resumed.
 */
@Command(
    name = "leaven",
    description = ["Trains image classifiers with recipes that read like sentences."],
    subcommands = [
        Train::class,
        Resume::class,
        Explain::class,
        LearningRate::class,
        Ablate::class,
        Evaluate::class,
        Report::class,
        ExportModel::class,
        Predict::class,
        Serve::class,
        Data::class,
        Model::class,
        New::class,
        Doctor::class,
        Completion::class,
    ],
    mixinStandardHelpOptions = true,
    versionProvider = Leaven.Version::class,
    synopsisSubcommandLabel = "COMMAND",
    footer = [
        "",
        "Examples:",
        "  leaven new pets                       a project that trains at once",
        "  leaven doctor                         what this machine has and lacks",
        "  leaven explain pets.recipe.kts        what would be done",
        "  leaven lr-find pets.recipe.kts        which learning rate suits it",
        "  leaven train pets.recipe.kts          do it",
        "  leaven ablate pets.recipe.kts         what each of its techniques is worth",
        "  leaven resume runs/pets-…             go on with a run that was stopped",
        "  leaven evaluate runs/pets-…           how good its model is",
        "  leaven report runs/pets-…             a page: curves, confusion, top losses",
        "  leaven export runs/pets-… models/pets/1",
        "  leaven predict models/pets/1 tom.jpg  what a picture shows",
        "  leaven serve models/pets/1            a page to drop pictures on",
        "  leaven data get imagenette-160        download a published data set",
        "  leaven model summary xresnet50        layers, shapes, parameters",
        "",
        "A script names its data and ends in its recipe:",
        "  data = imageFolder(\"pets\")",
        "  resize(128).then(224).mixup().labelSmoothing(0.1).tta(4)",
    ],
)
public class Leaven internal constructor(
    internal val console: Console,
) {
    @Option(names = ["--verbose"], scope = ScopeType.INHERIT, description = ["Show stack traces of failures."])
    internal var verbose: Boolean = false

    internal class Version : IVersionProvider {
        override fun getVersion(): Array<String> = arrayOf("leaven " + version())
    }

    /** The entry point. */
    public companion object {
        internal const val DONE: Int = 0
        internal const val FAILED: Int = 1
        internal const val MISTAKE: Int = 2
        internal const val INTERRUPTED: Int = 130

        internal fun version(): String = Leaven::class.java.`package`.implementationVersion ?: "(not packaged)"

        /** Runs a command and ends the process with its exit code. */
        @JvmStatic
        public fun main(arguments: Array<String>) {
            val code = run(Console.ofProcess(), *arguments)
            Launcher.awaitFilter()
            exitProcess(code)
        }

        internal fun run(
            console: Console,
            vararg arguments: String,
        ): Int {
            val leaven = Leaven(console)
            Machine.onCheck { console.err.println("leaven: $it") }
            val command = CommandLine(leaven)
            command.out = PrintWriter(console.out, true)
            command.err = PrintWriter(console.err, true)
            command.isUsageHelpAutoWidth = false
            command.isCaseInsensitiveEnumValuesAllowed = true
            command.colorScheme = CommandLine.Help.defaultColorScheme(if (console.colours) Ansi.ON else Ansi.OFF)
            command.parameterExceptionHandler =
                CommandLine.IParameterExceptionHandler { mistake, said ->
                    console.err.println("leaven: ${UsageMistake(mistake, said.toList()).sentence()}")
                    MISTAKE
                }
            command.executionExceptionHandler =
                CommandLine.IExecutionExceptionHandler { error, _, _ -> Failure.report(error, console.err, leaven.verbose) }
            return if (arguments.isEmpty()) command.execute("--help") else command.execute(*arguments)
        }
    }
}
