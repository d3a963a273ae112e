package dev.leaven.dsl.cli

import dev.leaven.dsl.EpochLines
import dev.leaven.runtime.Check
import dev.leaven.runtime.TechniqueJson
import dev.leaven.runtime.evaluate.Comparison
import dev.leaven.runtime.evaluate.Evaluation
import dev.leaven.runtime.evaluate.Predictions
import dev.leaven.runtime.evaluate.TestTimeViews
import dev.leaven.runtime.run.TrainingListener
import dev.leaven.runtime.train.TrainedModel
import picocli.CommandLine.Command
import picocli.CommandLine.Mixin
import picocli.CommandLine.Option
import picocli.CommandLine.Parameters
import picocli.CommandLine.ParentCommand
import java.nio.file.Path
import java.util.Locale
import java.util.concurrent.Callable

/** `leaven evaluate`. */
@Command(
    name = "evaluate",
    description = ["Evaluate a run's model: every metric with its interval, each class, and what is confused with what."],
    mixinStandardHelpOptions = true,
    versionProvider = Leaven.Version::class,
    footer = [
        "",
        "Examples:",
        "  leaven evaluate runs/pets-20260101-120000",
        "  leaven evaluate runs/pets-20260101-120000 --data more-pets --weights best",
        "  leaven evaluate runs/pets-20260101-120000 --sizes 128,160,192",
        "  leaven evaluate runs/pets-20260101-120000 --tta flip --json > flip.json",
    ],
)
internal class Evaluate : Callable<Int> {
    @ParentCommand
    private lateinit var leaven: Leaven

    @Parameters(paramLabel = "RUN", description = ["The run's directory."])
    private lateinit var directory: Path

    @Option(
        names = ["--data"],
        paramLabel = "DIR",
        description = [
            "Evaluate the images of this folder, or of its validation part. " +
                "Default: the run's validation images, which are also found in the run's own folder if it has moved here.",
        ],
    )
    private var data: Path? = null

    @Option(names = ["--size"], paramLabel = "PIXELS", description = ["The side that the model sees. Default: that of its last stage."])
    private var size: Int? = null

    @Option(
        names = ["--sizes"],
        paramLabel = "PIXELS",
        split = ",",
        description = ["Try several sizes, say which is best and whether it is better beyond noise."],
    )
    private var sizes: List<Int> = listOf()

    @Mixin
    private lateinit var views: ViewArguments

    @Mixin
    private lateinit var weights: WeightsArgument

    @Option(names = ["--top-k", "--top"], paramLabel = "K", split = ",", description = ["Say top-k for these k too, besides 1 and 5."])
    private var topK: List<Int> = listOf()

    @Option(names = ["--json"], description = ["Print JSON and nothing else."])
    private var json: Boolean = false

    @Option(names = ["--csv"], paramLabel = "FILE", description = ["Write what was answered to each image into this file."])
    private var csv: Path? = null

    override fun call(): Int {
        // Mistakes in the command are reported before the cost of a pass.
        val policy = views.policy()
        require(sizes.isEmpty() || (size == null && policy == null)) { "--sizes tries sizes of the plain view; leave --size and --tta out" }
        (sizes + listOfNotNull(size)).forEach { Check.atLeast("evaluate", "size", it, SMALLEST) }
        topK.forEach { Check.atLeast("evaluate", "k", it, 1) }
        val table = csv?.let(::PredictionsCsv)
        val which = weights.of()
        // With JSON, progress messages must not be part of the output.
        val console = if (json) Console(leaven.console.err, leaven.console.err, null) else leaven.console
        TrainedModel.open(directory, which).use { model ->
            val evaluator = Evaluator(model, EvaluationImages.of(model, data, console), console)
            val evaluated =
                when {
                    sizes.isNotEmpty() -> evaluator.bestOf(sizes)
                    policy != null -> evaluator.views(size ?: model.stage().size(), policy)
                    else -> evaluator.plain(size ?: model.stage().size())
                }
            val evaluation = Evaluation.of(evaluated.predictions, *topK.toIntArray())
            if (json) {
                leaven.console.out.println(TechniqueJson.writePretty(evaluated.facts + mapOf("evaluation" to evaluation)))
            } else {
                evaluated.lines.forEach(leaven.console.out::println)
                leaven.console.out.print(evaluation.text())
            }
            table?.write(evaluated.predictions, evaluator.images.samples)
        }
        if (table != null) {
            console.out.println("the answers to each image are in $csv")
        }
        return Leaven.DONE
    }

    /** What to show besides the evaluation of the predictions. */
    private class Evaluated(
        val predictions: Predictions,
        val lines: List<String>,
        val facts: Map<String, Any>,
    )

