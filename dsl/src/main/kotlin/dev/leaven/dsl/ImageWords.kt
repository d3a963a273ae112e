package dev.leaven.dsl

import dev.leaven.runtime.data.DecodedCache
import dev.leaven.runtime.graph.Precision
import dev.leaven.runtime.models.Architecture
import dev.leaven.runtime.optimize.LossScale
import dev.leaven.runtime.transform.ItemResize
import dev.leaven.runtime.transform.Normalize
import dev.leaven.runtime.transform.RandomResizedCrop
import java.nio.file.Path

/**
 * What the block of a [recipe] may say of the model and of how images come to it.
 *
 * ```kotlin
 * recipe {
 *     resize(224)
 *     model(xresnet34())
 *     squish()
 *     cache()
 * }
 * ```
 */
public sealed interface ImageWords : Words {
    /** See [Recipe.model]. */
    public fun model(model: Architecture): Unit = say { it.model(model) }

    /** See [Recipe.pretrained]. */
    public fun pretrained(weights: Path): Unit = say { it.pretrained(weights) }

    /** See [Recipe.squish]. */
    public fun squish(): Unit = say { it.squish() }

    /** See [Recipe.pad]. */
    public fun pad(): Unit = say { it.pad() }

    /** See [Recipe.pad]. */
    public fun pad(padding: ItemResize.Padding): Unit = say { it.pad(padding) }

    /** See [Recipe.itemResize]. */
    public fun itemResize(itemResize: ItemResize): Unit = say { it.itemResize(itemResize) }

    /** See [Recipe.presize]. */
    public fun presize(size: Int): Unit = say { it.presize(size) }

    /** See [Recipe.randomResizedCrop]. */
    public fun randomResizedCrop(minScale: Number): Unit = say { it.randomResizedCrop(minScale.toDouble()) }

    /** See [Recipe.randomResizedCrop]. */
    public fun randomResizedCrop(crop: RandomResizedCrop): Unit = say { it.randomResizedCrop(crop) }

    /** See [Recipe.normalize]. */
    public fun normalize(statistics: Normalize): Unit = say { it.normalize(statistics) }

    /** See [Recipe.normalizeFromData]. */
    public fun normalizeFromData(): Unit = say { it.normalizeFromData() }

    /** See [Recipe.precision]. */
    public fun precision(precision: Precision): Unit = say { it.precision(precision) }

    /** See [Recipe.lossScale]. */
    public fun lossScale(lossScale: LossScale): Unit = say { it.lossScale(lossScale) }

    /** See [Recipe.cache]. */
    public fun cache(): Unit = say { it.cache() }

    /** See [Recipe.cache]. */
    public fun cache(cache: DecodedCache): Unit = say { it.cache(cache) }
}
