package dev.leaven.dsl.cli

import dev.leaven.runtime.models.ModelSummary
import dev.leaven.runtime.models.Models
import picocli.CommandLine
import picocli.CommandLine.Command
import picocli.CommandLine.Model.CommandSpec
import picocli.CommandLine.Option
import picocli.CommandLine.Parameters
import picocli.CommandLine.ParentCommand
import picocli.CommandLine.Spec
import java.util.concurrent.Callable

/** `leaven model`. */
@Command(
    name = "model",
    description = ["Look at architectures."],
    subcommands = [Model.Listing::class, Model.Summary::class],
    mixinStandardHelpOptions = true,
    versionProvider = Leaven.Version::class,
    synopsisSubcommandLabel = "COMMAND",
    footer = ["", "Examples:", "  leaven model list", "  leaven model summary xresnet50"],
)
internal class Model : Callable<Int> {
    @ParentCommand
    internal lateinit var leaven: Leaven

    @Spec
    private lateinit var spec: CommandSpec

    override fun call(): Int = throw CommandLine.ParameterException(spec.commandLine(), "missing required command: list or summary")

    /** `leaven model list`. */
    @Command(
        name = "list",
        description = ["Show the architectures that Leaven knows."],
        mixinStandardHelpOptions = true,
        versionProvider = Leaven.Version::class,
        footer = ["", "Examples:", "  leaven model list", "  leaven model list --json | jq -r .[].name"],
    )
    internal class Listing : Callable<Int> {
        @ParentCommand
        private lateinit var model: Model

        @Option(names = ["--json"], description = ["Print them in JSON."])
        private var json: Boolean = false

        override fun call(): Int {
            if (json) {
                val all = Models.names().map { name -> mapOf("name" to name, "description" to Models.named(name).describe()) }
                model.leaven.console.out
                    .println(Json.pretty(all))
                return Leaven.DONE
            }
            val width = Models.names().maxOf(String::length)
            Models.names().forEach { name ->
                model.leaven.console.out
                    .println("${name.padEnd(width)}  ${Models.named(name).describe()}")
            }
            return Leaven.DONE
        }
    }

    /** `leaven model summary`. */
    @Command(
        name = "summary",
        description = ["Show a model's layers with shapes, parameters and multiplications."],
        mixinStandardHelpOptions = true,
        versionProvider = Leaven.Version::class,
        footer = [
            "",
            "Examples:",
            "  leaven model summary xresnet50",
            "  leaven model summary resnet18 --size 64 --classes 100 --channels 1",
        ],
    )
    internal class Summary : Callable<Int> {
        @ParentCommand
        private lateinit var model: Model

        @Parameters(paramLabel = "NAME", description = ["An architecture, as leaven model list names it."])
        private lateinit var name: String

        @Option(names = ["--size"], paramLabel = "PIXELS", description = ["The images' side. Default: \${DEFAULT-VALUE}."])
        private var size: Int = 224

        @Option(names = ["--classes"], paramLabel = "NUMBER", description = ["Default: \${DEFAULT-VALUE}."])
        private var classes: Int = 10

        @Option(names = ["--channels"], paramLabel = "NUMBER", description = ["1 for grey images. Default: \${DEFAULT-VALUE}."])
        private var channels: Int = 3

        @Option(names = ["--json"], description = ["Print it in JSON."])
        private var json: Boolean = false

        override fun call(): Int {
            val summary = ModelSummary.of(Models.named(name), size, channels, classes)
            model.leaven.console.out
                .print(if (json) Json.pretty(summary) + "\n" else summary.text())
            return Leaven.DONE
        }
    }
}
