package dev.leaven.dsl.cli

import java.nio.file.Files
import java.nio.file.Path
import java.nio.file.attribute.PosixFilePermissions

/**
 * The files of a new project.
 *
 * @property leaven the command in a shell
 */
internal class Project(
    private val folder: Path,
    private val language: Language,
    private val data: ProjectData,
    private val version: String,
    private val leaven: String,
) {
    enum class Language { SCRIPT, KOTLIN, JAVA }

    private val name: String =
        folder
            .toAbsolutePath()
            .normalize()
            .fileName
            .toString()

    private val file: String =
        when (language) {
            Language.SCRIPT -> "$name.recipe.kts"
            Language.KOTLIN -> "src/main/kotlin/Train.kt"
            Language.JAVA -> "src/main/java/Train.java"
        }

    private val epochs = if (data.small) 6 else 5

    /** The command that trains it, within its folder. */
    val command: String =
        if (language == Language.SCRIPT) "$leaven train $file" else "./mvnw -q compile exec:exec"

    /**
     * Writes them.
     *
     * @return their names
     * @throws IllegalArgumentException when the name is not valid for a project, or the folder has files
     */
    fun write(): List<String> {
        require(NAME.matches(name)) { "new: a project's name has letters, digits, - and _, but it is '$name'" }
        require(!Files.exists(folder) || (Files.isDirectory(folder) && Files.list(folder).use { it.findAny().isEmpty })) {
            "new: $folder is there already; choose another name"
        }
        val files = texts()
        files.forEach { (path, text) ->
            val target = folder.resolve(path)
            Files.createDirectories(target.parent)
            Files.writeString(target, text)
        }
        folder.resolve("mvnw").takeIf(Files::exists)?.let(::makeExecutable)
        if (data.small) {
            Shapes.draw(folder.resolve("images"))
        }
        return files.keys.toList() + if (data.small) listOf("images/") else listOf()
    }

    private fun texts(): Map<String, String> {
        val common = mapOf("README.md" to filled("README.md.txt"), ".gitignore" to resource("gitignore.txt"))
        return when (language) {
            Language.SCRIPT -> mapOf(file to filled("script/recipe.kts.txt")) + common
            Language.KOTLIN -> mapOf(file to filled("kotlin/Train.kt.txt"), "pom.xml" to filled("java/pom.xml.txt")) + maven() + common
            Language.JAVA -> mapOf(file to filled("java/Train.java.txt"), "pom.xml" to filled("java/pom.xml.txt")) + maven() + common
        }
    }

    private fun maven() = listOf("mvnw", "mvnw.cmd", ".mvn/wrapper/maven-wrapper.properties").associateWith { resource("wrapper/$it") }

    private fun filled(template: String): String {
        val kotlin = language == Language.KOTLIN
        val values =
            mapOf(
                "code" to if (language == Language.SCRIPT) "" else resource("${language.name.lowercase()}/README.md.txt"),
                "name" to name,
                "noise" to NOISE,
                "leaven" to leaven,
                "does" to if (language == Language.SCRIPT) "trains" else "prints what will be done, trains",
                "picture" to data.picture,
                "version" to version,
                "classifier" to (NativeLibrary.onClassPath() ?: "linux-x86_64"),
                "main" to if (kotlin) "TrainKt" else "Train",
                "build" to if (kotlin) "    <sourceDirectory>src/main/kotlin</sourceDirectory>\n" else "",
                "plugins" to if (kotlin) resource("kotlin/plugins.txt") else "",
                "imports" to data.javaImports.filter { it.startsWith("dev") }.joinToString("") { "import $it;\n" },
                "data" to if (language == Language.JAVA) data.java else data.kotlin,
                "epochs" to "$epochs",
                "recipe" to recipe(),
                "what" to data.what,
                "run" to command,
                "file" to file,
                "own" to if (language == Language.JAVA) "ImageFolder.of(Path.of(\"photographs\"))" else "imageFolder(\"photographs\")",
                "more" to more(),
            )
        val text = values.entries.fold(resource(template)) { text, (key, value) -> text.replace("@$key@", value) }
        return if (language == Language.JAVA && "java.nio.file.Path" in data.javaImports) {
            text.replace(
                "import dev.leaven.runtime.models.XResNet;\n",
                "import dev.leaven.runtime.models.XResNet;\nimport java.nio.file.Path;\n",
            )
        } else {
            text
        }
    }

    // With few pictures, a narrow model learns from small batches without mixing.
    private fun recipe(): String {
        val (first, second) = if (data.small) 32 to 48 else 128 to 224
        val batch = if (data.small) 16 else 64
        val widen = if (data.small) ".widen(0.25)" else ""
        val mixing = if (data.small) listOf() else listOf("mixup()")
        val common = mixing + listOf("labelSmoothing(0.1)", "tta(4)")
        return when (language) {
            Language.SCRIPT -> {
                val stages = listOf("resize($first).epochs(epochs).batchSize($batch)", "then($second).epochs(2).batchSize($batch)")
                (stages + "model(xresnet18()$widen)" + common).joinToString("\n    .")
            }

            Language.KOTLIN -> {
                fun stage(
                    word: String,
                    epochs: Int,
                ) = "$word {\n    epochs = $epochs\n    batchSize = $batch\n}"

                val stages = listOf(stage("resize($first)", epochs), stage("then($second)", 2))
                (stages + "model(xresnet18()$widen)" + common).joinToString("\n").prependIndent("        ")
            }

            Language.JAVA -> {
                val stages =
                    listOf("resize($first)", "epochs($epochs)", "batchSize($batch)") +
                        listOf("then($second)", "epochs(2)", "batchSize($batch)")
                (stages + "model(new XResNet(18)$widen)" + common).joinToString("\n          .")
            }
        }
    }

    private fun more(): String {
        val words =
            mutableListOf(
                if (language == Language.SCRIPT) {
                    "- `$leaven explain $file` shows every decision; `$leaven data show $file -o grid.png` draws what the model sees."
                } else {
                    "- `mvnw` fetches Maven itself; all that has to be there is a JDK 17 or newer."
                },
            )
        if (data.small) {
            words +=
                "- Photographs want larger images and the whole model: `128` and `224` instead of `32` and `48`, and no `.widen(0.25)`."
        }
        if (language != Language.SCRIPT && version.endsWith("SNAPSHOT")) {
            words +=
                "- Leaven $version is not published: `./mvnw -DskipTests -pl bom,dsl -am install` in its source tree puts it into your local repository."
        }
        return words.joinToString("\n")
    }

    private fun resource(path: String): String =
        requireNotNull(Project::class.java.getResourceAsStream("project/$path")) { "there is no template $path" }
            .use { it.readBytes().toString(Charsets.UTF_8) }

    private fun makeExecutable(file: Path) {
        if ("posix" in file.fileSystem.supportedFileAttributeViews()) {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"))
        }
    }

    private companion object {
        const val NOISE = "^([IWE]0000 |WARNING: All log)"
        val NAME = Regex("[A-Za-z0-9][A-Za-z0-9_-]*")
    }
}
