package dev.leaven.samples

import dev.leaven.dsl.Run
import dev.leaven.runtime.export.Prediction.Answer
import dev.leaven.runtime.export.Predictor
import java.nio.file.Path
import kotlin.io.path.exists
import kotlin.system.exitProcess

/** Classifies a picture, the third argument, with the model of a run, the first; the second is the folder that the model is exported to. */
fun main(arguments: Array<String>) {
    if (arguments.size < 3) {
        System.err.println("usage: ClassifyInKotlin RUN MODEL PICTURE")
        exitProcess(2)
    }
    val (run, model, picture) = arguments.map { Path.of(it) }
    val answer = classifyInKotlin(run, model, picture)
    println("%s %.1f %%".format(answer.name, 100 * answer.value))
}

/** The most probable class of [picture], by the model of [run], which is exported to [model] if it is not there yet. */
fun classifyInKotlin(
    run: Path,
    model: Path,
    picture: Path,
): Answer {
    if (!model.exists()) {
        Run.open(run).export(model)
    }
    // A long-running program keeps the predictor, which threads may share: loading takes most of the time.
    return Predictor.load(model).use { it.predict(picture).top() }
}
