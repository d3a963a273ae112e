package dev.leaven.dsl.cli

import dev.leaven.runtime.TechniqueJson
import picocli.CommandLine.Command
import picocli.CommandLine.Mixin
import picocli.CommandLine.Option
import picocli.CommandLine.ParentCommand
import java.util.concurrent.Callable

/** `leaven explain`. */
@Command(
    name = "explain",
    description = ["Say what training would do, without doing it."],
    mixinStandardHelpOptions = true,
    versionProvider = Leaven.Version::class,
    footer = [
        "",
        "Examples:",
        "  leaven explain pets.recipe.kts",
        "  leaven explain pets.recipe.kts --set stage1.epochs=10 --set mixup=0.2",
        "  leaven explain pets.recipe.kts --json | jq .course.stages",
    ],
)
internal class Explain : Callable<Int> {
    @ParentCommand
    private lateinit var leaven: Leaven

    @Mixin
    private lateinit var script: ScriptArguments

    @Option(names = ["--json"], description = ["Print the plan in JSON: every value that training would use."])
    private var json: Boolean = false

    override fun call(): Int {
        val scripted = script.read()
        val data = script.data(scripted, leaven.console)
        if (json) {
            leaven.console.out.println(TechniqueJson.writePretty(scripted.recipe.plan(data)))
        } else {
            leaven.console.out.print(scripted.recipe.explain(data))
        }
        return Leaven.DONE
    }
}
