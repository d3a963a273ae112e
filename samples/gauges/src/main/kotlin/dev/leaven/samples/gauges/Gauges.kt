package dev.leaven.samples.gauges

import dev.leaven.dsl.Run
import dev.leaven.dsl.recipe
import dev.leaven.runtime.data.CsvImages
import dev.leaven.runtime.evaluate.Metric
import dev.leaven.runtime.loss.Huber
import dev.leaven.runtime.models.XResNet
import java.awt.BasicStroke
import java.awt.Color
import java.awt.RenderingHints
import java.awt.geom.Ellipse2D
import java.awt.geom.Line2D
import java.awt.image.BufferedImage
import java.nio.file.Files
import java.nio.file.Path
import java.util.Random
import javax.imageio.ImageIO
import kotlin.io.path.createDirectories
import kotlin.io.path.div
import kotlin.math.cos
import kotlin.math.sin
import kotlin.system.exitProcess

private const val SIDE = 48
private const val FULL = 10.0

/**
 * Draws pressure gauges, learns to read them, and prints the error of the readings.
 *
 * The arguments: the folder for pictures and run; the number of pictures, default 2000; the number of epochs, default 8.
 */
fun main(arguments: Array<String>) {
    if (arguments.size < 1) {
        System.err.println("usage: Gauges FOLDER [PICTURES] [EPOCHS]")
        exitProcess(2)
    }
    val run =
        readGauges(
            Path.of(arguments[0]),
            pictures = arguments.getOrNull(1)?.toInt() ?: 2000,
            epochs = arguments.getOrNull(2)?.toInt() ?: 8,
        )
    println("off by %.2f bar on average, of 0 to 10; R² %.4f".format(run.scores().get(Metric.MAE), run.scores().get(Metric.R2)))
}

/** Draws [pictures] and trains on 80 % of them, all below [folder]. */
fun readGauges(
    folder: Path,
    pictures: Int,
    epochs: Int,
): Run {
    val table = drawGauges(folder / "pictures", pictures)
    val recipe =
        recipe {
            resize(SIDE) { this.epochs = epochs }
            model(XResNet(18))
            noFlip() // a mirrored gauge has another reading
            loss(Huber(0.5))
            lighting(0.3)
        }
    return recipe.train(CsvImages.of(table).image("file").numbers("bar"), folder / "run")
}

/** Draws gauges from 0 to 10 bar into [folder], and a table of their readings. */
fun drawGauges(
    folder: Path,
    pictures: Int,
): Path {
    folder.createDirectories()
    val random = Random(42)
    val rows =
        (0 until pictures).map { number ->
            val bar = random.nextDouble() * FULL
            val file = "%05d.png".format(number)
            ImageIO.write(gauge(bar, random), "png", (folder / file).toFile())
            "$file,$bar"
        }
    return Files.write(folder / "readings.csv", listOf("file,bar") + rows)
}

private fun gauge(
    bar: Double,
    random: Random,
): BufferedImage {
    val picture = BufferedImage(SIDE, SIDE, BufferedImage.TYPE_INT_RGB)
    val pen = picture.createGraphics()
    pen.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON)
    pen.color = Color(random.nextInt(0x1000000))
    pen.fillRect(0, 0, SIDE, SIDE)
    val radius = 16 + random.nextDouble() * 6
    val x = SIDE / 2 + random.nextDouble() * 4 - 2
    val y = SIDE / 2 + random.nextDouble() * 4 - 2
    pen.color = Color.WHITE
    pen.fill(Ellipse2D.Double(x - radius, y - radius, 2 * radius, 2 * radius))
    // From lower left over the top to lower right, as gauges do.
    val angle = Math.toRadians(225 - 270 * bar / FULL)
    pen.color = Color.BLACK
    pen.stroke = BasicStroke(2f)
    pen.draw(Line2D.Double(x, y, x + 0.9 * radius * cos(angle), y - 0.9 * radius * sin(angle)))
    pen.dispose()
    return picture
}
