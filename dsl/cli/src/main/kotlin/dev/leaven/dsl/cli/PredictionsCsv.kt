package dev.leaven.dsl.cli

import dev.leaven.runtime.Task
import dev.leaven.runtime.data.Samples
import dev.leaven.runtime.evaluate.Predictions
import java.nio.file.Files
import java.nio.file.Path

/**
 * A table of predictions: a line for each image, with its class, the predicted class, whether they are equal, the loss against the true
 * class, and the prediction for each class or number.
 */
internal class PredictionsCsv(
    private val file: Path,
) {
    init {
        requireWritable("--csv", file)
    }

    fun write(
        predictions: Predictions,
        samples: Samples,
    ) {
        Files.newBufferedWriter(file).use { out ->
            out.append(line(titles(predictions)))
            repeat(predictions.size()) { row ->
                val image = predictions.images()[row]
                val name = if (samples is Samples.Files) samples.paths()[image].toString() else "$image"
                out.append(line(listOf(name) + answer(predictions, row)))
            }
        }
    }

    private fun titles(predictions: Predictions): List<String> {
        val names = predictions.classNames()
        return when (predictions.task()!!) {
            Task.CLASSIFICATION -> listOf("image", "class", "answer", "right", "loss") + names
            else -> listOf("image", "loss") + names.map { "$it is" } + names
        }
    }

    private fun answer(
        predictions: Predictions,
        row: Int,
    ): List<String> {
        val answers = predictions.answers()[row].map { "$it" }
        val loss = "${predictions.plainLosses()[row]}"
        if (predictions.task() != Task.CLASSIFICATION) {
            return listOf(loss) + predictions.targets()[row].map { "$it" } + answers
        }
        val names = predictions.classNames()
        val label = predictions.label(row)
        val predicted = predictions.predicted(row)
        return listOf(names[label], names[predicted], if (label == predicted) "1" else "0", loss) + answers
    }

    private fun line(cells: List<String>) = cells.joinToString(",", postfix = "\n", transform = ::quoted)

    private fun quoted(cell: String) = if (cell.any { it in ",\"\n\r" }) "\"${cell.replace("\"", "\"\"")}\"" else cell
}
