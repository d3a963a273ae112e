package dev.leaven.samples

import dev.leaven.dsl.Recipe
import dev.leaven.dsl.script.RecipeFile
import org.assertj.core.api.Assertions.assertThat
import org.junit.jupiter.api.Tag
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import java.io.ByteArrayOutputStream
import java.io.File
import java.net.URLClassLoader
import java.nio.file.Files
import java.nio.file.Path
import javax.tools.ToolProvider

/**
 * The samples for JBang and for Kotlin's own command say the recipe of fashion.recipe.kts. The
 * libraries that they name are compared with the build's; what they say is compiled against Leaven
 * as it is here, for neither JBang nor Kotlin's command is at hand.
 */
@Tag("slow")
class SingleFilesTest {
    @TempDir
    lateinit var directory: Path

    private val recipe: Recipe by lazy { RecipeFile(Path.of("scripts/fashion.recipe.kts"), directory.resolve("cache")).read().recipe }

    private fun version(property: String): String =
        Regex("<$property>(.*)</$property>").find(File("../pom.xml").readText())!!.groupValues[1]

    private fun project(): String = Regex("<version>(.*)</version>").find(File("../pom.xml").readText())!!.groupValues[1]

    @Test
    fun `JBang's file compiles and has the recipe`() {
        val source = Path.of("jbang/Fashion.java")
        val out = ByteArrayOutputStream()
        val code =
            ToolProvider
                .getSystemJavaCompiler()
                .run(null, out, out, "-cp", System.getProperty("java.class.path"), "-d", "$directory", "$source")
        assertThat(code).`as`(out.toString()).isZero()
        val said =
            URLClassLoader(arrayOf(directory.toUri().toURL()), javaClass.classLoader).use { classes ->
                val field = classes.loadClass("Fashion").getDeclaredField("RECIPE")
                field.isAccessible = true
                field.get(null)
            }
        assertThat(said).isEqualTo(recipe)
        assertThat(Files.readAllLines(source).filter { it.startsWith("//DEPS ") }.map { it.removePrefix("//DEPS ") })
            .containsExactly(
                "dev.leaven:leaven-dsl:${project()}",
                "org.slf4j:slf4j-nop:${version("slf4j.version")}",
                "org.tensorflow:tensorflow-core-native:${version("tensorflow.version")}:linux-x86_64",
            )
    }

    @Test
    fun `the file for Kotlin's command compiles and has the recipe`() {
        val lines = Files.readAllLines(Path.of("scripts/fashion.main.kts"))
        // Without what only Kotlin's command understands, and without training.
        val (annotations, rest) = lines.partition { it.startsWith("@file:") }
        val script = directory.resolve("main.recipe.kts")
        Files.write(script, rest.filterNot { it.startsWith("println(") || it.startsWith("fashion.train(") })

        assertThat(RecipeFile(script, directory.resolve("cache")).read("fashion").recipe).isEqualTo(recipe)
        assertThat(annotations.map { Regex("@file:DependsOn\\(\"(.*)\"\\)").matchEntire(it)!!.groupValues[1] })
            .containsExactly(
                "dev.leaven:leaven-dsl:${project()}",
                "org.slf4j:slf4j-nop:${version("slf4j.version")}",
                "org.tensorflow:tensorflow-core-native:jar:linux-x86_64:${version("tensorflow.version")}",
            )
    }
}
