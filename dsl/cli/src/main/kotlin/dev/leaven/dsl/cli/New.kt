package dev.leaven.dsl.cli

import picocli.CommandLine.ArgGroup
import picocli.CommandLine.Command
import picocli.CommandLine.Option
import picocli.CommandLine.Parameters
import picocli.CommandLine.ParentCommand
import java.nio.file.Path
import java.util.concurrent.Callable

/** `leaven new`. */
@Command(
    name = "new",
    description = ["Write a project with a recipe and pictures, which trains at once."],
    mixinStandardHelpOptions = true,
    versionProvider = Leaven.Version::class,
    footer = [
        "",
        "Examples:",
        "  leaven new my-project                     a script, and drawn pictures",
        "  leaven new my-project --kotlin            a Maven project in Kotlin",
        "  leaven new pets --java --data oxford-pets on a published data set",
        "  leaven new mine --data /data/photographs  a folder for each class",
    ],
)
internal class New : Callable<Int> {
    @ParentCommand
    private lateinit var leaven: Leaven

    @Parameters(paramLabel = "DIR", description = ["The project's folder, which must not be there yet; its name is the project's."])
    private lateinit var folder: Path

    @ArgGroup(exclusive = true)
    private var kind: Kind = Kind()

    @Option(
        names = ["--data"],
        paramLabel = "DATA",
        description = [
            "The pictures: shapes, which are drawn into the project; a name that leaven data list shows; or a folder. " +
                "Default: \${DEFAULT-VALUE}.",
        ],
    )
    private var data: String = ProjectData.SHAPES

    override fun call(): Int {
        val language =
            when {
                kind.kotlin -> Project.Language.KOTLIN
                kind.java -> Project.Language.JAVA
                else -> Project.Language.SCRIPT
            }
        val project = Project(folder, language, ProjectData.of(data), Leaven.version(), COMMAND)
        val files = project.write()
        leaven.console.out.println("$folder has ${files.joinToString(", ")}")
        leaven.console.out.println("train it with: cd $folder && ${project.command}")
        return Leaven.DONE
    }

    private companion object {
        // The name that the launcher was called by; without a launcher, the usual installed name.
        val COMMAND: String = System.getProperty("leaven.command") ?: "leaven"
    }

    /** The language; default: a script. */
    internal class Kind {
        @Option(names = ["--script"], description = ["A recipe script, for this command line. The default."])
        var script: Boolean = false

        @Option(names = ["--kotlin"], description = ["A Maven project in Kotlin, with its own Maven."])
        var kotlin: Boolean = false

        @Option(names = ["--java"], description = ["A Maven project in Java, with its own Maven."])
        var java: Boolean = false
    }
}
