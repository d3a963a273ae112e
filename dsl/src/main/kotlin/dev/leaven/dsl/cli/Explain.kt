package dev.leaven.dsl.cli

import dev.leaven.dsl.script.RecipeFile
import picocli.CommandLine.Command
import picocli.CommandLine.Mixin
import picocli.CommandLine.ParentCommand
import java.util.concurrent.Callable

/** `leaven explain`. */
@Command(
    name = "explain",
    description = ["Say what training would do, without doing it."],
    mixinStandardHelpOptions = true,
    versionProvider = Leaven.Version::class,
    footer = ["", "Example:", "  leaven explain pets.recipe.kts"],
)
internal class Explain : Callable<Int> {
    @ParentCommand
    private lateinit var leaven: Leaven

    @Mixin
    private lateinit var script: ScriptArguments

    override fun call(): Int {
        val scripted = RecipeFile(script.path).read()
        leaven.console.out.print(scripted.recipe.explain(script.data(scripted, leaven.console)))
        return Leaven.DONE
    }
}
