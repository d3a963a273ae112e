package dev.leaven.dsl.cli

import dev.leaven.runtime.data.catalogue.Datasets
import java.nio.file.Files
import java.nio.file.Path

/**
 * The pictures of a new project, as written in each language.
 *
 * @property what their description in a sentence
 * @property java an expression
 * @property javaImports what it needs
 * @property kotlin an expression, in Kotlin and in scripts
 * @property picture one to classify with a trained model
 * @property small whether they are small and training is fast
 */
internal data class ProjectData(
    val what: String,
    val java: String,
    val javaImports: List<String>,
    val kotlin: String,
    val picture: String = "picture.jpg",
    val small: Boolean = false,
) {
    companion object {
        const val SHAPES = "shapes"

        /**
         * @throws IllegalArgumentException when it is neither `shapes`, nor a published data set, nor a folder
         */
        fun of(said: String): ProjectData {
            val published = Datasets.all().firstOrNull { it.name() == said }
            return when {
                said == SHAPES -> {
                    folder("pictures of circles, squares and triangles, which lie in `images`", "images")
                        .copy(picture = "images/circle/000.png", small = true)
                }

                published != null -> {
                    ProjectData(
                        "${published.name()}: ${published.summary()}",
                        "new CatalogueImages(\"$said\")",
                        listOf("dev.leaven.runtime.data.catalogue.CatalogueImages"),
                        "published(\"$said\")",
                    )
                }

                Files.isDirectory(Path.of(said)) -> {
                    Path
                        .of(said)
                        .toAbsolutePath()
                        .normalize()
                        .let { folder("the images in `$it`", it.toString().replace('\\', '/')) }
                }

                else -> {
                    throw IllegalArgumentException(
                        "--data: '$said' is neither a folder nor a data set; say $SHAPES, or one of " +
                            Datasets.all().joinToString(", ") { it.name() },
                    )
                }
            }
        }

        private fun folder(
            what: String,
            path: String,
        ) = ProjectData(
            what,
            "ImageFolder.of(Path.of(\"$path\"))",
            listOf("dev.leaven.runtime.data.ImageFolder", "java.nio.file.Path"),
            "imageFolder(\"$path\")",
        )
    }
}
