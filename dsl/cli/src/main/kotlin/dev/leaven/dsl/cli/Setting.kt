package dev.leaven.dsl.cli

import com.fasterxml.jackson.databind.ObjectMapper
import com.fasterxml.jackson.databind.node.ObjectNode
import dev.leaven.dsl.Recipe
import dev.leaven.dsl.script.Vocabulary
import dev.leaven.runtime.models.Architecture
import dev.leaven.runtime.models.Models
import java.lang.reflect.InvocationTargetException
import java.lang.reflect.Method
import java.nio.file.Path

/**
 * A setting of the recipe on the command line: `--set epochs=3`, `--set stage1.epochs=3`,
 * `--set zoom=1,1.3`, `--set mixup`.
 *
 * @property stage the stage, counted from 1; null for all stages, or the whole run
 * @property word a setting of stages, or a method of [Recipe]
 * @property values its arguments
 */
internal data class Setting(
    val stage: Int?,
    val word: String,
    val values: List<String>,
) {
    /** The recipe with this setting applied last. */
    fun on(recipe: Recipe): Recipe =
        when {
            word in OF_STAGES -> onStages(recipe)
            stage != null -> throw IllegalArgumentException("--set stage$stage.$word: ${unknown(word, OF_STAGES.keys)}")
            else -> onRun(recipe)
        }

    private fun onStages(recipe: Recipe): Recipe {
        val value = values.singleOrNull() ?: throw IllegalArgumentException("--set $word: it needs one value, $word=${OF_STAGES[word]}")
        val number: Number? = if (word == "learningRate") value.toDoubleOrNull() else value.toIntOrNull()
        requireNotNull(number) { "--set $word: it must be a ${if (word == "learningRate") "" else "whole "}number, but is '$value'" }
        val json = ObjectMapper().readTree(recipe.toJson()) as ObjectNode
        val stages = json.withArray("stages")
        require(stage == null || stage in 1..stages.size()) {
            "--set stage$stage.$word: the recipe has ${if (stages.size() == 1) "one stage" else "${stages.size()} stages"}"
        }
        stages.forEachIndexed { i, node ->
            if (stage == null || stage == i + 1) {
                (node as ObjectNode).set<ObjectNode>(word, ObjectMapper().valueToTree(number))
            }
        }
        return try {
            Recipe.fromJson(json.toString())
        } catch (e: IllegalArgumentException) {
            throw IllegalArgumentException("--set ${e.message.orEmpty().removePrefix("not a Recipe in JSON: ")}", e)
        }
    }

    private fun onRun(recipe: Recipe): Recipe {
        val methods = METHODS.filter { it.name == word }
        require(methods.isNotEmpty()) { "--set $word: ${unknown(word, WORDS)}" }
        val (method, arguments) =
            methods.firstNotNullOfOrNull { method -> arguments(method)?.let { method to it } }
                ?: throw IllegalArgumentException(
                    "--set $word: it takes ${methods.filter(::sayable).map(::takes).distinct().joinToString(" or ")}, " +
                        "but is given ${if (values.isEmpty()) "nothing" else "'${values.joinToString(",")}'"}",
                )
        return try {
            method.invoke(recipe, *arguments.toTypedArray()) as Recipe
        } catch (e: InvocationTargetException) {
            throw (e.cause as? IllegalArgumentException)?.let { IllegalArgumentException("--set ${it.message}", it) } ?: e
        }
    }

    private fun arguments(method: Method): List<Any>? {
        if (method.isVarArgs) {
            val numbers = values.map { it.toDoubleOrNull() ?: return null }
            return if (numbers.isEmpty()) null else listOf(numbers.toTypedArray<Number>())
        }
        val types = method.parameterTypes
        return if (types.size == values.size) types.zip(values).map { (type, value) -> value(type, value) ?: return null } else null
    }

    companion object {
        // With an example of each.
        private val OF_STAGES = mapOf("epochs" to "3", "batchSize" to "32", "learningRate" to "0.001", "size" to "160")
        private val STAGE = Regex("stage(\\d+)\\.(.*)")
        private val PACKAGES = listOf("optimize", "loss", "mix", "transform", "evaluate", "data")

        // Whole numbers first, so that warmUp=1 is an epoch and warmUp=0.1 a fraction.
        private val METHODS =
            Recipe::class.java.methods
                .filter { it.isDefault && it.name !in OF_STAGES }
                .sortedBy { method -> method.parameterTypes.joinToString { if (it == Int::class.java) "0" else it.name } }

        /** All possible settings. */
        val WORDS: List<String> = METHODS.filter(::sayable).map { it.name } + OF_STAGES.keys

        fun of(text: String): Setting {
            val name = text.substringBefore('=').trim()
            require(name.isNotEmpty()) { "--set: '$text' names no word; write WORD=VALUE, for instance epochs=3" }
            val (stage, word) = STAGE.matchEntire(name)?.destructured?.let { (number, rest) -> number.toInt() to rest } ?: (null to name)
            val values = if ('=' in text) text.substringAfter('=').split(',').map(String::trim) else listOf()
            return Setting(stage, word, values)
        }

        private fun unknown(
            word: String,
            words: Collection<String>,
        ): String {
            val meant = Vocabulary.nearest(word, words)
            return if (meant != null) {
                "there is no such word; did you mean '$meant'?"
            } else {
                "there is no such word; there are ${words.distinct().sorted().joinToString(", ")}"
            }
        }

        // The method's other overloads make the techniques that are one class.
        private fun sayable(method: Method) =
            method.parameterTypes.all { type ->
                type.isPrimitive || type == Number::class.java || type.isArray || type.isEnum || type == Path::class.java ||
                    (type.isInterface && isTechnique(type))
            }

        private fun isTechnique(type: Class<*>) = type == Architecture::class.java || kinds(type)

        private fun kinds(type: Class<*>) = type.packageName.substringAfterLast('.') in PACKAGES

        private fun value(
            type: Class<*>,
            text: String,
        ): Any? =
            when {
                type == Int::class.java -> text.toIntOrNull()
                type == Long::class.java -> text.toLongOrNull()
                type == Double::class.java || type == Number::class.java -> text.toDoubleOrNull()
                type == Boolean::class.java -> text.toBooleanStrictOrNull()
                type == Path::class.java -> Path.of(text)
                type == Architecture::class.java -> Models.named(text)
                type.isEnum -> type.enumConstants.firstOrNull { (it as Enum<*>).name.equals(text, ignoreCase = true) }
                kinds(type) -> technique(type, text)
                else -> null
            }

        // A technique that needs no parameter, by the name of its class.
        private fun technique(
            type: Class<*>,
            name: String,
        ): Any? =
            PACKAGES.firstNotNullOfOrNull { room ->
                try {
                    Class
                        .forName("dev.leaven.runtime.$room.$name")
                        .takeIf(type::isAssignableFrom)
                        ?.getConstructor()
                        ?.newInstance()
                } catch (_: ReflectiveOperationException) {
                    null
                } catch (_: LinkageError) {
                    // On a disk that does not distinguish ranger from Ranger.
                    null
                }
            }

        private fun takes(method: Method): String =
            method.parameters
                .joinToString(", ") { parameter ->
                    when (val type = parameter.type) {
                        Int::class.java, Long::class.java -> "a whole number (${parameter.name})"
                        Double::class.java, Number::class.java -> "a number (${parameter.name})"
                        Array<Number>::class.java -> "numbers (${parameter.name})"
                        Boolean::class.java -> "true or false (${parameter.name})"
                        Path::class.java -> "a file (${parameter.name})"
                        else -> if (type.isEnum) type.enumConstants.joinToString("|") else "the name of a ${type.simpleName}"
                    }
                }.ifEmpty { "nothing" }
    }
}
