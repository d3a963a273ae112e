package dev.leaven.samples

import dev.leaven.dsl.recipe
import dev.leaven.runtime.data.ImageFolder
import dev.leaven.runtime.train.Run
import java.nio.file.Path

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
