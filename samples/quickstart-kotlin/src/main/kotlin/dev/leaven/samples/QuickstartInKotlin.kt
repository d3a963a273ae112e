package dev.leaven.samples

import dev.leaven.dsl.Run
import dev.leaven.dsl.recipe
import dev.leaven.runtime.data.ImageFolder
import java.nio.file.Path
import kotlin.system.exitProcess

/** Trains on the folder in the first argument, writes the run into the second, and prints how often the most probable class was right. */
fun main(arguments: Array<String>) {
    if (arguments.size < 2) {
        System.err.println("usage: QuickstartInKotlin PHOTOGRAPHS RUN")
        exitProcess(2)
    }
    val run = quickstart(Path.of(arguments[0]), Path.of(arguments[1]))
    println("top-1 %.1f %%".format(100 * run.tta().orElseThrow().top1()))
}

/** Trains on a folder of photographs that has a folder for each class, in Kotlin. */
fun quickstart(
    photographs: Path,
    directory: Path,
): Run {
    val recipe =
        recipe {
            resize(128)
            then(224)
            mixup()
            labelSmoothing(0.1)
            tta(4)
        }
    return recipe.train(ImageFolder.of(photographs), directory)
}
