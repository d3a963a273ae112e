package dev.leaven.dsl.script

import com.tngtech.archunit.core.importer.ClassFileImporter
import com.tngtech.archunit.core.importer.ImportOption
import dev.leaven.dsl.RecipeWords
import dev.leaven.runtime.Technique
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.ints.shouldBeGreaterThan
import io.kotest.matchers.nulls.shouldNotBeNull
import java.lang.reflect.Modifier

class ScriptImportsSpec :
    FunSpec({
        fun imported(type: Class<*>): Boolean {
            val outermost = generateSequence(type) { it.declaringClass }.last()
            return outermost.name in RecipeScriptImports.ALL || "${outermost.packageName}.*" in RecipeScriptImports.ALL
        }

        test("a script needs no import for any technique that users can make") {
            val techniques =
                ClassFileImporter()
                    .withImportOption(ImportOption.DoNotIncludeTests())
                    .importPackages("dev.leaven.runtime")
                    .filter { it.isAssignableTo(Technique::class.java) }
                    .map { it.reflect() }
                    .filter { it != Technique::class.java }
                    .filter { type ->
                        Modifier.isPublic(type.modifiers) &&
                            generateSequence(type) { it.declaringClass }.all { Modifier.isPublic(it.modifiers) }
                    }

            techniques.size shouldBeGreaterThan 40
            techniques.filterNot(::imported).map { it.name }.shouldBeEmpty()
        }

        test("a script needs no import for anything that a recipe is given") {
            val given =
                RecipeWords::class.java.methods
                    .flatMap { it.parameterTypes.toList() }
                    .filter { it.name.startsWith("dev.leaven") }

            given.filterNot(::imported).map { it.name }.shouldBeEmpty()
        }

        test("development environments find the definition of recipe scripts") {
            val folder = "META-INF/kotlin/script/templates/"

            javaClass.classLoader.getResource("$folder${RecipeScript::class.java.name}.classname").shouldNotBeNull()
        }
    })