    private class Timed(
        val predictions: Predictions,
        val seconds: Double,
    )

    private inner class Evaluator(
        private val model: TrainedModel,
        val images: EvaluationImages,
        private val console: Console,
    ) {
        private val epoch = model.run().history().size

        fun plain(size: Int): Evaluated {
            val evaluated = pass("evaluating at $size px") { model.predict(images.samples, size, it) }
            return Evaluated(evaluated.predictions, listOf(heading(size), ""), facts(size))
        }

        fun views(
            size: Int,
            policy: TestTimeViews,
        ): Evaluated {
            warmUp(size)
            val plain = pass("evaluating at $size px") { model.predict(images.samples, size, it) }
            val views = pass("evaluating views") { model.predict(images.samples, size, policy, it) }
            val gain = Comparison.of(plain.predictions, views.predictions)
            val passes = policy.views().size + 1
            val lines =
                listOf(
                    heading(size),
                    policy.describe(),
                    String.format(
                        Locale.ROOT,
                        "%s plain (1 pass, %.1f s), %s with views (%d passes, %.1f s)",
                        EpochLines.primary(plain.predictions.scores()),
                        plain.seconds,
                        EpochLines.primary(views.predictions.scores()),
                        passes,
                        views.seconds,
                    ),
                    gain.describe(),
                    "",
                )
            val facts =
                mapOf(
                    "tta" to Json.tree(policy),
                    "passes" to passes,
                    "seconds" to views.seconds,
                    "plainSeconds" to plain.seconds,
                    "plain" to plain.predictions.scores(),
                    "gain" to gain,
                )
            return Evaluated(views.predictions, lines, facts(size) + facts)
        }

        fun bestOf(asked: List<Int>): Evaluated {
            // A gain is relative to the size of the last training stage.
            val trained = model.stage().size()
            val all = (asked + trained).distinct().sorted()
            warmUp(trained)
            val evaluated = all.associateWith { side -> pass("evaluating at $side px") { model.predict(images.samples, side, it) } }
            val base = evaluated.getValue(trained)
            val gains = (evaluated - trained).mapValues { Comparison.of(base.predictions, it.value.predictions) }
            val best = all.reduce { a, b -> if (evaluated.scores(b).betterThan(evaluated.scores(a))) b else a }
            val rows =
                all.map { side ->
                    val gain = gains[side]?.describe() ?: "the size of the last stage"
                    val score = EpochLines.primary(evaluated.scores(side))
                    String.format(Locale.ROOT, "%5d px  %s  %6.1f s  %s", side, score, evaluated.getValue(side).seconds, gain)
                }
            val facts =
                all.map { side ->
                    mapOf("size" to side, "seconds" to evaluated.getValue(side).seconds, "scores" to evaluated.scores(side)) +
                        (gains[side]?.let { mapOf("gain" to it) } ?: mapOf())
                }
            val lines = listOf(heading(best)) + rows + listOf(verdict(trained, best, gains[best]), "")
            return Evaluated(evaluated.getValue(best).predictions, lines, facts(best) + mapOf("sizes" to facts))
        }

        private fun Map<Int, Timed>.scores(side: Int) = getValue(side).predictions.scores()

        private fun verdict(
            trained: Int,
            best: Int,
            gain: Comparison?,
        ): String =
            when {
                gain == null -> "no size is better than $trained px, which it was trained at last"
                gain.beyondNoise() -> "$best px is better than $trained px beyond noise; in the recipe, .evaluateAt($best)"
                else -> "$best px is best, but no better than $trained px beyond noise"
            }

        private fun heading(side: Int) = "$directory after epoch $epoch, at $side px: ${images.what}"

        private fun facts(side: Int): Map<String, Any> =
            mapOf("run" to "$directory", "weights" to "$weights", "epoch" to epoch, "images" to images.what, "size" to side)

        // The first batch includes building the graph, which is not part of the cost of a pass.
        private fun warmUp(side: Int) {
            model.predict(images.samples.pick(intArrayOf(0)), side, object : TrainingListener {})
        }

        private fun pass(
            what: String,
            predict: (TrainingListener) -> Predictions,
        ): Timed {
            val listener = console.listener()
            listener.onPhase(what)
            try {
                val begin = System.nanoTime()
                val predictions = predict(listener)
                return Timed(predictions, (System.nanoTime() - begin) / NANOS)
            } finally {
                (listener as? TerminalProgress)?.end()
            }
        }
    }

    private companion object {
        const val SMALLEST = 16
        const val NANOS = 1e9
    }
}
