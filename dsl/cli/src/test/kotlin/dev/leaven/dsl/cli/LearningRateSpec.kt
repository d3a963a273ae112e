package dev.leaven.dsl.cli

import dev.leaven.dsl.EpochLines
import dev.leaven.dsl.Recipe.resize
import dev.leaven.runtime.optimize.OneCycle
import dev.leaven.runtime.plan.Stage
import dev.leaven.runtime.run.LearningRates
import dev.leaven.runtime.run.LearningRates.End
import dev.leaven.runtime.run.LearningRates.Point
import io.kotest.core.annotation.Tags
import io.kotest.core.spec.style.FunSpec
import io.kotest.engine.spec.tempdir
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.ints.shouldBeGreaterThan
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.string.shouldMatch
import io.kotest.matchers.string.shouldStartWith
import java.awt.image.BufferedImage
import java.io.ByteArrayOutputStream
import java.io.PrintStream
import java.nio.file.Files
import java.nio.file.Path
import javax.imageio.ImageIO
import javax.xml.parsers.DocumentBuilderFactory

@Tags("slow")
class LearningRateSpec :
    FunSpec({
        val folder = tempdir().toPath()

        fun script(
            name: String,
            text: String,
        ): Path = Files.writeString(folder.resolve("$name.recipe.kts"), text)

        fun pictures() {
            for ((number, name) in listOf("day", "night").withIndex()) {
                val images = folder.resolve("pictures/$name")
                Files.createDirectories(images)
                repeat(10) {
                    val image = BufferedImage(20, 20, BufferedImage.TYPE_INT_RGB)
                    image.setRGB(it, 5, 0xFFFFFF * number)
                    ImageIO.write(image, "png", images.resolve("$it.png").toFile())
                }
            }
        }

        test("finds a rate, shows it and draws the curve") {
            pictures()
            val sky = script("sky", "data = imageFolder(\"pictures\")\nresize(16).model(xresnet18()).batchSize(4)")
            val plot = folder.resolve("rates.png")

            val said = leaven("lr-find", "$sky", "--steps", "12", "--start", "1e-5", "--end", "0.1", "-o", "$plot")

            said.err shouldBe ""
            said.code shouldBe 0
            val lines = said.out.trimEnd().lines()
            lines.first() shouldBe "learning rate  loss"
            lines[1] shouldStartWith "      1.0e-05  "
            lines.last() shouldBe "the curve is in $plot"
            lines.takeLast(6).take(4).map { it.substringBefore(' ') } shouldContainExactly
                listOf("valley", "slide", "minimum", "steep")
            ImageIO.read(plot.toFile()).width shouldBe 900
            // Nothing else is left behind.
            folder.toFile().list()!!.sorted() shouldContainExactly listOf("pictures", "rates.png", "sky.recipe.kts")
        }

        test("a mistake is one sentence and exit code 2") {
            val sky = script("sky2", "data = imageFolder(\"pictures\")\nresize(16)")

            fun mistake(vararg arguments: String) = leaven("lr-find", "$sky", *arguments)

            mistake("-o", "rates.pdf") shouldBe
                Said(2, "", "leaven: --output: a picture's name ends in .png or .svg, but this one is rates.pdf\n")
            mistake("-o", "$folder/none/rates.png") shouldBe
                Said(2, "", "leaven: --output: there is no folder $folder/none; make it, or choose another\n")
            mistake("--steps", "3") shouldBe
                Said(2, "", "leaven: findLearningRate: steps must be at least 6, but is 3\n")
            mistake("--start", "1", "--end", "0.1") shouldBe
                Said(2, "", "leaven: findLearningRate: end rate must be above the start rate 1, but is 0.1\n")
            mistake("--start", "low").err shouldStartWith "leaven: invalid value for option '--start'"
            pictures()
            mistake("--stage", "2") shouldBe
                Said(2, "", "leaven: findLearningRate: stage must be between 1 and 1, the stages of the recipe, but is 2\n")
            mistake("--from", "$folder/no-run") shouldBe
                Said(2, "", "leaven: $folder/no-run: there is no run whose weights could be taken; check the path\n")
        }

        val rates =
            LearningRates(
                List(35) { k ->
                    val loss = if (k < 30) 3 - 0.002 * k * k else 3.0 * k
                    Point(1e-4 * Math.pow(10.0, 0.1 * k), loss, loss)
                },
                40,
                End.DIVERGED,
            )

        test("the picture shows the curve and marks each suggestion") {
            val file = folder.resolve("curve.PNG")
            LearningRatePlot(file).write(rates)

            val image = ImageIO.read(file.toFile())
            image.height shouldBe 560
            val colours =
                (0 until image.width)
                    .flatMap { x -> (0 until image.height).map { y -> image.getRGB(x, y) and 0xFFFFFF } }
                    .groupingBy { it }
                    .eachCount()
            // The curve's own colour, and those of the three filled marks.
            listOf(0x4C72B0, 0xC44E52, 0xDD8452, 0x55A868).forEach { colours.getOrDefault(it, 0) shouldBeGreaterThan 30 }
        }

        test("the picture can be drawn in lines") {
            val file = folder.resolve("curve.svg")
            LearningRatePlot(file).write(rates)

            val document = DocumentBuilderFactory.newInstance()
            document.setFeature("http://apache.org/xml/features/nonvalidating/load-external-dtd", false)
            document
                .newDocumentBuilder()
                .parse(file.toFile())
                .documentElement.tagName shouldBe "svg"
            Files.readString(file) shouldContain "rgb(196,78,82)"
        }

        test("a bar shows each step on a terminal") {
            val bytes = ByteArrayOutputStream()
            val out = PrintStream(bytes, true, Charsets.UTF_8)
            val progress = TerminalProgress(out, EpochLines(out), 100)

            progress.onPhase("compiling the graph")
            rates.points().forEachIndexed { step, point -> progress.onRate(step + 1, 40, point) }
            progress.onRates(1, Stage(16, 16, 16, 1, 4, 1, 0.1, OneCycle()), rates)

            val text = bytes.toString(Charsets.UTF_8)
            text shouldContain "\rfinding the learning rate "
            text shouldContain "35/40  rate 2.5e-01  loss 102.0000"
            text.replace(System.lineSeparator(), "\n") shouldContain "\r\u001b[Klearning rate  loss\n"
            text.trimEnd() shouldMatch Regex("(?s).*in the recipe, after resize\\(16\\): \\.learningRate\\(0\\.0032\\)")
        }
    })
