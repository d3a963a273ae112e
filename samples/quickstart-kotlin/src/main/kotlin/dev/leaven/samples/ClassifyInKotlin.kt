package dev.leaven.samples

import dev.leaven.dsl.Run
import dev.leaven.runtime.export.Prediction.Answer
import dev.leaven.runtime.export.Predictor
import java.nio.file.Path
import kotlin.io.path.exists
import kotlin.system.exitProcess

/** Prints what the third argument, a picture, shows by the model of the run that is the first; the second is where it is exported to. */
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
    // A program that goes on keeps the predictor, which threads may share: loading is what takes time.
    return Predictor.load(model).use { it.predict(picture).top() }
}
