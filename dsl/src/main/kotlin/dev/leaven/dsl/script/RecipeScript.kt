package dev.leaven.dsl.script

import dev.leaven.runtime.data.CsvImages
import dev.leaven.runtime.data.DataSource
import dev.leaven.runtime.data.FilesByName
import dev.leaven.runtime.data.FractionSplit
import dev.leaven.runtime.data.IdxFolder
import dev.leaven.runtime.data.ImageFolder
import dev.leaven.runtime.data.LabelledFiles
import dev.leaven.runtime.data.ListSplit
import dev.leaven.runtime.data.Split
import dev.leaven.runtime.data.TfRecords
import dev.leaven.runtime.data.catalogue.CatalogueImages
import dev.leaven.runtime.data.catalogue.Datasets
import dev.leaven.runtime.data.catalogue.ImagenetteSize
import dev.leaven.runtime.model.ConvNeXtTiny
import dev.leaven.runtime.model.MobileNetV2
import dev.leaven.runtime.model.ResNet
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
     * @param split another way to divide it, for instance `KFold(5, 0)`
     */
    public fun imageFolder(
        path: String,
        validFraction: Double? = null,
        split: Split? = null,
    ): ImageFolder = ImageFolder.of(directory.resolve(path)).let { said(validFraction, split)?.let(it::split) ?: it }

    /**
     * Image files whose names say their class: [FilesByName].
     *
     * @param path relative to the script
     * @param pattern a regular expression whose one group captures the class from a file's name
     * @param validFraction the share of each class for validation
     * @param split another way to divide them, for instance `KFold(5, 0)`
     */
    public fun filesByName(
        path: String,
        pattern: String,
        validFraction: Double? = null,
        split: Split? = null,
    ): FilesByName = FilesByName.of(directory.resolve(path), pattern).let { said(validFraction, split)?.let(it::split) ?: it }

    /**
     * Image files that a program of your own labels: [LabelledFiles].
     *
     * @param path relative to the script
     * @param split which images are for validation; 20 % of each class if nothing is said
     * @param label gives the class of a file
     */
    public fun labelledFiles(
        path: String,
        split: Split? = null,
        label: (Path) -> String,
    ): LabelledFiles = LabelledFiles.of(directory.resolve(path), label).let { split?.let(it::split) ?: it }

    /**
     * Image files that a table names, with their labels: [CsvImages]. At most one of [label],
     * [labels], [oneHot] and [numbers] is given; a column named label, class, category or target
     * needs none.
     *
     * @param path the table, relative to the script
     * @param image the column with the files
     * @param label the column with the class of each image
     * @param labels the column with several classes
     * @param separator what stands between two of them
     * @param oneHot a column of 0 and 1 for each class
     * @param numbers the columns with numbers to be estimated
     * @param folder the folder that the files are in, relative to the table
     * @param suffix what to append to each file, for instance ".jpg"
     * @param splitBy the column that says which images are for validation
     * @param groupBy the column that says which images belong together
     * @param split how to divide the images
     */
    public fun csvImages(
        path: String,
        image: String? = null,
        label: String? = null,
        labels: String? = null,
        separator: String = " ",
        oneHot: List<String>? = null,
        numbers: List<String>? = null,
        folder: String? = null,
        suffix: String? = null,
        splitBy: String? = null,
        groupBy: String? = null,
        split: Split? = null,
    ): CsvImages {
        require(listOfNotNull(label, labels, oneHot, numbers).size <= 1) {
            "csvImages: label, labels, oneHot and numbers exclude each other; say one of them"
        }
        var images = CsvImages.of(directory.resolve(path))
        image?.let { images = images.image(it) }
        label?.let { images = images.label(it) }
        labels?.let { images = images.labels(it, separator) }
        oneHot?.let { images = images.oneHot(*it.toTypedArray()) }
        numbers?.let { images = images.numbers(*it.toTypedArray()) }
        folder?.let { images = images.folder(it) }
        suffix?.let { images = images.suffix(it) }
        splitBy?.let { images = images.splitBy(it) }
        groupBy?.let { images = images.groupBy(it) }
        split?.let { images = images.split(it) }
        return images
    }

    /**
     * Images in TFRecord files: [TfRecords].
     *
     * @param path the folder of the files, relative to the script
     * @param files a name, or a glob such as "train-*"
     * @param valid those for validation, if they have files of their own
     * @param image the feature with the image's bytes
     * @param label the feature with the label
     * @param split which images are for validation, where no files are
     */
    public fun tfRecords(
        path: String,
        files: String,
        valid: String? = null,
        image: String? = null,
        label: String? = null,
        split: Split? = null,
    ): TfRecords {
        var records = TfRecords.of(directory.resolve(path), files)
        valid?.let { records = records.valid(it) }
        image?.let { records = records.image(it) }
        label?.let { records = records.label(it) }
        split?.let { records = records.split(it) }
        return records
    }

    /**
     * A list of the images for validation: [ListSplit].
     *
     * @param path a text file with one name on each line, relative to the script
     */
    public fun listSplit(path: String): ListSplit = ListSplit(directory.resolve(path))

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

    /** Oxford's 102 flowers, ten photographs of each to train on; downloaded when it is first used. */
    public fun flowers102(): CatalogueImages = Datasets.flowers102()

    /** XResNet with 18 layers: for small images and first tries. */
    public fun xresnet18(): XResNet = XResNet(18)

    /** XResNet with 34 layers. */
    public fun xresnet34(): XResNet = XResNet(34)

    /** XResNet with 50 layers: the default. */
    public fun xresnet50(): XResNet = XResNet(50)

    /** XResNet with 101 layers. */
    public fun xresnet101(): XResNet = XResNet(101)

    /** ResNet with 18 layers, as in torchvision. */
    public fun resnet18(): ResNet = ResNet(18)

    /** ResNet with 34 layers, as in torchvision. */
    public fun resnet34(): ResNet = ResNet(34)

    /** ResNet with 50 layers, as in torchvision. */
    public fun resnet50(): ResNet = ResNet(50)

    /** ResNet with 101 layers, as in torchvision. */
    public fun resnet101(): ResNet = ResNet(101)

    /** ResNet with 152 layers, as in torchvision. */
    public fun resnet152(): ResNet = ResNet(152)

    /** ResNeXt with 50 layers and 32 groups of 4 channels, as in torchvision. */
    public fun resnext50(): ResNet = ResNet.resnext50()

    /** MobileNetV2, as in torchvision: few multiplications, for small devices. */
    public fun mobilenetV2(): MobileNetV2 = MobileNetV2()

    /** ConvNeXt-Tiny, as in torchvision: for weights that are trained already. */
    public fun convnextTiny(): ConvNeXtTiny = ConvNeXtTiny()

    private companion object {
        const val SMALLEST = 160

        fun said(
            validFraction: Double?,
            split: Split?,
        ): Split? {
            require(validFraction == null || split == null) {
                "validFraction and split exclude each other; say one of them"
            }
            return split ?: validFraction?.let(::FractionSplit)
        }

        fun size(pixels: Int?) = pixels?.let(ImagenetteSize::of) ?: ImagenetteSize.FULL
    }
}

/** How a recipe script is compiled: what it need not import, and what it can see. */
public object RecipeScriptCompilation : ScriptCompilationConfiguration({
    defaultImports(
        "dev.leaven.dsl.*",
        "dev.leaven.dsl.Recipe.resize",
        "dev.leaven.dsl.ablate.*",
        "dev.leaven.runtime.data.*",
        "dev.leaven.runtime.data.catalogue.*",
        "dev.leaven.runtime.evaluate.*",
        "dev.leaven.runtime.graph.Precision",
        "dev.leaven.runtime.loss.*",
        "dev.leaven.runtime.mix.*",
        "dev.leaven.runtime.model.*",
        "dev.leaven.runtime.optimize.*",
        "dev.leaven.runtime.train.EarlyStopping",
        "dev.leaven.runtime.train.Stopping",
        "dev.leaven.runtime.train.TimeLimit",
        "dev.leaven.runtime.transform.*",
        "java.nio.file.Path",
    )
    jvm { dependenciesFromClassContext(RecipeScript::class, wholeClasspath = true) }
}) {
    private fun readResolve(): Any = RecipeScriptCompilation
}
