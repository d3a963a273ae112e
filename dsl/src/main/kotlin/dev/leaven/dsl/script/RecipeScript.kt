package dev.leaven.dsl.script

import dev.leaven.runtime.data.DataSource
import dev.leaven.runtime.data.IdxFolder
import dev.leaven.runtime.data.ImageFolder
import dev.leaven.runtime.data.catalogue.CatalogueImages
import dev.leaven.runtime.data.catalogue.Datasets
import dev.leaven.runtime.data.catalogue.ImagenetteSize
import dev.leaven.runtime.model.XResNet
import java.nio.file.Path
import kotlin.script.experimental.annotations.KotlinScript
import kotlin.script.experimental.api.ScriptCompilationConfiguration
import kotlin.script.experimental.api.defaultImports
import kotlin.script.experimental.jvm.dependenciesFromClassContext
import kotlin.script.experimental.jvm.jvm

/**
 * What a `*.recipe.kts` file can say without importing anything: the data, and as its last
 * expression the recipe.
 *
 * ```kotlin
 * data = imageFolder("../data/pets")
 * resize(128).then(224).model(xresnet18()).mixup().labelSmoothing(0.1).tta(4)
 * ```
 *
 * @param directory where the script lies; paths in it are relative to this
 */
@KotlinScript(
    displayName = "Leaven recipe",
    fileExtension = "recipe.kts",
    compilationConfiguration = RecipeScriptCompilation::class,
)
public abstract class RecipeScript(
    private val directory: Path,
) {
    /** Where the images come from. */
    public var data: DataSource? = null

    /**
     * Image files in a folder for each class, with or without a split of their own: [ImageFolder].
     *
     * @param path relative to the script
     * @param validFraction the share of each class for validation, where the folder has no split
     */
    public fun imageFolder(
        path: String,
        validFraction: Double? = null,
    ): ImageFolder {
        val folder = ImageFolder.of(directory.resolve(path))
        return validFraction?.let(folder::validFraction) ?: folder
    }

    /**
     * Grey images in the four files of MNIST, Fashion-MNIST and their like: [IdxFolder].
     *
     * @param path relative to the script
     */
    public fun idxFolder(path: String): IdxFolder = IdxFolder.of(directory.resolve(path))

    /**
     * Imagenette, ten easy classes of ImageNet; downloaded when it is first used.
     *
     * @param pixels the shorter side of the photographs, 160 or 320; null for their full size
     */
    public fun imagenette(pixels: Int? = SMALLEST): CatalogueImages = Datasets.imagenette(size(pixels))

    /**
     * Imagewoof, ten breeds of dogs from ImageNet; downloaded when it is first used.
     *
     * @param pixels the shorter side of the photographs, 160 or 320; null for their full size
     */
    public fun imagewoof(pixels: Int? = SMALLEST): CatalogueImages = Datasets.imagewoof(size(pixels))

    /** CIFAR-10, small colour images in ten classes; downloaded when it is first used. */
    public fun cifar10(): CatalogueImages = Datasets.cifar10()

    /** CIFAR-100, small colour images in a hundred classes; downloaded when it is first used. */
    public fun cifar100(): CatalogueImages = Datasets.cifar100()

    /** MNIST, handwritten digits; downloaded when it is first used. */
    public fun mnist(): CatalogueImages = Datasets.mnist()

    /** Fashion-MNIST, grey pictures of clothes; downloaded when it is first used. */
    public fun fashionMnist(): CatalogueImages = Datasets.fashionMnist()

    /** The Oxford-IIIT pets, cats and dogs of 37 breeds; downloaded when it is first used. */
    public fun oxfordPets(): CatalogueImages = Datasets.oxfordPets()

    /** XResNet with 18 layers: for small images and first tries. */
    public fun xresnet18(): XResNet = XResNet(18)

    /** XResNet with 34 layers. */
    public fun xresnet34(): XResNet = XResNet(34)

    /** XResNet with 50 layers: the default. */
    public fun xresnet50(): XResNet = XResNet(50)

    /** XResNet with 101 layers. */
    public fun xresnet101(): XResNet = XResNet(101)

    private companion object {
        const val SMALLEST = 160

        fun size(pixels: Int?) = pixels?.let(ImagenetteSize::of) ?: ImagenetteSize.FULL
    }
}

/** How a recipe script is compiled: what it need not import, and what it can see. */
public object RecipeScriptCompilation : ScriptCompilationConfiguration({
    defaultImports(
        "dev.leaven.dsl.*",
        "dev.leaven.dsl.Recipe.resize",
        "dev.leaven.runtime.data.*",
        "dev.leaven.runtime.data.catalogue.*",
        "dev.leaven.runtime.evaluate.*",
        "dev.leaven.runtime.graph.Precision",
        "dev.leaven.runtime.loss.*",
        "dev.leaven.runtime.mix.*",
        "dev.leaven.runtime.model.*",
        "dev.leaven.runtime.optimize.*",
        "dev.leaven.runtime.transform.*",
        "java.nio.file.Path",
    )
    jvm { dependenciesFromClassContext(RecipeScript::class, wholeClasspath = true) }
}) {
    private fun readResolve(): Any = RecipeScriptCompilation
}
