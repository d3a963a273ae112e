package dev.leaven.dsl.cli

import io.kotest.core.annotation.Tags
import io.kotest.core.spec.style.FunSpec
import io.kotest.engine.spec.tempdir
import io.kotest.matchers.shouldBe
import io.kotest.matchers.shouldNotBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.string.shouldStartWith
import java.io.File
import java.nio.file.Files
import java.nio.file.Path
import javax.imageio.ImageIO

@Tags("slow")
class DataShowSpec :
    FunSpec({
        val folder = tempdir().toPath()
        val images = folder.resolve("images")
        listOf("cat", "dog").forEach { name ->
            Files.createDirectories(images.resolve(name))
            repeat(10) { Files.copy(File("../src/test/resources/grey.png").toPath(), images.resolve("$name/$it.png")) }
        }

        fun script(
            name: String,
            text: String,
        ): Path = Files.writeString(folder.resolve("$name.recipe.kts"), text)
        val pets =
            script(
                "pets",
                """
                data = imageFolder("images")
                resize(16).batchSize(4).then(32).batchSize(2).augment().erase(1.0).mixup().labelSmoothing(0.1)
                """.trimIndent(),
            )

        fun show(
            picture: Path,
            vararg more: String,
        ) = leaven("data", "show", "$pets", "-o", "$picture", *more)

        test("a picture is drawn") {
            val grid = folder.resolve("grid.png")
            show(grid) shouldBe Said(0, "the picture is in $grid\n", "")
            // The whole batch of four, three in a row at most and so two by two: 24 + 2·348 + 14 + 24.
            ImageIO.read(grid.toFile()).width shouldBe 758
        }

        test("another stage, step, number of images, seed and folder are another picture") {
            val first = folder.resolve("first.png")
            val other = folder.resolve("other.png")
            show(first, "--images", "2").code shouldBe 0
            listOf(
                listOf("--images", "1"),
                listOf("--images", "2", "--stage", "2"),
                listOf("--images", "2", "--step", "2"),
                listOf("--images", "2", "--seed", "1"),
            ).forEach {
                show(other, *it.toTypedArray()) shouldBe Said(0, "the picture is in $other\n", "")
                Files.mismatch(first, other) shouldNotBe -1L
            }
            show(other, "--images", "2", "--data", "$images").code shouldBe 0
            Files.mismatch(first, other) shouldBe -1L
        }

        test("a mistake is one sentence and exit code 2") {
            val grid = folder.resolve("no.png")
            leaven("data", "show", "$folder/no.recipe.kts", "-o", "$grid") shouldBe
                Said(2, "", "$folder/no.recipe.kts: there is no such script\n")
            leaven("data", "show", "$pets").err shouldStartWith "leaven: missing required option: '--output=FILE'; see leaven data show"
            show(folder.resolve("grid.jpg")) shouldBe
                Said(2, "", "leaven: $folder/grid.jpg: a preview is a PNG picture; give it a name that ends in .png\n")
            show(pets.resolve("grid.png")) shouldBe Said(2, "", "leaven: -o: $pets is a file, not a folder; choose another place\n")
            show(folder.resolve("pictures/grid.png")) shouldBe
                Said(2, "", "leaven: -o: there is no folder $folder/pictures; make it, or choose another\n")
            show(grid, "--stage", "3") shouldBe
                Said(2, "", "leaven: preview: stage must be between 1 and 2, the stages of the recipe, but is 3\n")
            show(grid, "--images", "5") shouldBe
                Said(2, "", "leaven: preview: images must be between 1 and 4, the batch size of stage 1, but is 5\n")
            show(grid, "--images", "0") shouldBe Said(2, "", "leaven: preview: images must be at least 1, but is 0\n")
            show(grid, "--data", "$folder/else") shouldBe
                Said(2, "", "leaven: $folder/else: there is no such folder; check the path\n")
            Files.exists(grid) shouldBe false
        }

        test("images of which none can be decoded are named") {
            val damaged = folder.resolve("damaged")
            listOf("cat", "dog").forEach { name ->
                Files.createDirectories(damaged.resolve(name))
                repeat(2) { Files.write(damaged.resolve("$name/$it.png"), File("../src/test/resources/grey.png").readBytes().copyOf(60)) }
            }
            val said = leaven("data", "show", "${script("damaged", "data = imageFolder(\"damaged\")\nresize(16)")}", "-o", "$folder/d.png")
            said.code shouldBe 1
            said.err shouldContain "training images"
            said.err shouldContain "$damaged/cat/"
            said.err shouldContain "replace or delete them"
        }

        test("help has examples") {
            val help = leaven("data", "show", "--help")
            help.code shouldBe 0
            help.out shouldContain "Examples:\n  leaven data show pets.recipe.kts -o grid.png"
            leaven("data", "--help").out shouldContain "show"
        }
    })
