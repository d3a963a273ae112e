package dev.leaven.dsl.script

import dev.leaven.dsl.Recipe
import java.nio.file.Files
import java.nio.file.Path
import kotlin.script.experimental.api.EvaluationResult
import kotlin.script.experimental.api.ResultValue
import kotlin.script.experimental.api.ResultWithDiagnostics
import kotlin.script.experimental.api.ScriptDiagnostic
import kotlin.script.experimental.api.constructorArgs
import kotlin.script.experimental.host.ScriptingHostConfiguration
import kotlin.script.experimental.host.toScriptSource
import kotlin.script.experimental.jvm.compilationCache
import kotlin.script.experimental.jvm.defaultJvmScriptingHostConfiguration
import kotlin.script.experimental.jvm.jvm
import kotlin.script.experimental.jvmhost.BasicJvmScriptingHost
import kotlin.script.experimental.jvmhost.createJvmCompilationConfigurationFromTemplate
import kotlin.script.experimental.jvmhost.createJvmEvaluationConfigurationFromTemplate

/**
 * A `*.recipe.kts` file.
 *
 * ```kotlin
 * val file = RecipeFile(Path.of("pets.recipe.kts"))
 * fun short() = file.read(name = "baseline", arguments = mapOf("epochs" to "1"))
 * ```
 *
 * @param path the file
 * @param cache where compiled scripts are kept; compiling takes seconds, reading a compiled one does not
 */
public class RecipeFile(
    private val path: Path,
    private val cache: Path = ScriptCache.defaultDirectory(),
) {
    /**
     * Compiles the script, unless it was compiled before, and runs it.
     *
     * @param name the name of one of its recipes; null for its last expression, or the only recipe that has a name
     * @param arguments the contents of `args`
     * @throws ScriptException when there is no such file, it does not compile, it throws, it has no
     *     such recipe, or does not read one of the arguments
     */
    public fun read(
        name: String? = null,
        arguments: Map<String, String> = mapOf(),
    ): ScriptedRecipe {
        if (!Files.isRegularFile(path)) {
            throw ScriptException(ScriptErrors.noScript(path))
        }
        val source = path.toFile().toScriptSource()
        val errors = ScriptErrors(path, source.text.lines())
        val said = Arguments(arguments)
        val configuration =
            ScriptingHostConfiguration(defaultJvmScriptingHostConfiguration) {
                jvm { compilationCache(ScriptCache(cache)) }
            }
        val result =
            BasicJvmScriptingHost(configuration).eval(
                source,
                createJvmCompilationConfigurationFromTemplate<RecipeScript>(configuration),
                createJvmEvaluationConfigurationFromTemplate<RecipeScript>(configuration) {
                    constructorArgs(path.toAbsolutePath().normalize().parent, said)
                },
            )
        return when (result) {
            is ResultWithDiagnostics.Success -> scripted(result.value, name, said, errors)
            is ResultWithDiagnostics.Failure -> throw errors.ofCompiler(result.reports.filter { it.isError() })
        }
    }

    private fun scripted(
        result: EvaluationResult,
        name: String?,
        arguments: Arguments,
        errors: ScriptErrors,
    ): ScriptedRecipe {
        val value = result.returnValue
        if (value is ResultValue.Error) {
            throw errors.ofScript(value.error)
        }
        arguments.unknown()?.let { throw ScriptException("$path: $it") }
        val script = value.scriptInstance as RecipeScript
        val said = SaidRecipes(script, (value as? ResultValue.Value)?.value)
        val type = (value as? ResultValue.Value)?.type
        val (chosen, recipe) = said.choose(name) { named -> errors.noChoice(name, named, type) }
        return ScriptedRecipe(recipe, script.data, chosen).also {
            it.mentions = script.mentions
            it.errors = errors
        }
    }

    private fun ScriptDiagnostic.isError() = severity >= ScriptDiagnostic.Severity.ERROR
}

/** The recipes of a script that has run: those with names, and its last expression. */
internal class SaidRecipes(
    private val script: RecipeScript,
    last: Any?,
) {
    private val last = last as? Recipe
    private val values = values()
    private val named = script.recipes + values.filter { (_, recipe) -> script.recipes.values.none { it === recipe } }

    /** The recipe that is meant; [refusal] makes the error message when that is not clear. */
    fun choose(
        name: String?,
        refusal: (Set<String>) -> ScriptException,
    ): Pair<String?, Recipe> {
        val byName = name?.let { wanted -> named.entries.firstOrNull { it.key == wanted } }
        // A named block may be last by chance; any other last expression is meant as the recipe.
        val meant = last?.takeIf { recipe -> script.recipes.values.none { it === recipe } }
        return when {
            byName != null -> byName.toPair()
            name != null -> throw refusal(named.keys)
            meant != null -> named.entries.firstOrNull { it.value === meant }?.key to meant
            named.size == 1 -> named.entries.single().toPair()
            else -> throw refusal(named.keys)
        }
    }

    private fun values(): Map<String, Recipe> =
        script.javaClass.declaredFields
            .filter { it.type == Recipe::class.java }
            .mapNotNull { field ->
                val getter = "get" + field.name.replaceFirstChar(Char::uppercase)
                script.javaClass.declaredMethods
                    .firstOrNull { it.name == getter && it.parameterCount == 0 && '$' !in it.name }
                    ?.let { field.name to it.invoke(script) as Recipe }
            }.toMap()
}
