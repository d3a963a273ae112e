package dev.leaven.dsl.cli

import picocli.AutoComplete
import picocli.CommandLine.Command
import picocli.CommandLine.Model.CommandSpec
import picocli.CommandLine.ParentCommand
import picocli.CommandLine.Spec
import java.util.concurrent.Callable

/** `leaven completion`. */
@Command(
    name = "completion",
    description = ["Print a script that lets bash and zsh complete commands and options."],
    mixinStandardHelpOptions = true,
    versionProvider = Leaven.Version::class,
    footer = [
        "",
        "Examples:",
        "  source <(leaven completion)",
        "  leaven completion > ~/.local/share/bash-completion/completions/leaven",
        "  echo 'source <(leaven completion)' >> ~/.zshrc",
        "",
        "The first is for this shell, the second for every bash, the third for every zsh.",
    ],
)
internal class Completion : Callable<Int> {
    @ParentCommand
    private lateinit var leaven: Leaven

    @Spec
    private lateinit var spec: CommandSpec

    override fun call(): Int {
        leaven.console.out.print(AutoComplete.bash("leaven", spec.root().commandLine()))
        return Leaven.DONE
    }
}
