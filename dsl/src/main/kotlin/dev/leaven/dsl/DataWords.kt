package dev.leaven.dsl

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
import java.nio.file.Path

/**
 * Where images come from, with named parameters for their settings.
 *
 * ```kotlin
 * val pets = data { imageFolder("photographs/pets", validFraction = 0.1) }
 * val few = data { csvImages("labels.csv", labels = "tags", folder = "jpg").subset(0.1) }
 * ```
 *
 * @param directory what paths are relative to; default: the working directory
 */
public fun data(
    directory: Path = Path.of(""),
    block: DataWords.() -> DataSource,
): DataSource = DataWords(directory).block()

/**
 * The functions for data, in the block of [data] and in scripts.
 *
 * @property directory what paths are relative to
 */
public open class DataWords(
    private val directory: Path,
) {
    /**
     * A file or folder.
     *
     * @param path relative to the [directory]
     */
    public open fun path(path: String): Path = directory.resolve(path)

    /**
     * Image files in a folder for each class, with or without a split of their own: [ImageFolder].
     *
     * @param path relative to the [directory]
     * @param validFraction the fraction of each class for validation, where the folder has no split
     * @param split another way to split it, for instance `KFold(5, 0)`
     */
    public fun imageFolder(
        path: String,
        validFraction: Double? = null,
        split: Split? = null,
    ): ImageFolder = ImageFolder.of(path(path)).let { said(validFraction, split)?.let(it::split) ?: it }

    /**
     * Image files whose names contain their class: [FilesByName].
     *
     * @param path relative to the [directory]
     * @param pattern a regular expression whose one group captures the class from a file's name
     * @param validFraction the fraction of each class for validation
     * @param split another way to split them, for instance `KFold(5, 0)`
     */
    public fun filesByName(
        path: String,
        pattern: String,
        validFraction: Double? = null,
        split: Split? = null,
    ): FilesByName = FilesByName.of(path(path), pattern).let { said(validFraction, split)?.let(it::split) ?: it }

    /**
     * Image files that a program of your own labels: [LabelledFiles].
     *
     * @param path relative to the [directory]
     * @param split which images are for validation; default: 20 % of each class
     * @param label gives the class of a file
     */
    public fun labelledFiles(
        path: String,
        split: Split? = null,
        label: (Path) -> String,
    ): LabelledFiles = LabelledFiles.of(path(path), label).let { split?.let(it::split) ?: it }

    /**
     * Image files that a table names, with their labels: [CsvImages]. At most one of [label],
     * [labels], [oneHot] and [numbers] is given; a column named label, class, category or target
     * needs none.
     *
     * @param path the table, relative to the [directory]
     * @param image the column with the files
     * @param label the column with the class of each image
     * @param labels the column with several classes
     * @param separator the separator between two classes
     * @param oneHot a column of 0 and 1 for each class
     * @param numbers the columns with numbers to be estimated
     * @param folder the folder that the files are in, relative to the table
     * @param suffix what to append to each file, for instance ".jpg"
     * @param splitBy the column that marks the images for validation
     * @param groupBy the column that groups images that belong together
     * @param split how to split the images
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
        var images = CsvImages.of(path(path))
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
     * @param path the folder of the files, relative to the [directory]
     * @param files a name, or a glob such as "train-*"
     * @param valid the files for validation, if there are any
     * @param image the feature with the image's bytes
     * @param label the feature with the label
     * @param split which images are for validation, where there are no files for validation
     */
    public fun tfRecords(
        path: String,
        files: String,
        valid: String? = null,
        image: String? = null,
        label: String? = null,
        split: Split? = null,
    ): TfRecords {
        var records = TfRecords.of(path(path), files)
        valid?.let { records = records.valid(it) }
        image?.let { records = records.image(it) }
        label?.let { records = records.label(it) }
        split?.let { records = records.split(it) }
        return records
    }

    /**
     * A list of the images for validation: [ListSplit].
     *
     * @param path a text file with one name on each line, relative to the [directory]
     */
    public fun listSplit(path: String): ListSplit = ListSplit(path(path))

    /**
     * Grey images in the four files of MNIST, Fashion-MNIST and similar data sets: [IdxFolder].
     *
     * @param path relative to the [directory]
     */
    public fun idxFolder(path: String): IdxFolder = IdxFolder.of(path(path))

    /**
     * Imagenette, ten easy classes of ImageNet; downloaded when it is first used.
     *
     * @param pixels the length of the shorter edge of the photographs in pixels, 160 or 320; null for their full size
     */
    public fun imagenette(pixels: Int? = SMALLEST): CatalogueImages = Datasets.imagenette(size(pixels))

    /**
     * Imagewoof, ten breeds of dogs from ImageNet; downloaded when it is first used.
     *
     * @param pixels the length of the shorter edge of the photographs in pixels, 160 or 320; null for their full size
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

    /**
     * A published data set by its name, as `leaven data list` shows it; downloaded when it is first used.
     *
     * @param name for instance `imagenette-160`
     */
    public fun published(name: String): CatalogueImages = CatalogueImages(name)

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
