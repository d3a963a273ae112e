package dev.leaven.dsl.cli

import io.kotest.core.spec.style.FunSpec
import io.kotest.engine.spec.tempdir
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.string.shouldNotContain
import io.kotest.matchers.string.shouldStartWith
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

        test("help has examples") {
            listOf(leaven("--help"), leaven("train", "--help"), leaven("explain", "-h"), leaven("resume", "-h")).forEach {
                it.code shouldBe 0
                it.out shouldContain "Example"
                it.err shouldBe ""
            }
            leaven().out shouldBe leaven("--help").out
            leaven("--version").out shouldStartWith "leaven "
        }

        test("a mistake in the command is one sentence and exit code 2") {
            leaven("train") shouldBe Said(2, "", "leaven: missing required parameter: 'SCRIPT'; see leaven train --help\n")
            leaven("tran") shouldBe Said(2, "", "leaven: unmatched argument at index 0: 'tran'; see leaven --help\n")
            leaven("train", "a", "--rnu=b") shouldBe Said(2, "", "leaven: unknown option: '--rnu=b'; see leaven train --help\n")
        }

        test("a script that is missing, wrong or without data is exit code 2") {
            val missing = folder.resolve("missing.recipe.kts")
            leaven("train", "$missing") shouldBe Said(2, "", "$missing: there is no such script\n")

            val typo = script("typo", "resze(128)")
            leaven("explain", "$typo") shouldBe
                Said(2, "", "$typo:1:1: unresolved reference 'resze'; did you mean 'resize'?\n  resze(128)\n  ^\n")

            val bare = script("bare", "resize(128)")
            leaven("train", "$bare") shouldBe
                Said(
                    2,
                    "",
                    "leaven: $bare: it does not say where the images are; " +
                        "write data = imageFolder(\"...\") above the recipe, or add --data DIR\n",
                )
        }

        test("a missing data folder is exit code 2") {
            val pets = script("pets", "data = imageFolder(\"nowhere\")\nresize(128)")
            val nowhere = folder.resolve("nowhere")

            leaven("explain", "$pets") shouldBe Said(2, "", "leaven: $nowhere: there is no such folder; check the path\n")
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
                repeat(5) { Files.copy(File("src/test/resources/grey.png").toPath(), images.resolve("$name/$it.png")) }
            }
            val said = leaven("explain", "${script("images", "data = imageFolder(\"images\")\nresize(32).tta(4)")}")

            said.err shouldBe ""
            said.code shouldBe 0
            said.out shouldStartWith "resize(32).tta(4)\n\nrecipe     "
            said.out shouldContain "8 images to train on, 2 to validate on"
        }

        test("help, version and usage errors load no TensorFlow") {
            val java = Path.of(System.getProperty("java.home"), "bin", "java").toString()
            listOf("--help", "--version", "--wrong").forEach { argument ->
                val process =
                    ProcessBuilder(
                        java,
                        "-Xlog:class+load",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Leaven::class.java.name,
                        argument,
                    ).redirectErrorStream(true).start()
                val loaded = process.inputStream.bufferedReader().readText()

                loaded shouldContain Leaven::class.java.name
                loaded shouldNotContain "org.tensorflow"
            }
        }
    })
