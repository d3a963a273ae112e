package dev.leaven.dsl.cli

import dev.leaven.runtime.export.Export
import dev.leaven.runtime.export.Predictor
import java.nio.file.Files
import java.nio.file.Path

/** An exported model, or that of a run, which is exported for as long as it is used. */
internal class OpenedModel private constructor(
    val predictor: Predictor,
    private val temporary: Path?,
) : AutoCloseable {
    override fun close() {
        predictor.close()
        temporary?.toFile()?.deleteRecursively()
    }

    companion object {
        fun of(directory: Path): OpenedModel {
            val isRun = Files.isRegularFile(directory.resolve("recipe.json"))
            if (!isRun) {
                return OpenedModel(Predictor.load(directory), null)
            }
            val temporary = Files.createTempDirectory("leaven-model")
            try {
                return OpenedModel(Predictor.load(Export.of(directory).to(temporary.resolve("model"))), temporary)
            } catch (failure: Throwable) {
                temporary.toFile().deleteRecursively()
                throw failure
            }
        }
    }
}
