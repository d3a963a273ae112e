package dev.leaven.dsl.cli

import dev.leaven.dsl.Run
import dev.leaven.runtime.export.Predictor
import java.nio.file.Files
import java.nio.file.Path

/** An exported model, or the model of a run. */
internal object AnyModel {
    fun of(directory: Path): Predictor {
        val isRun = Files.isRegularFile(directory.resolve("recipe.json"))
        return if (isRun) Run.open(directory).predictor() else Predictor.load(directory)
    }
}
