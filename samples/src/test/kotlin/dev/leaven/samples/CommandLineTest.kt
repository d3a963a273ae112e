package dev.leaven.samples

import org.assertj.core.api.Assertions.assertThat
import org.junit.jupiter.api.BeforeEach
import org.junit.jupiter.api.Tag
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.condition.EnabledOnOs
import org.junit.jupiter.api.condition.OS
import org.junit.jupiter.api.io.TempDir
import java.awt.image.BufferedImage
import java.nio.file.Files
import java.nio.file.Path
import javax.imageio.ImageIO

/** The command line as a process of its own: what a shell sees of it. */
@EnabledOnOs(OS.LINUX, OS.MAC)
@Tag("slow")
class CommandLineTest {
    @TempDir
    lateinit var directory: Path

    private class Ended(
        val code: Int,
        val out: List<String>,
        val err: List<String>,
    )

    @BeforeEach
    fun `write pictures and a script`() {
        for (part in listOf("train" to 24, "val" to 6)) {
            for ((number, name) in listOf("day", "night").withIndex()) {
                val folder = Files.createDirectories(directory.resolve("pictures/${part.first}/$name"))
                repeat(part.second) {
                    val image = BufferedImage(20, 20, BufferedImage.TYPE_INT_RGB)
                    image.setRGB(it % 20, 5, 0xFFFFFF * number)
                    ImageIO.write(image, "png", folder.resolve("$it.png").toFile())
                }
            }
        }
        Files.writeString(
            directory.resolve("sky.recipe.kts"),
            """
            data = imageFolder("pictures")
            resize(16).epochs(2).batchSize(4).model(xresnet18()).tta(1)
            """.trimIndent(),
        )
    }

    private fun leaven(
        vararg arguments: String,
        signalAfterMillis: Long? = null,
    ): Ended {
        val out = directory.resolve("out.txt").toFile()
        val err = directory.resolve("err.txt").toFile()
        val process =
            ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                "dev.leaven.dsl.cli.Leaven",
                *arguments,
            ).directory(directory.toFile())
                .redirectOutput(out)
                .redirectError(err)
                .also {
                    // Java announces these options on standard error, where the tests look.
                    it.environment().remove("JAVA_TOOL_OPTIONS")
                    it.environment()["LEAVEN_CACHE"] = directory.resolve("cache").toString()
                    it.environment()["TF_CPP_MIN_LOG_LEVEL"] = "3"
                }.start()
        if (signalAfterMillis != null) {
            val checkpoint = directory.resolve("run/last/checkpoint.safetensors")
            while (!Files.exists(checkpoint) && process.isAlive) {
                Thread.sleep(50)
            }
            Thread.sleep(signalAfterMillis)
            ProcessBuilder("kill", "-INT", process.pid().toString()).start().waitFor()
        }
        return Ended(process.waitFor(), out.readLines(), err.readLines())
    }

    private fun history(run: String) = Files.readAllLines(directory.resolve(run).resolve("history.csv")).map { it.split(',').take(9) }

    @Test
    fun `Ctrl-C saves the run, and resume ends it as if it had not been stopped`() {
        val whole = leaven("train", "sky.recipe.kts", "--run", "whole")
        assertThat(whole.code).`as`(whole.err.joinToString("\n")).isZero()
        assertThat(directory.resolve("whole/environment.json")).content().containsPattern("\"leaven\" : \"\\d")

        val stopped = leaven("train", "sky.recipe.kts", "--run", "run", signalAfterMillis = 300)
        assertThat(stopped.code).`as`(stopped.out.joinToString("\n")).isEqualTo(130)
        assertThat(stopped.out.last())
            .matches(
                "interrupted (in epoch \\d after step \\d+|after epoch \\d|before the first step): everything up to there is saved;" +
                    " go on with: leaven resume run",
            )

        val resumed = leaven("resume", "run")
        assertThat(resumed.code).isZero()
        assertThat(history("run")).isEqualTo(history("whole"))
        assertThat(whole.out.filter { it.startsWith("top-1") }.map { it.substringBefore(" (") })
            .isEqualTo(resumed.out.filter { it.startsWith("top-1") }.map { it.substringBefore(" (") })
    }

    @Test
    fun `a file that is no image is named, and too many are refused`() {
        Files.writeString(directory.resolve("pictures/train/day/broken.jpg"), "not an image")
        val refused = leaven("train", "sky.recipe.kts", "--run", "refused")
        assertThat(refused.code).isEqualTo(2)
        assertThat(refused.err).hasSize(1)
        assertThat(refused.err.single())
            .startsWith("leaven: ")
            .contains("1 of 61 image files", "train/day/broken.jpg")
        assertThat(directory.resolve("refused")).doesNotExist()
    }

    @Test
    fun `a run directory of another recipe is refused`() {
        assertThat(leaven("train", "sky.recipe.kts", "--run", "run").code).isZero()
        Files.writeString(
            directory.resolve("sky.recipe.kts"),
            "data = imageFolder(\"pictures\")\nresize(16).epochs(1).model(xresnet18())",
        )
        val refused = leaven("train", "sky.recipe.kts", "--run", "run")
        assertThat(refused.code).isEqualTo(2)
        assertThat(refused.err)
            .containsExactly(
                "leaven: run belongs to another recipe; choose another directory. What differs: " +
                    "stage 1: batchSize: 4 there, not said here; stage 1: epochs 2 there, 1 here; " +
                    "tta: 'test-time augmentation: 0.25 × plain view + 0.75 × mean of 1 augmented view' there, not said here",
            )
    }
}
