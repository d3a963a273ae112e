package dev.leaven.dsl.cli

import com.fasterxml.jackson.databind.ObjectMapper
import dev.leaven.runtime.Task
import dev.leaven.runtime.export.ModelInfo
import dev.leaven.runtime.export.Prediction
import java.nio.file.Path
import java.util.Locale

/** Writes a prediction as a line. */
internal sealed class PredictionLines(
    model: ModelInfo,
    protected val top: Int,
) {
    protected val numbers: Boolean = model.task() == Task.REGRESSION
    protected val kind: String = if (numbers) "value" else "probability"

    /** The line above all others, if there is one. */
    open fun header(): String? = null

    abstract fun line(
        file: Path,
        prediction: Prediction,
    ): String

    /** For people: `tom.jpg: cat 98.2 %, dog 1.7 %`. */
    class Text(
        model: ModelInfo,
        top: Int,
    ) : PredictionLines(model, top) {
        override fun line(
            file: Path,
            prediction: Prediction,
        ): String =
            "$file: " +
                prediction.top(top).joinToString(", ") { answer ->
                    val value =
                        if (numbers) {
                            "%.4g".format(Locale.ROOT, answer.value())
                        } else {
                            "%.1f %%".format(
                                Locale.ROOT,
                                PERCENT * answer.value(),
                            )
                        }
                    "${answer.name()} $value"
                }
    }

    /** For spreadsheets, according to RFC 4180. */
    class Csv(
        model: ModelInfo,
        top: Int,
    ) : PredictionLines(model, top) {
        override fun header(): String = "file" + (1..top).joinToString("") { i -> if (top == 1) ",label,$kind" else ",label_$i,${kind}_$i" }

        override fun line(
            file: Path,
            prediction: Prediction,
        ): String = quoted("$file") + prediction.top(top).joinToString("") { ",${quoted(it.name())},${it.value().toFloat()}" }

        private fun quoted(text: String) = if (text.any { it in ",\"\r\n" }) "\"${text.replace("\"", "\"\"")}\"" else text
    }

    /** For programs: an object on each line. */
    class Json(
        model: ModelInfo,
        top: Int,
    ) : PredictionLines(model, top) {
        override fun line(
            file: Path,
            prediction: Prediction,
        ): String {
            val answers = prediction.top(top).map { mapOf("label" to it.name(), kind to it.value().toFloat()) }
            val first = if (numbers) emptyMap() else answers.first()
            return MAPPER.writeValueAsString(mapOf("file" to "$file") + first + mapOf("top" to answers))
        }
    }

    companion object {
        private const val PERCENT = 100
        private val MAPPER = ObjectMapper()

        /** The default number of predictions: the best class, or all numbers. */
        fun usual(model: ModelInfo): Int = if (model.task() == Task.REGRESSION) model.classNames().size else 1
    }
}
