package dev.leaven.dsl.cli

import dev.leaven.runtime.train.TrainedModel.Which
import picocli.CommandLine.Option

/** The epoch of the weights. */
internal class WeightsArgument {
    internal class Words : ArrayList<String>(WHICH.keys)

    @Option(
        names = ["--weights"],
        paramLabel = "WHICH",
        completionCandidates = Words::class,
        description = ["Those of the run's last or best epoch: \${COMPLETION-CANDIDATES}. Default: last."],
    )
    private var word: String = "last"

    fun of(): Which = choice("--weights", word, WHICH)

    override fun toString() = word

    private companion object {
        val WHICH = mapOf("last" to Which.LAST, "best" to Which.BEST)
    }
}
