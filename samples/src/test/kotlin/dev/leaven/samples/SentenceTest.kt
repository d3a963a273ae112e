package dev.leaven.samples

import dev.leaven.dsl.Recipe.resize
import dev.leaven.dsl.Run
import dev.leaven.dsl.script.RecipeFile
import org.assertj.core.api.Assertions.assertThat
import org.junit.jupiter.api.Tag
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import java.awt.image.BufferedImage
import java.nio.file.Files
import java.nio.file.Path
import javax.imageio.ImageIO

/** The sentence, as it stands in the README, trains from Java, from Kotlin and from a script. */
@Tag("slow")
class SentenceTest {
    @TempDir
    lateinit var directory: Path

    // One step an epoch: the model is a whole XResNet-50, and the sentence fixes its sizes.
    private fun photographs(): Path {
        val root = directory.resolve("photographs")
        for (part in listOf("train", "val")) {
            for ((number, name) in listOf("day", "night").withIndex()) {
                val folder = Files.createDirectories(root.resolve(part).resolve(name))
                val image = BufferedImage(40, 30, BufferedImage.TYPE_INT_RGB)
                image.setRGB(5, 5, 0xFFFFFF * number)
                ImageIO.write(image, "jpg", folder.resolve("a.jpg").toFile())
            }
        }
        return root
    }

    private fun assertTrained(run: Run) {
        assertThat(run.result().plan().recipeHash()).isEqualTo(HASH)
        assertThat(run.result().history().map { it.size() }).isEqualTo(List(5) { 128 } + List(5) { 224 })
        assertThat(run.result().history()).allMatch { it.trainLoss().isFinite() }
        assertThat(run.tta()).isPresent
        assertThat(run.finished()).isTrue()
    }

    @Test
    fun `from Java`() {
        val run = directory.resolve("run")
        Quickstart.main(arrayOf(photographs().toString(), run.toString()))
        assertThat(Files.readString(run.resolve("summary.json"))).contains(HASH, "\"finished\" : true")
        assertThat(Files.readAllLines(run.resolve("history.csv"))).hasSize(11)
    }

    @Test
    fun `from Kotlin, as a block`() {
        assertTrained(quickstart(photographs(), directory.resolve("run")))
    }

    @Test
    fun `from Kotlin, as a sentence`() {
        assertThat(
            resize(128)
                .then(224)
                .mixup()
                .labelSmoothing(0.1)
                .tta(4)
                .hash(),
        ).isEqualTo(HASH)
    }

    @Test
    fun `from a script`() {
        val script = directory.resolve("photographs.recipe.kts")
        photographs()
        Files.copy(Path.of("quickstart-script/photographs.recipe.kts"), script)
        val scripted = RecipeFile(script, directory.resolve("cache")).read()
        assertTrained(scripted.recipe.train(scripted.data!!, directory.resolve("run")))
    }

    private companion object {
        const val HASH = "e60b0aec41b0"
    }
}
