package dev.leaven.dsl

import dev.leaven.dsl.script.RecipeFile
import io.kotest.core.annotation.Tags
import io.kotest.core.spec.style.FunSpec
import io.kotest.engine.spec.tempdir
import io.kotest.matchers.ints.shouldBeGreaterThan
import io.kotest.matchers.shouldBe
import java.io.File
import java.nio.file.Files

/** The examples in the KDoc of the language are compiled, and run. */
@Tags("slow")
class ExamplesSpec :
    FunSpec({
        val folder = tempdir().toPath()
        val sources =
            File("../src/main/kotlin/dev/leaven/dsl").listFiles { file -> file.extension == "kt" }!!.sorted() +
                listOf("RecipeFile", "RecipeScript", "Arguments").map { File("src/main/kotlin/dev/leaven/dsl/script/$it.kt") }

        fun examples(file: File): List<String> =
            Regex("```kotlin\n(.*?)```", RegexOption.DOT_MATCHES_ALL)
                .findAll(file.readText())
                .map { example -> example.groupValues[1].lines().joinToString("\n") { it.trimStart().removePrefix("*").removePrefix(" ") } }
                .toList()

        // What is done with a run is only compiled: there is none here.
        fun wrapped(
            number: Int,
            example: String,
        ) = if (example.startsWith("run.")) "fun example$number(run: Run) {\n$example\n}" else "run {\n$example\n}"

        test("every example compiles and runs") {
            val all = sources.flatMap { file -> examples(file) }.mapIndexed(::wrapped)
            all.size shouldBeGreaterThan 15
            val imports = listOf("dsl.script.*", "runtime.export.*", "dsl.Run").map { "import dev.leaven.$it" }
            val script =
                Files.writeString(
                    folder.resolve("examples.recipe.kts"),
                    (imports + all + "resize(32)").joinToString("\n"),
                )

            RecipeFile(script, folder.resolve("cache")).read().recipe shouldBe Recipe.resize(32)
        }
    })
