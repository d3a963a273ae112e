package dev.leaven.dsl.cli

import dev.leaven.dsl.script.RecipeFile
import dev.leaven.runtime.data.ImageFolder
import io.kotest.core.annotation.Tags
import io.kotest.core.spec.style.FunSpec
import io.kotest.engine.spec.tempdir
import io.kotest.matchers.collections.shouldContainAll
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.string.shouldNotContain
import org.jetbrains.kotlin.cli.common.ExitCode
import org.jetbrains.kotlin.cli.jvm.K2JVMCompiler
import java.io.ByteArrayOutputStream
import java.io.File
import java.io.PrintStream
import java.nio.file.Files
import java.nio.file.Path
import javax.tools.ToolProvider
import javax.xml.parsers.DocumentBuilderFactory

/** What is written is compiled against Leaven as it is here. */
@Tags("slow")
class NewSpec :
    FunSpec({
        val folder = tempdir().toPath()
        val classPath = System.getProperty("java.class.path")

        fun files(project: Path): List<String> =
            Files.walk(project).use { all ->
                all.filter(Files::isRegularFile).map { project.relativize(it).toString().replace(File.separatorChar, '/') }.toList()
            }

        fun texts(project: Path) = files(project).filterNot { it.endsWith(".png") || it.startsWith("mvnw") }.map { project.resolve(it) }

        /** The lines of a README's only block in a language: imports, and what comes after them. */
        fun block(
            project: Path,
            language: String,
        ): Pair<List<String>, List<String>> =
            Files
                .readString(project.resolve("README.md"))
                .substringAfter("```$language\n")
                .substringBefore("```")
                .lines()
                .partition { it.startsWith("import ") }

        fun requireMaven(project: Path) {
            files(project) shouldContainAll
                listOf("pom.xml", "mvnw", "mvnw.cmd", ".mvn/wrapper/maven-wrapper.properties", "README.md", ".gitignore")
            Files.isExecutable(project.resolve("mvnw")) shouldBe true
            val pom = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(project.resolve("pom.xml").toFile())
            pom.getElementsByTagName("artifactId").item(0).textContent shouldBe project.fileName.toString()
        }

        test("a script is the default, with pictures to train on") {
            val project = folder.resolve("of-scripts")
            leaven("new", "$project") shouldBe
                Said(
                    0,
                    "$project has of-scripts.recipe.kts, README.md, .gitignore, images/\n" +
                        "train it with: cd $project && leaven train of-scripts.recipe.kts\n",
                    "",
                )
            val scripted = RecipeFile(project.resolve("of-scripts.recipe.kts"), folder.resolve("cache")).read()
            val plan = scripted.recipe.plan(scripted.requireData())

            plan.data().classNames() shouldBe listOf("circle", "square", "triangle")
            plan.data().trainImages() shouldBe 720
            texts(project).forEach { Files.readString(it) shouldNotContain "@" }
        }

        test("commands are told as the command line was called") {
            val project = folder.resolve("elsewhere")
            val written = Project(project, Project.Language.SCRIPT, ProjectData.of("shapes"), "1", "/opt/leaven/leaven")
            written.write()

            written.command shouldBe "/opt/leaven/leaven train elsewhere.recipe.kts"
            Files.readString(project.resolve("elsewhere.recipe.kts")) shouldContain "// /opt/leaven/leaven train elsewhere.recipe.kts "
            val page = Files.readString(project.resolve("README.md"))
            listOf("explain", "evaluate", "report", "export", "predict", "serve").forEach { page shouldContain "/opt/leaven/leaven $it " }
        }

        test("a project in Java compiles") {
            val project = folder.resolve("in-java")
            leaven("new", "$project", "--java").code shouldBe 0
            requireMaven(project)
            val out = ByteArrayOutputStream()
            val compiler = ToolProvider.getSystemJavaCompiler()
            val classes = Files.createDirectories(folder.resolve("java classes"))
            val (imports, lines) = block(project, "java")
            val train = project.resolve("src/main/java/Train.java")
            val text =
                Files
                    .readString(
                        train,
                    ).replace("  private Train()", "  static void next() {\n${lines.joinToString("\n")}\n}\n\nprivate Train()")
            text shouldContain "Predictor.load(model)"
            Files.write(train, imports + text)
            val code =
                compiler.run(
                    null,
                    out,
                    out,
                    "-Xlint:all",
                    "-cp",
                    classPath,
                    "-d",
                    "$classes",
                    "$train",
                )

            out.toString() shouldNotContain "error"
            code shouldBe 0
        }

        test("a project in Kotlin compiles") {
            val project = folder.resolve("in-kotlin")
            leaven("new", "$project", "--kotlin").code shouldBe 0
            requireMaven(project)
            val (imports, lines) = block(project, "kotlin")
            lines.joinToString() shouldContain "Predictor.load(model)"
            val next = Files.write(folder.resolve("Next.kt"), imports + "fun next() {" + lines + "}")
            val out = ByteArrayOutputStream()
            val code =
                K2JVMCompiler().exec(
                    PrintStream(out),
                    "-cp",
                    classPath,
                    "-no-stdlib",
                    "-no-reflect",
                    "-jvm-target",
                    "17",
                    "-d",
                    "${folder.resolve("kotlin classes")}",
                    "${project.resolve("src/main/kotlin/Train.kt")}",
                    "$next",
                )

            out.toString() shouldNotContain "error:"
            code shouldBe ExitCode.OK
        }

        test("published data and folders are said as each language says them") {
            leaven("new", "${folder.resolve("pets")}", "--data", "oxford-pets").code shouldBe 0
            RecipeFile(folder.resolve("pets/pets.recipe.kts"), folder.resolve("cache")).read().data!!.describe() shouldContain "oxford-pets"
            leaven("new", "${folder.resolve("own")}", "--data", "${folder.resolve("of-scripts/images")}").code shouldBe 0
            RecipeFile(folder.resolve("own/own.recipe.kts"), folder.resolve("cache")).read().data shouldBe
                ImageFolder.of(folder.resolve("of-scripts/images"))
        }

        test("what cannot be written is refused") {
            val taken = Files.createDirectories(folder.resolve("taken"))
            Files.writeString(taken.resolve("a.txt"), "here")

            leaven("new", "$taken") shouldBe Said(2, "", "leaven: new: $taken is there already; choose another name\n")
            leaven("new", "$folder/my project").err shouldBe
                "leaven: new: a project's name has letters, digits, - and _, but it is 'my project'\n"
            leaven("new", "$folder/x", "--data", "cats").err shouldContain
                "leaven: --data: 'cats' is neither a folder nor a data set; say shapes, or one of "
            leaven("new", "$folder/x", "--java", "--kotlin").code shouldBe 2
        }
    })
