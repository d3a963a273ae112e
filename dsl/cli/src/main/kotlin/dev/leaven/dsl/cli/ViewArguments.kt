package dev.leaven.dsl.cli

import dev.leaven.runtime.evaluate.FiveCrop
import dev.leaven.runtime.evaluate.FlipView
import dev.leaven.runtime.evaluate.MultiScale
import dev.leaven.runtime.evaluate.TenCrop
import dev.leaven.runtime.evaluate.TestTimeAugmentation
import dev.leaven.runtime.evaluate.TestTimeViews
import picocli.CommandLine.Option

/** Which views of an image are evaluated besides the plain one. */
internal class ViewArguments {
    internal class Words : ArrayList<String>(POLICIES.keys)

    @Option(
        names = ["--tta"],
        paramLabel = "VIEWS",
        completionCandidates = Words::class,
        description = ["Evaluate other views of each image too: so many random ones, or flip, five-crop, ten-crop or multi-scale."],
    )
    private var views: String? = null

    @Option(names = ["--tta-beta"], paramLabel = "SHARE", description = ["The weight of the plain view, 0 to 1."])
    private var beta: Double? = null

    @Option(names = ["--tta-max"], description = ["Take the maximum over the views instead of their mean."])
    private var max: Boolean = false

    /** The requested views, if any. */
    fun policy(): TestTimeViews? {
        val said = views
        if (said == null) {
            require(beta == null && !max) { "--tta-beta and --tta-max say how views are combined; add --tta" }
            return null
        }
        return POLICIES[said]?.invoke(beta, max) ?: random(said)
    }

    private fun random(said: String): TestTimeViews {
        val passes =
            requireNotNull(said.toIntOrNull()) {
                "--tta: must be a number of random views, ${alternatives(POLICIES.keys)}, but is $said"
            }
        return TestTimeAugmentation(passes, beta ?: TestTimeAugmentation(passes).beta(), max)
    }

    private companion object {
        // Each with the weight of the plain view, if given, and whether the maximum is taken.
        val POLICIES: Map<String, (Double?, Boolean) -> TestTimeViews> =
            mapOf(
                "flip" to { beta, max -> FlipView().let { FlipView(beta ?: it.beta(), max) } },
                "five-crop" to { beta, max -> FiveCrop().let { FiveCrop(it.share(), beta ?: it.beta(), max) } },
                "ten-crop" to { beta, max -> TenCrop().let { TenCrop(it.share(), beta ?: it.beta(), max) } },
                "multi-scale" to { beta, max ->
                    MultiScale().let { MultiScale(it.scales(), it.mirrored(), beta ?: it.beta(), max) }
                },
            )
    }
}
