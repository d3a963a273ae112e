package dev.leaven.dsl.cli

import com.fasterxml.jackson.databind.ObjectMapper
import io.kotest.core.annotation.Tags
import io.kotest.core.spec.style.FunSpec
import io.kotest.engine.spec.tempdir
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.collections.shouldHaveSize
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.string.shouldEndWith
import io.kotest.matchers.string.shouldMatch
import io.kotest.matchers.string.shouldStartWith
import java.io.File
import java.nio.file.Files
import java.nio.file.Path

/** From a run to a model, and from a model to the names of what images show. */
@Tags("slow")
class PredictSpec :
    FunSpec({
        val folder = tempdir().toPath()
        val run = folder.resolve("run")
        val model = folder.resolve("models/1")
        val photographs = folder.resolve("photographs")

        fun grey(file: Path): Path {
            Files.createDirectories(file.parent)
            return Files.copy(File("../src/test/resources/grey.png").toPath(), file)
        }

        beforeSpec {
            listOf("cat", "dog, wet").forEach { name -> repeat(10) { grey(folder.resolve("images/$name/$it.png")) } }
            grey(photographs.resolve("b/tom.png"))
            grey(photographs.resolve("a, \"c\".png"))
            val recipe = "resize(16).epochs(1).batchSize(8).model(xresnet18()).tta(2)"
            val script = Files.writeString(folder.resolve("pets.recipe.kts"), "data = imageFolder(\"images\")\n$recipe")
            leaven("train", "$script", "--run", "$run").code shouldBe 0
        }

        test("a run is exported, and not twice into one directory") {
            val said = leaven("export", "$run", "$model", "--size", "24", "--weights", "best", "--precision", "float16")
            said.err shouldBe ""
            said.code shouldBe 0
            said.out shouldMatch Regex("the model is in .*models/1, \\d+.* MB; try it: leaven serve .*models/1\n")

            leaven("export", "$run", "$model") shouldBe
                Said(2, "", "leaven: $model is not empty; export into another directory\n")
            leaven("export", "$run", "$folder/other", "--precision", "int4") shouldBe
                Said(2, "", "leaven: --precision: must be float32, float16 or dynamic, but is int4\n")
            leaven("export", "$run", "$folder/other", "--weights", "first").err shouldBe
                "leaven: --weights: must be last or best, but is first\n"
            leaven("export", "$photographs", "$folder/other") shouldBe
                Said(2, "", "leaven: $photographs is not a run directory: it has no recipe.json\n")
        }

        test("files and folders are predicted, in lines for people") {
            val said = leaven("predict", "$model", "$photographs", "$photographs/b/tom.png", "--top", "2", "--tta")
            said.err shouldBe ""
            said.code shouldBe 0
            val lines = said.out.lines().dropLast(1)
            lines.map { it.substringBefore(": ") } shouldContainExactly
                listOf("$photographs/a, \"c\".png", "$photographs/b/tom.png", "$photographs/b/tom.png")
            lines.forEach { it shouldMatch Regex(".*: (cat|dog, wet) \\d+\\.\\d %, (cat|dog, wet) \\d+\\.\\d %") }
        }

        test("tables and JSON quote what they must, and files that are no images are skipped") {
            val text = Files.writeString(photographs.resolve("notes.jpg"), "no image")
            val table = leaven("predict", "$model", "$photographs", "--csv", "--top", "2")
            table.code shouldBe 1
            table.err shouldBe "leaven: $text is text; skipped\nleaven: 1 of 3 files was skipped\n"
            table.out.lines()[0] shouldBe "file,label_1,probability_1,label_2,probability_2"
            table.out.lines()[1] shouldStartWith "\"$photographs/a, \"\"c\"\".png\","
            table.out shouldContain ",\"dog, wet\",0."

            val output = folder.resolve("out.json")
            val json = leaven("predict", "$run", "$photographs/b", "--json", "-o", "$output")
            json shouldBe Said(0, "", "the answers are in $output\n")
            val objects = Files.readAllLines(output).map(ObjectMapper()::readTree)
            objects shouldHaveSize 1
            objects[0].path("file").asText() shouldEndWith "tom.png"
            objects[0].path("label").asText() shouldBe
                objects[0]
                    .path("top")
                    .path(0)
                    .path("label")
                    .asText()
        }

        test("what cannot be predicted is said in a sentence") {
            leaven("predict", "$model") shouldBe
                Said(2, "", "leaven: missing required parameter: 'IMAGES'; see leaven predict --help\n")
            leaven("predict", "$model", "$photographs", "--top", "10000") shouldBe
                Said(2, "", "leaven: --top must be between 1 and 2, the model's classes, but is 10000\n")
            leaven("predict", "$photographs", "$photographs") shouldBe
                Said(2, "", "leaven: $photographs is not a model: it has no saved_model.pb\n")
            leaven("predict", "$photographs/b/tom.png", "$photographs").err shouldBe
                "leaven: $photographs/b/tom.png is a file, not a model; name the directory of a model\n"
            leaven("predict", "${model.parent}", "$photographs").err shouldBe
                "leaven: ${model.parent} is not a model: it has no saved_model.pb; did you mean $model?\n"
            leaven("evaluate", "$model").err shouldBe
                "leaven: $model is an exported model; name the run that it was exported from\n"
            leaven("predict", "$model", "$photographs", "-o", "$folder/none/a.csv") shouldBe
                Said(2, "", "leaven: -o: there is no folder $folder/none; make it, or choose another\n")
            leaven("predict", "$model", "$photographs", "-o", "$folder").err shouldBe
                "leaven: -o: $folder is a folder; name a file\n"
            val empty = Files.createDirectories(folder.resolve("empty"))
            leaven("predict", "$model", "$empty") shouldBe
                Said(2, "", "leaven: $empty: there are no images in it or in the folders below it\n")
            leaven("predict", "$model", "$folder/none.jpg").err shouldBe
                "leaven: $folder/none.jpg does not exist; skipped\nleaven: 1 of 1 files was skipped\n"
        }

        test("a server needs a model and a port") {
            leaven("serve", "$photographs").err shouldBe "leaven: $photographs is not a model: it has no saved_model.pb\n"
            leaven("serve", "$model", "--port", "70000") shouldBe
                Said(2, "", "leaven: serve: port must be between 0 and 65535, but is 70000\n")
        }
    })
