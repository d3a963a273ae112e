package dev.leaven.dsl.cli

import dev.leaven.runtime.data.DataSource
import dev.leaven.runtime.data.ImageData
import dev.leaven.runtime.data.Samples

/** Black images in memory to plan for: [count] for training, and as many for validation. */
class BlackSquares(
    private val count: Int,
) : DataSource {
    override fun load(seed: Long): ImageData {
        val images = Samples.Pixels(ByteArray(count * 3), 1, 1, 3, IntArray(count) { it % CLASSES.size })
        return ImageData(this, CLASSES, 3, images, images, mapOf())
    }

    override fun describe(): String = "black squares"

    private companion object {
        val CLASSES = List(10) { "class $it" }
    }
}
