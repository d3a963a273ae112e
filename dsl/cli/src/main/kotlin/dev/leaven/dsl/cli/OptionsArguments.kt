package dev.leaven.dsl.cli

import dev.leaven.runtime.run.TrainingOptions
import picocli.CommandLine.Option

/** The options of `train` and `resume` for the files that a run writes; none of them changes a number. */
internal class OptionsArguments {
    @Option(
        names = ["--checkpoint-every"],
        paramLabel = "STEPS",
        description = ["Write a checkpoint within an epoch after every STEPS steps."],
    )
    private var checkpointSteps: Int = 0

    @Option(
        names = ["--checkpoint-minutes"],
        paramLabel = "MINUTES",
        description = ["Write a checkpoint within an epoch when the last one is MINUTES old."],
    )
    private var checkpointMinutes: Double = 0.0

    @Option(
        names = ["--keep"],
        paramLabel = "N",
        description = ["Keep the N best epochs in kept/, beside last/ and best/."],
    )
    private var keep: Int = 0

    @Option(
        names = ["--tensorboard"],
        description = ["Write event files for TensorBoard into tensorboard/."],
    )
    private var tensorBoard: Boolean = false

    fun options(): TrainingOptions {
        val options =
            TrainingOptions
                .usual()
                .checkpointEvery(checkpointSteps)
                .checkpointMinutes(checkpointMinutes)
                .keep(keep)
        return if (tensorBoard) options.tensorBoard() else options
    }
}
