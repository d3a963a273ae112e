package dev.leaven.dsl.cli

import com.fasterxml.jackson.databind.ObjectMapper
import io.kotest.core.annotation.Tags
import io.kotest.core.spec.style.FunSpec
import io.kotest.engine.spec.tempdir
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.collections.shouldHaveSize
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.string.shouldStartWith
import java.io.File
import java.nio.file.Files
import java.nio.file.Path

@Tags("slow")
class EvaluateSpec :
    FunSpec({
        val folder = tempdir().toPath()
        val run = folder.resolve("run")

        fun image(name: String) {
            val file = folder.resolve(name)
            Files.createDirectories(file.parent)
            Files.copy(File("../src/test/resources/grey.png").toPath(), file)
        }

        beforeSpec {
            listOf("cat", "dog").forEach { name -> repeat(10) { image("images/$name/$it.png") } }
            val script = folder.resolve("pets.recipe.kts")
            Files.writeString(
                script,
                "data = imageFolder(\"images\")\nresize(16).epochs(1).batchSize(8).model(xresnet18()).tta(FlipView()).evaluateAt(24)",
            )
            val said = leaven("train", "$script", "--run", "$run")
            said.err shouldBe ""
            // Grey images are alike in every view and at every size.
            said.out shouldContain "with test-time augmentation (2 passes, "
            said.out shouldContain "+0.00 points of top-1 (95 %: +0.00 to +0.00; within noise, McNemar p 1.000)\n"
            said.out shouldContain Regex("top-1 50.00 % at 16 px, 50.00 % at 24 px \\(\\d+\\.\\d s\\)\n")
        }

        test("the run's own validation images are evaluated") {
            val csv = folder.resolve("answers.csv")
            val said = leaven("evaluate", "$run", "--csv", "$csv", "--top-k", "10000")

            said.err shouldBe ""
            said.code shouldBe 0
            said.out shouldStartWith "$run after epoch 1, at 16 px: the run's validation images\n\n4 images of 2 classes\n"
            said.out shouldContain Regex("top-1 +50.00 % +15.00 % to 85.00 %\n")
            said.out shouldContain Regex("top-10000 +100.00 %")
            said.out shouldContain "note: top-10000 is 1, as there are only 2 classes\n"
            val rows = Files.readAllLines(csv)
            rows.first() shouldBe "image,class,answer,right,loss,cat,dog"
            rows shouldHaveSize 5
            rows.drop(1).map { it.split(",")[1] }.sorted() shouldContainExactly listOf("cat", "cat", "dog", "dog")
        }

        test("other images are evaluated, also of some classes only, and in JSON") {
            image("more/dog/1.png")
            image("more/dog/2.png")
            val said = leaven("evaluate", "$run", "--data", "$folder/more", "--tta", "flip", "--tta-beta", "0.3", "--json")

            said.err shouldBe ""
            val json = ObjectMapper().readTree(said.out)
            json["images"].asText() shouldBe "all images in $folder/more"
            json["tta"]["technique"].asText() shouldBe "FlipView"
            json["tta"]["beta"].asDouble() shouldBe 0.3
            json["passes"].asInt() shouldBe 2
            json["gain"]["gain"].asDouble() shouldBe 0.0
            json["evaluation"]["images"].asInt() shouldBe 2
            json["evaluation"]["classes"][0]["images"].asInt() shouldBe 0
        }

        test("of its own folder it is evaluated on the validation images, wherever the folder is") {
            val here = leaven("evaluate", "$run", "--data", "$folder/images")
            here.out shouldStartWith
                "$run after epoch 1, at 16 px: the run's validation images, in $folder/images\n\n4 images of 2 classes\n"
            image("part/dog/1.png")
            Files.move(folder.resolve("images"), folder.resolve("moved"))
            try {
                leaven("evaluate", "$run") shouldBe
                    Said(2, "", "leaven: $folder/images: the folder of the run's images is gone; say where they are now with --data\n")
                leaven("evaluate", "$run", "--data", "$folder/moved").out shouldStartWith
                    "$run after epoch 1, at 16 px: the run's validation images, in $folder/moved\n\n4 images of 2 classes\n"
                leaven("evaluate", "$run", "--data", "$folder/part").out shouldStartWith
                    "$run after epoch 1, at 16 px: all images in $folder/part\n\n1 image of 2 classes\n"
            } finally {
                Files.move(folder.resolve("moved"), folder.resolve("images"))
            }
        }

        test("images that it was trained on are counted") {
            listOf("cat", "dog").forEach { name ->
                repeat(4) { image("divided/train/$name/$it.png") }
                image("divided/val/$name/0.png")
            }
            val script = folder.resolve("divided.recipe.kts")
            Files.writeString(
                script,
                "data = imageFolder(\"divided\")\nresize(16).epochs(1).batchSize(8).model(xresnet18().widen(0.125))",
            )
            val divided = folder.resolve("divided-run")
            leaven("train", "$script", "--run", "$divided").err shouldBe ""

            fun evaluated(data: String) =
                leaven("evaluate", "$divided", "--data", "$folder/$data")
                    .out
                    .lines()
                    .first()
                    .substringAfter(": ")
            evaluated("divided/train") shouldBe "all images in $folder/divided/train, 8 of which it was trained on"
            evaluated("divided/val") shouldBe "all images in $folder/divided/val"
            evaluated("divided") shouldBe "the run's validation images, in $folder/divided"
        }

        test("several sizes are tried") {
            val said = leaven("evaluate", "$run", "--sizes", "24,32", "--weights", "best")

            said.err shouldBe ""
            said.out shouldContain Regex(" +16 px  top-1 50.00 % +\\d+\\.\\d s  the size of the last stage\n")
            said.out shouldContain Regex(" +32 px  top-1 50.00 % +\\d+\\.\\d s  \\+0.00 points of top-1 .*within noise")
        }

        test("a mistake is one sentence and exit code 2") {
            fun mistake(vararg arguments: String): String {
                val said = leaven("evaluate", *arguments)
                said.code shouldBe 2
                said.out shouldBe ""
                said.err.lines() shouldHaveSize 2
                return said.err.trimEnd()
            }

            mistake("$folder/none") shouldBe "leaven: $folder/none is not a run directory: there is no such directory"
            mistake("$folder/images") shouldBe "leaven: $folder/images is not a run directory: it has no recipe.json"
            mistake("$run", "--data", "$folder/none") shouldBe
                "leaven: $folder/none: there is no such folder; check the path"
            Files.createDirectories(folder.resolve("empty"))
            mistake("$run", "--data", "$folder/empty") shouldStartWith "leaven: $folder/empty: the folder is empty"
            image("other/fish/1.png")
            mistake("$run", "--data", "$folder/other") shouldBe
                "leaven: $folder/other: the model has no class 'fish', but cat, dog; rename the folder to the class it shows, or delete it"
            mistake("$run", "--top-k", "0") shouldBe "leaven: evaluate: k must be at least 1, but is 0"
            mistake("$run", "--size", "8") shouldBe "leaven: evaluate: size must be at least 16, but is 8"
            mistake("$run", "--sizes", "24", "--tta", "4") shouldBe
                "leaven: --sizes tries sizes of the plain view; leave --size and --tta out"
            mistake("$run", "--weights", "first") shouldBe "leaven: --weights: must be last or best, but is first"
            mistake("$run", "--tta", "six") shouldBe
                "leaven: --tta: must be a number of random views, flip, five-crop, ten-crop or multi-scale, but is six"
            mistake("$run", "--tta", "0") shouldBe "leaven: tta: passes must be between 1 and 1000, but is 0"
            mistake("$run", "--tta-max") shouldBe "leaven: --tta-beta and --tta-max say how views are combined; add --tta"
            mistake("$run/last") shouldBe
                "leaven: $run/last is not a run directory: it has no recipe.json; did you mean $run?"
            mistake("$run", "--csv", "$folder/none/a.csv") shouldBe
                "leaven: --csv: there is no folder $folder/none; make it, or choose another"
        }

        test("a truncated checkpoint is refused") {
            val cut = folder.resolve("cut")
            run.toFile().copyRecursively(cut.toFile())
            val checkpoint: Path = cut.resolve("last/checkpoint.safetensors")
            val bytes = Files.readAllBytes(checkpoint)
            Files.write(checkpoint, bytes.copyOf(bytes.size / 2))
            val said = leaven("evaluate", "$cut")

            said.code shouldBe 2
            said.err shouldStartWith "leaven: $checkpoint cannot be read: "
        }
    })
