package dev.leaven.samples

import dev.leaven.dsl.Recipe.resize
import dev.leaven.runtime.data.ImageFolder
import dev.leaven.samples.own.SmallNet
import org.assertj.core.api.Assertions.assertThat
import org.junit.jupiter.api.Tag
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import java.awt.image.BufferedImage
import java.nio.file.Files
import java.nio.file.Path
import javax.imageio.ImageIO

/** What comes after training, in both quickstarts. */
@Tag("slow")
class ClassifyTest {
    @TempDir
    lateinit var directory: Path

    private fun train(): Path {
        for (part in listOf("train", "val")) {
            for ((number, name) in listOf("day", "night").withIndex()) {
                val folder = Files.createDirectories(directory.resolve("sky/$part/$name"))
                repeat(8) {
                    val image = BufferedImage(20, 20, BufferedImage.TYPE_INT_RGB)
                    image.setRGB(it, 5, 0xFFFFFF * number)
                    ImageIO.write(image, "png", folder.resolve("$it.png").toFile())
                }
            }
        }
        return resize(16)
            .epochs(1)
            .model(SmallNet(4))
            .train(ImageFolder.of(directory.resolve("sky")), directory.resolve("run"))
            .directory()
    }

    @Test
    fun `a picture is classified by the run's model, which is exported once`() {
        val run = train()
        val model = directory.resolve("model")
        val picture = directory.resolve("sky/val/night/3.png")
        val answer = Classify.classify(run, model, picture)
        assertThat(answer.name()).isIn("day", "night")
        assertThat(answer.value().toDouble()).isBetween(0.5, 1.0) // the larger of two

        assertThat(classifyInKotlin(directory.resolve("gone"), model, picture)).isEqualTo(answer)
        assertThat(classifyInKotlin(run, directory.resolve("another"), picture)).isEqualTo(answer)
    }
}
