package dev.leaven.dsl.cli

import com.fasterxml.jackson.databind.ObjectMapper
import io.kotest.core.spec.style.FunSpec
import io.kotest.engine.spec.tempdir
import io.kotest.matchers.collections.shouldContain
import io.kotest.matchers.ints.shouldBeGreaterThan
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.string.shouldNotContain
import io.kotest.matchers.string.shouldStartWith
import picocli.CommandLine
import java.io.File
import java.nio.file.Files
import java.nio.file.Path

class LeavenSpec :
    FunSpec({
        val folder = tempdir().toPath()

        fun script(
            name: String,
            text: String,
        ): Path = Files.writeString(folder.resolve("$name.recipe.kts"), text)

        test("help has examples, of every command") {
            fun commands(command: CommandLine): List<CommandLine> = listOf(command) + command.subcommands.values.flatMap(::commands)
            val all = commands(CommandLine(Leaven(Console(System.out, System.err, null))))
            all.size shouldBeGreaterThan 12
            all.forEach { command ->
                val arguments =
                    command.commandSpec
                        .qualifiedName(" ")
                        .split(' ')
                        .drop(1) + "--help"
                val said = leaven(*arguments.toTypedArray())
                said.code shouldBe 0
                said.out shouldContain "Example"
                said.out shouldNotContain "\u001b"
                said.err shouldBe ""
                // An example that is wrapped cannot be copied.
                val examples =
                    command.commandSpec
                        .usageMessage()
                        .footer()
                        .filter { it.startsWith("  ") }
                said.out.lines().filter { it in examples } shouldBe examples.toList()
            }
            leaven().out shouldBe leaven("--help").out
            leaven("--version").out shouldStartWith "leaven "
        }

        test("a mistake in the command is one sentence and exit code 2") {
            leaven("train") shouldBe Said(2, "", "leaven: missing required parameter: 'SCRIPT'; see leaven train --help\n")
            leaven("trian") shouldBe Said(2, "", "leaven: there is no command 'trian'; did you mean 'train'?\n")
            leaven("data", "lsit").err shouldBe "leaven: there is no command 'lsit'; did you mean 'list'?\n"
            leaven("photograph").err shouldBe "leaven: there is no command 'photograph'; see leaven --help\n"
            leaven("train", "a", "--rnu=b") shouldBe Said(2, "", "leaven: unknown option: '--rnu=b'; did you mean '--run'?\n")
            leaven("train", "a", "--photograph").err shouldBe "leaven: unknown option: '--photograph'; see leaven train --help\n"
            leaven("serve", "a", "--potr", "1").err shouldStartWith "leaven: unknown options: '--potr', '1'; did you mean '--port'?"
        }

        test("a word of the recipe that is tried as an option is said with --set") {
            fun hint(vararg arguments: String) = leaven("train", "a", *arguments).err.substringAfter("; ")
            hint("--epochs", "3") shouldBe "did you mean '--set epochs=3'?\n"
            hint("--epoch=3") shouldBe "did you mean '--set epochs=3'?\n"
            hint("--batch-size", "32") shouldBe "did you mean '--set batchSize=32'?\n"
            hint("--mixup") shouldBe "did you mean '--set mixup'?\n"
        }

        test("a script that is missing, wrong or without data is exit code 2") {
            val missing = folder.resolve("missing.recipe.kts")
            leaven("train", "$missing") shouldBe Said(2, "", "$missing: there is no such script\n")

            leaven("train", "$folder").err shouldBe
                "$folder: it is a folder, not a script; for a script about its images, leaven new NAME --data $folder\n"

            val typo = script("typo", "resze(128)")
            leaven("explain", "$typo") shouldBe
                Said(2, "", "$typo:1:1: there is no 'resze'; did you mean 'resize'?\n  resze(128)\n  ^\n")

            val bare = script("bare", "resize(128)")
            leaven("train", "$bare") shouldBe
                Said(
                    2,
                    "",
                    "$bare: it does not say where the images are; " +
                        "write data = imageFolder(\"...\") above the recipe, or add --data DIR\n",
                )
        }

        test("a missing data folder is exit code 2") {
            val pets = script("pets", "data = imageFolder(\"nowhere\")\nresize(128)")
            val nowhere = folder.resolve("nowhere")

            leaven("explain", "$pets") shouldBe
                Said(
                    2,
                    "",
                    "$pets:1:20: there is no $nowhere; paths are relative to the script\n" +
                        "  data = imageFolder(\"nowhere\")\n                     ^\n",
                )
            leaven("explain", "$pets", "--data", "$folder/else").err shouldBe
                "leaven: $folder/else: there is no such folder; check the path\n"
        }

        test("a run that is not there is exit code 2") {
            val said = leaven("resume", "$folder/no-run")

            said.code shouldBe 2
            said.err shouldStartWith "leaven: "
            said.err shouldContain "no-run"
            said.err shouldNotContain "\tat "
        }

        test("a stack trace is shown only when asked for") {
            val pets = script("pets", "data = imageFolder(\"nowhere\")\nresize(128)")

            leaven("explain", "$pets").err shouldNotContain "\tat "
            leaven("explain", "$pets", "--verbose").err shouldContain "\tat "
        }

        test("explain prints the plan") {
            val images = folder.resolve("images")
            listOf("cat", "dog").forEach { name ->
                Files.createDirectories(images.resolve(name))
                repeat(5) { Files.copy(File("../src/test/resources/grey.png").toPath(), images.resolve("$name/$it.png")) }
            }
            val said = leaven("explain", "${script("images", "data = imageFolder(\"images\")\nresize(32).tta(4)")}")

            said.err shouldBe ""
            said.code shouldBe 0
            said.out shouldStartWith "resize(32).tta(4)\n\nrecipe     "
            said.out shouldContain "8 images to train on, 2 to validate on"
        }

        test("what the command line says otherwise is part of the recipe") {
            val images = folder.resolve("few")
            listOf("cat", "dog").forEach { name ->
                Files.createDirectories(images.resolve(name))
                repeat(5) { Files.copy(File("../src/test/resources/grey.png").toPath(), images.resolve("$name/$it.png")) }
            }
            val path =
                script(
                    "otherwise",
                    "data = imageFolder(\"few\")\nval short = resize(32).epochs(args.int(\"epochs\", 5))\nval long = short.epochs(9)",
                )
            leaven("explain", "$path", "--recipe", "short", "epochs=2", "--set", "seed=7").out shouldStartWith
                "resize(32).epochs(2).seed(7)\n"
            leaven("explain", "$path", "--recipe", "short", "--arg", "epochs=2", "--set", "stage1.epochs=3").out shouldStartWith
                "resize(32).epochs(3)\n"
            leaven("explain", "$path").err shouldBe "$path: it has 2 recipes: short, long; say which one with --recipe NAME\n"
            leaven("explain", "$path", "two").err shouldBe
                "leaven: 'two' says nothing to the script; write NAME=VALUE, for instance epochs=3\n"
            val plan = ObjectMapper().readTree(leaven("explain", "$path", "--recipe", "long", "--json").out)
            plan["course"]["stages"][0]["epochs"].asInt() shouldBe 9
            plan["data"]["classNames"].map { it.asText() } shouldBe listOf("cat", "dog")
        }

        test("lists are for machines too") {
            val models = ObjectMapper().readTree(leaven("model", "list", "--json").out)
            models.first { it["name"].asText() == "xresnet50" }["description"].asText() shouldContain "XResNet-50"
            val summary = ObjectMapper().readTree(leaven("model", "summary", "xresnet18", "--size", "64", "--json").out)
            summary["size"].asInt() shouldBe 64
            summary["rows"].size() shouldBeGreaterThan 10
            val data = ObjectMapper().readTree(leaven("data", "list", "--json").out)
            data.map { it["name"].asText() } shouldContain "fashion-mnist"
        }

        test("colours are for a terminal that wants them") {
            fun help(columns: Int?) =
                java.io
                    .ByteArrayOutputStream()
                    .also { out ->
                        val console = Console(java.io.PrintStream(out), System.err, columns, columns != null && Console.areWanted(mapOf()))
                        Leaven.run(console, "--help")
                    }.toString()

            help(80) shouldContain "\u001b["
            help(null) shouldNotContain "\u001b["
            Console.areWanted(mapOf("NO_COLOR" to "1")) shouldBe false
            Console.areWanted(mapOf("NO_COLOR" to "")) shouldBe true
            Console.areWanted(mapOf("TERM" to "dumb")) shouldBe false
        }

        test("help, version and usage errors load no TensorFlow") {
            val java = Path.of(System.getProperty("java.home"), "bin", "java").toString()
            listOf("--help", "--version", "--wrong", "completion", "new").forEach { arguments ->
                val process =
                    ProcessBuilder(
                        java,
                        "-Xlog:class+load",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Leaven::class.java.name,
                        *arguments.split(' ').toTypedArray(),
                    ).redirectErrorStream(true).start()
                val loaded = process.inputStream.bufferedReader().readText()

                loaded shouldContain Leaven::class.java.name
                loaded shouldNotContain "org.tensorflow"
            }
        }
    })
