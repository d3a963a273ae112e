package dev.leaven.dsl.cli

import io.kotest.core.annotation.Tags
import io.kotest.core.spec.style.FunSpec
import io.kotest.engine.spec.tempdir
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.collections.shouldHaveSize
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.string.shouldStartWith
import java.io.File
import java.nio.file.Files
import java.nio.file.Path

/** What `train` and `resume` leave behind when they are asked to. */
@Tags("slow")
class RunFilesSpec :
    FunSpec({
        val folder = tempdir().toPath()
        val run = folder.resolve("run")

        fun script(
            name: String,
            recipe: String,
        ): Path = Files.writeString(folder.resolve("$name.recipe.kts"), "data = imageFolder(\"images\")\n$recipe")

        beforeSpec {
            listOf("cat", "dog").forEach { name ->
                val images = Files.createDirectories(folder.resolve("images/$name"))
                repeat(10) { Files.copy(File("../src/test/resources/grey.png").toPath(), images.resolve("$it.png")) }
            }
        }

        // Nothing can be learned from grey images, so no epoch is better by that much.
        val recipe = "resize(16).epochs(4).batchSize(8).model(xresnet18())"
        val rule = ".stopping(EarlyStopping(1, 1.0, EarlyStopping.Watched.METRIC))"

        test("a run leaves checkpoints and event files, and ends by its rule") {
            val pets = script("pets", recipe + rule)
            val said =
                leaven("train", "$pets", "--run", "$run", "--checkpoint-every", "1", "--keep", "1", "--tensorboard")

            said.err shouldBe ""
            said.code shouldBe 0
            said.out shouldContain "\nended in epoch 2 of 4: no better top-1 in 1 epoch than in epoch 1\n"
            run
                .resolve("kept")
                .toFile()
                .list()!!
                .toList() shouldHaveSize 1
            run
                .resolve("tensorboard")
                .toFile()
                .list()!!
                .toList() shouldHaveSize 1

            val again = leaven("resume", "$run", "--recipe", "$pets")
            again.err shouldBe ""
            again.out shouldStartWith "$run was finished already: top-1"
        }

        test("a run of another recipe says what differs") {
            val other = script("other", "$recipe.epochs(5).timeLimit(9)")
            val differs =
                "What differs: stage 1: epochs 4 there, 5 here; stopping 1: " +
                    "'ends early after 1 epoch without a better score, better by more than 1' there, " +
                    "'ends after 9 minutes of training' here\n"

            leaven("resume", "$run", "--recipe", "$other") shouldBe
                Said(
                    2,
                    "",
                    "leaven: $other is another recipe than that of $run; resume it without --recipe, or train anew. $differs",
                )
            leaven("train", "$other", "--run", "$run") shouldBe
                Said(2, "", "leaven: $run belongs to another recipe; choose another directory. $differs")
        }

        test("a wrong option is refused") {
            val said = leaven("train", "${script("wrong", recipe)}", "--keep", "-1", "--run", "${folder.resolve("wrong")}")

            said shouldBe Said(2, "", "leaven: keep: epochs must be at least 0, but is -1\n")
            folder
                .resolve("wrong")
                .toFile()
                .listFiles()
                .orEmpty()
                .toList()
                .shouldBeEmpty()
        }
    })
