package dev.leaven.dsl.cli

import java.awt.Color
import java.awt.Polygon
import java.awt.RenderingHints
import java.awt.Shape
import java.awt.geom.AffineTransform
import java.awt.geom.Ellipse2D
import java.awt.geom.Rectangle2D
import java.awt.image.BufferedImage
import java.nio.file.Files
import java.nio.file.Path
import java.util.Random
import javax.imageio.ImageIO

/**
 * Pictures of circles, squares and triangles, leaning a little, of all sizes and colours: data to train on without a network connection,
 * learned in half a minute. They are the same every time.
 */
internal object Shapes {
    private const val SIDE = 64
    private const val OF_EACH = 300
    private const val SEED = 1L
    private const val LEAN = 0.2

    private val KINDS: Map<String, Shape> =
        mapOf(
            "circle" to Ellipse2D.Double(-1.0, -1.0, 2.0, 2.0),
            "square" to Rectangle2D.Double(-0.9, -0.9, 1.8, 1.8),
            "triangle" to Polygon(intArrayOf(-100, 100, 0), intArrayOf(80, 80, -120), 3).scaled(0.01),
        )

    fun draw(folder: Path) {
        val random = Random(SEED)
        KINDS.forEach { (name, shape) ->
            val files = Files.createDirectories(folder.resolve(name))
            repeat(OF_EACH) { number ->
                ImageIO.write(picture(shape, random), "png", files.resolve("%03d.png".format(number)).toFile())
            }
        }
    }

    private fun picture(
        shape: Shape,
        random: Random,
    ): BufferedImage {
        val image = BufferedImage(SIDE, SIDE, BufferedImage.TYPE_INT_RGB)
        val graphics = image.createGraphics()
        graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON)
        val hue = random.nextFloat()
        graphics.color = Color.getHSBColor(hue, 0.3f, 0.2f + 0.3f * random.nextFloat())
        graphics.fillRect(0, 0, SIDE, SIDE)
        graphics.color = Color.getHSBColor(hue + 0.2f + 0.6f * random.nextFloat(), 0.7f, 0.9f)
        val size = SIDE * (0.2 + 0.15 * random.nextDouble())
        val place = AffineTransform()
        place.translate(SIDE * (0.35 + 0.3 * random.nextDouble()), SIDE * (0.35 + 0.3 * random.nextDouble()))
        place.rotate(LEAN * (2 * random.nextDouble() - 1))
        place.scale(size, size)
        graphics.fill(place.createTransformedShape(shape))
        graphics.dispose()
        return image
    }

    private fun Shape.scaled(factor: Double): Shape = AffineTransform.getScaleInstance(factor, factor).createTransformedShape(this)
}
