package dev.leaven.dsl.cli

import dev.leaven.runtime.report.PreviewPicture
import dev.leaven.runtime.train.PreviewStep
import picocli.CommandLine.Command
import picocli.CommandLine.Mixin
import picocli.CommandLine.Option
import picocli.CommandLine.ParentCommand
import java.nio.file.Path
import java.util.concurrent.Callable

/** `leaven data show`. */
@Command(
    name = "show",
    description = ["Draw training images as the model will see them, with the labels that are learned for them."],
    mixinStandardHelpOptions = true,
    versionProvider = Leaven.Version::class,
    footer = [
        "",
        "Examples:",
        "  leaven data show pets.recipe.kts -o grid.png",
        "  leaven data show pets.recipe.kts --stage 2 --images 16 -o grid.png",
    ],
)
internal class DataShow : Callable<Int> {
    @ParentCommand
    private lateinit var data: Data

    @Mixin
    private lateinit var script: ScriptArguments

    @Option(
        names = ["-o", "--output"],
        paramLabel = "FILE",
        required = true,
        description = ["The PNG picture to write; replaced if it is there."],
    )
    private lateinit var picture: Path

    @Option(names = ["--images"], paramLabel = "N", description = ["How many images of the batch; 8 if unsaid."])
    private var images: Int? = null

    @Option(names = ["--stage"], paramLabel = "N", description = ["The stage of the recipe; 1 if unsaid."])
    private var stage: Int = 1

    @Option(names = ["--step"], paramLabel = "N", description = ["The step of the stage; 1 if unsaid. Others load other images."])
    private var step: Int = 1

    @Option(names = ["--seed"], paramLabel = "N", description = ["Another seed than the recipe's: another split, order and augmentation."])
    private var seed: Long? = null

    override fun call(): Int {
        PreviewPicture.requirePng(picture)
        requireWritable("-o", picture)
        val first = PreviewStep.first().stage(stage).step(step)
        val excerpt = images?.let(first::images) ?: first
        val scripted = script.read()
        val recipe = seed?.let(scripted.recipe::seed) ?: scripted.recipe
        recipe.preview(script.data(scripted, data.leaven.console), picture, excerpt)
        data.leaven.console.out
            .println("the picture is in $picture")
        return Leaven.DONE
    }
}
