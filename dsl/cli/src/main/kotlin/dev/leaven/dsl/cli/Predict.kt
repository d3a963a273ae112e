package dev.leaven.dsl.cli

import dev.leaven.runtime.data.ImageFiles
import dev.leaven.runtime.export.Prediction
import dev.leaven.runtime.export.Predictor
import picocli.CommandLine.ArgGroup
import picocli.CommandLine.Command
import picocli.CommandLine.Option
import picocli.CommandLine.Parameters
import picocli.CommandLine.ParentCommand
import java.io.PrintStream
import java.nio.file.Files
import java.nio.file.Path
import java.util.concurrent.Callable
import java.util.concurrent.CompletableFuture
import java.util.concurrent.CompletionException

/** `leaven predict`. */
@Command(
    name = "predict",
    description = ["Say what images show. Files that are no images are named and skipped; the exit code is then 1."],
    mixinStandardHelpOptions = true,
    versionProvider = Leaven.Version::class,
    footer = [
        "",
        "Examples:",
        "  leaven predict models/pets/1 tom.jpg",
        "  leaven predict models/pets/1 photographs --top 3 --tta",
        "  leaven predict runs/pets-20260101-120000 photographs --csv -o photographs.csv",
    ],
)
internal class Predict : Callable<Int> {
    internal class Form {
        @Option(names = ["--csv"], description = ["Write a table with commas."])
        var csv: Boolean = false

        @Option(names = ["--json"], description = ["Write an object in JSON on each line."])
        var json: Boolean = false
    }

    @ParentCommand
    private lateinit var leaven: Leaven

    @Parameters(index = "0", paramLabel = "MODEL", description = ["An exported model, or a run."])
    private lateinit var model: Path

    @Parameters(index = "1..*", arity = "1..*", paramLabel = "IMAGES", description = ["Image files, or folders with them."])
    private lateinit var images: List<Path>

    @ArgGroup(exclusive = true)
    private var form: Form? = null

    @Option(names = ["--tta"], description = ["Predict from several views of each image; slower and often better."])
    private var tta: Boolean = false

    @Option(names = ["--top", "--top-k"], paramLabel = "K", description = ["Name the K classes of highest probability. Default: 1."])
    private var top: Int? = null

    @Option(names = ["-o", "--output"], paramLabel = "FILE", description = ["Write into this file."])
    private var output: Path? = null

    override fun call(): Int {
        output?.let { requireWritable("-o", it) }
        val files = images.flatMap { if (Files.isDirectory(it)) found(it) else listOf(it) }
        return AnyModel.of(model).use { predictor ->
            val lines = lines(predictor)
            val target = output?.let { PrintStream(Files.newOutputStream(it), false, Charsets.UTF_8) }
            try {
                predict(if (tta) predictor.tta() else predictor, files, lines, target)
            } finally {
                target?.close()
            }.also {
                // Errors go to the same stream, so that standard output has predictions only.
                output?.let { file -> leaven.console.err.println("the answers are in $file") }
            }
        }
    }

    private fun found(folder: Path): List<Path> =
        ImageFiles.under(folder).also {
            require(it.isNotEmpty()) { "$folder: there are no images in it or in the folders below it" }
        }

    private fun lines(predictor: Predictor): PredictionLines {
        val classes = predictor.model().classNames().size
        val k = top ?: PredictionLines.usual(predictor.model())
        require(k in 1..classes) { "--top must be between 1 and $classes, the model's classes, but is $k" }
        return when {
            form?.csv == true -> PredictionLines.Csv(predictor.model(), k)
            form?.json == true -> PredictionLines.Json(predictor.model(), k)
            else -> PredictionLines.Text(predictor.model(), k)
        }
    }

    // Requests enough files ahead to fill the predictor's batches.
    private fun predict(
        predictor: Predictor,
        files: List<Path>,
        lines: PredictionLines,
        target: PrintStream?,
    ): Int {
        val progress = PredictProgress(leaven.console, files.size, ownLine = target != null)
        val out = target ?: leaven.console.out
        val asked = ArrayDeque<Pair<Path, CompletableFuture<Prediction>>>()
        val rest = files.iterator()
        var bad = 0
        progress.use {
            lines.header()?.let(out::println)
            while (rest.hasNext() || asked.isNotEmpty()) {
                while (rest.hasNext() && asked.size < AHEAD) {
                    val file = rest.next()
                    asked.addLast(file to predictor.submit(file))
                }
                val (file, answer) = asked.removeFirst()
                try {
                    val prediction = answer.join()
                    progress.above { out.println(lines.line(file, prediction)) }
                } catch (failure: CompletionException) {
                    val problem = failure.cause as? IllegalArgumentException ?: throw failure.cause ?: failure
                    bad++
                    progress.above { leaven.console.err.println("leaven: ${problem.message}; skipped") }
                }
                progress.done()
            }
        }
        if (bad > 0) {
            val were = if (bad == 1) "was" else "were"
            leaven.console.err.println("leaven: $bad of ${files.size} files $were skipped")
            return Leaven.FAILED
        }
        return Leaven.DONE
    }

    private companion object {
        const val AHEAD = 64
    }
}
