package dev.leaven.dsl.cli

import dev.leaven.dsl.ablate.Ledger
import io.kotest.core.annotation.Tags
import io.kotest.core.spec.style.FunSpec
import io.kotest.engine.spec.tempdir
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.collections.shouldHaveSize
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.string.shouldMatch
import io.kotest.matchers.string.shouldStartWith
import java.io.File
import java.nio.file.Files
import java.nio.file.Path

@Tags("slow")
class AblateSpec :
    FunSpec({
        val folder = tempdir().toPath()

        fun script(
            name: String,
            recipe: String,
        ): Path = Files.writeString(folder.resolve("$name.recipe.kts"), "data = imageFolder(\"images\")\n$recipe")

        val recipe = "resize(16).epochs(1).batchSize(8).model(xresnet18().widen(0.125)).labelSmoothing(0.1).tta(1)"

        beforeSpec {
            listOf("cat", "dog").forEach { name ->
                val images = Files.createDirectories(folder.resolve("images/$name"))
                repeat(10) { Files.copy(File("../src/test/resources/grey.png").toPath(), images.resolve("$it.png")) }
            }
        }

        test("a dry run shows the variants and trains nothing") {
            val said =
                leaven("ablate", "${script("pets", recipe)}", "--dry-run", "--mode", "leave-one-out", "--seeds", "2", "--epochs", "4")

            said.err shouldBe ""
            said.code shouldBe 0
            said.out.lines().drop(1) shouldContainExactly
                listOf(
                    "each technique left out, 2 seeds, equal epochs, on 16 images; a run costs the pixels that pass through the model, " +
                        "the first variant's being 1",
                    "  the recipe             4 epochs (4 × 16 px), cost 1.00",
                    "  − labelSmoothing(0.1)  4 epochs (4 × 16 px), cost 1.00",
                    "  − tta(1)               4 epochs (4 × 16 px), no training of its own",
                    "4 runs, together at a cost of 4.0",
                    "",
                )
        }

        test("trains, shows the ledger, and does nothing twice") {
            val runs = folder.resolve("runs")
            val arguments = arrayOf("ablate", "${script("pets", recipe)}", "--seeds", "1", "-o", "$runs", "--only", "tta, label-smoothing")

            val said = leaven(*arguments)

            said.err shouldBe ""
            said.code shouldBe 0
            val lines = said.out.lines()
            lines[2] shouldBe "  baseline               1 epoch (1 × 16 px), cost 1.00"
            lines[6] shouldBe "into $runs"
            lines[7] shouldMatch
                Regex("run 1 of 2: baseline, seed 42: top-1 50.00 % plain, 50.00 % with test-time augmentation in .* s; about .* left")
            lines.first { it.startsWith("+ tta(1)") } shouldMatch Regex(".* 50\\.00 +1 +.*too few seeds")
            lines.dropLast(1).last() shouldBe "also as Markdown, CSV, HTML and JSON: $runs/ledger.*"

            val again = leaven(*arguments, "--json")
            again.code shouldBe 0
            again.err shouldContain "into $runs, where 2 runs are finished\n"
            val ledger = Ledger.fromJson(again.out)
            ledger shouldBe Ledger.fromJson(Files.readString(runs.resolve("ledger.json")))
            ledger.rows() shouldHaveSize 3
        }

        test("a mistake is one sentence and exit code 2") {
            val pets = script("pets", recipe)

            fun mistake(vararg arguments: String) = leaven("ablate", "$pets", *arguments)

            mistake("--mode", "some") shouldBe Said(2, "", "leaven: --mode: must be add or leave-one-out, but is some\n")
            mistake("--seeds", "0") shouldBe Said(2, "", "leaven: ablate: seeds must be between 1 and 1000, but is 0\n")
            mistake("--epochs", "0") shouldBe Said(2, "", "leaven: ablate: epochs must be at least 1, but is 0\n")
            mistake("--only", "mixup") shouldBe
                Said(2, "", "leaven: ablate: the recipe has no technique 'mixup', but labelSmoothing, tta\n")
            leaven("ablate", "${script("plain", "resize(16)")}").err shouldStartWith
                "leaven: ablate: the recipe says no technique that could be left out"
            Files.exists(Path.of("ablations")) shouldBe false
            mistake("-o", "$folder/images").err shouldMatch
                Regex("leaven: .*/images is not empty and not of an ablation: it has (cat|dog); choose another directory\n")
            mistake("-o", "$pets").err shouldBe "leaven: $pets is a file, but an ablation needs a directory; choose another\n"
        }
    })
