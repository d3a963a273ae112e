package dev.leaven.dsl.cli

import dev.leaven.runtime.export.Export
import dev.leaven.runtime.export.WeightPrecision
import dev.leaven.runtime.train.TrainedModel.Which
import picocli.CommandLine.Command
import picocli.CommandLine.Mixin
import picocli.CommandLine.Option
import picocli.CommandLine.Parameters
import picocli.CommandLine.ParentCommand
import java.nio.file.Files
import java.nio.file.Path
import java.util.concurrent.Callable

/** `leaven export`. */
@Command(
    name = "export",
    description = ["Write a run's model as a SavedModel that takes image files and gives class names."],
    mixinStandardHelpOptions = true,
    versionProvider = Leaven.Version::class,
    footer = [
        "",
        "Examples:",
        "  leaven export runs/pets-20260101-120000 models/pets/1",
        "  leaven export runs/pets-… models/pets/2 --weights best --precision float16",
        "",
        "leaven predict and leaven serve use it; TensorFlow Serving does too, if DIR's name is a number.",
    ],
)
internal class ExportModel : Callable<Int> {
    internal class Precisions : ArrayList<String>(PRECISIONS.keys)

    @ParentCommand
    private lateinit var leaven: Leaven

    @Parameters(index = "0", paramLabel = "RUN", description = ["The run's directory."])
    private lateinit var run: Path

    @Parameters(index = "1", paramLabel = "DIR", description = ["Where the model is written, a new or empty directory."])
    private lateinit var directory: Path

    @Option(
        names = ["--size"],
        paramLabel = "PIXELS",
        description = ["The side of the images that the model sees; that of the last stage if unsaid."],
    )
    private var size: Int? = null

    @Mixin
    private lateinit var weights: WeightsArgument

    @Option(
        names = ["--precision"],
        paramLabel = "NUMBERS",
        completionCandidates = Precisions::class,
        description = ["How weights are stored: float32, float16 (half the size), dynamic (a quarter). Default: float32."],
    )
    private var precision: String = "float32"

    override fun call(): Int {
        var export = Export.of(run).precision(choice("--precision", precision, PRECISIONS))
        size?.let { export = export.size(it) }
        if (weights.of() == Which.BEST) {
            export = export.best()
        }
        export.to(directory)
        val bytes = Files.size(directory.resolve("saved_model.pb"))
        leaven.console.out.println("the model is in $directory, ${Bytes.text(bytes)}; try it: leaven serve $directory")
        return Leaven.DONE
    }

    private companion object {
        val PRECISIONS = WeightPrecision.entries.associateBy { it.name.lowercase() }
    }
}
