package dev.leaven.dsl.script

import dev.leaven.dsl.Recipe
import dev.leaven.runtime.data.DataSource
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
 * What a script said.
 *
 * @property recipe its last expression
 * @property data where the images come from, or null if it does not say
 */
public data class ScriptedRecipe(
    val recipe: Recipe,
    val data: DataSource?,
)

/**
 * A `*.recipe.kts` file.
 *
 * ```kotlin
 * val scripted = RecipeFile(Path.of("pets.recipe.kts")).read()
 * scripted.recipe.train(scripted.data!!)
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
     * @throws ScriptException when there is no such file, it does not compile, it throws, or its
     *     last expression is no recipe
     */
    public fun read(): ScriptedRecipe {
        if (!Files.isRegularFile(path)) {
            throw ScriptException("$path: there is no such script")
        }
        val source = path.toFile().toScriptSource()
        val errors = ScriptErrors(path, source.text.lines())
        val configuration =
            ScriptingHostConfiguration(defaultJvmScriptingHostConfiguration) {
                jvm { compilationCache(ScriptCache(cache)) }
            }
        val result =
            BasicJvmScriptingHost(configuration).eval(
                source,
                createJvmCompilationConfigurationFromTemplate<RecipeScript>(configuration),
                createJvmEvaluationConfigurationFromTemplate<RecipeScript>(configuration) {
                    constructorArgs(path.toAbsolutePath().normalize().parent)
                },
            )
        return when (result) {
            is ResultWithDiagnostics.Success -> scripted(result.value, errors)
            is ResultWithDiagnostics.Failure -> throw errors.ofCompiler(result.reports.filter { it.isError() })
        }
    }

    private fun scripted(
        result: EvaluationResult,
        errors: ScriptErrors,
    ): ScriptedRecipe =
        when (val value = result.returnValue) {
            is ResultValue.Error -> {
                throw errors.ofScript(value.error)
            }

            is ResultValue.Value -> {
                val recipe = value.value as? Recipe ?: throw errors.noRecipe(value.type)
                ScriptedRecipe(recipe, (value.scriptInstance as RecipeScript).data)
            }

            else -> {
                throw errors.noRecipe(null)
            }
        }

    private fun ScriptDiagnostic.isError() = severity >= ScriptDiagnostic.Severity.ERROR
}
