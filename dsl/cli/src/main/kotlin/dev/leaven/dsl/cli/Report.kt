package dev.leaven.dsl.cli

import dev.leaven.dsl.Run
import picocli.CommandLine.Command
import picocli.CommandLine.Option
import picocli.CommandLine.Parameters
import picocli.CommandLine.ParentCommand
import java.nio.file.Path
import java.util.concurrent.Callable

/** `leaven report`. */
@Command(
    name = "report",
    description = ["Write a run as one page for people: curves, confusion, highest losses with Grad-CAM, times."],
    mixinStandardHelpOptions = true,
    versionProvider = Leaven.Version::class,
    footer = [
        "",
        "Examples:",
        "  leaven report runs/pets-20260101-120000",
        "  leaven report runs/pets-20260101-120000 -o pets.html --data /data/pets",
        "",
        "The page is one HTML file that loads nothing. The run may have been stopped, or still go on.",
    ],
)
internal class Report : Callable<Int> {
    @ParentCommand
    private lateinit var leaven: Leaven

    @Parameters(paramLabel = "RUN", description = ["The run's directory."])
    private lateinit var directory: Path

    @Option(
        names = ["-o", "--output"],
        paramLabel = "FILE",
        description = ["The HTML file to write; report.html in the run's directory if unsaid. Replaced if it is there."],
    )
    private var file: Path? = null

    @Option(
        names = ["--data"],
        paramLabel = "DIR",
        description = ["Where the run's images are now, if they have moved."],
    )
    private var folder: Path? = null

    override fun call(): Int {
        file?.let { requireWritable("-o", it) }
        val page = file ?: directory.resolve("report.html")
        val there = Run.open(directory)
        val run =
            folder?.let {
                there.on(
                    there
                        .result()
                        .plan()
                        .data()
                        .source()
                        .movedTo(it),
                )
            } ?: there
        run.report(page, leaven.console.listener())
        leaven.console.out.println("the report is in $page")
        return Leaven.DONE
    }
}
