package dev.leaven.dsl.cli

import dev.leaven.runtime.data.DataSource
import dev.leaven.runtime.data.FilesByName
import dev.leaven.runtime.data.IdxFolder
import dev.leaven.runtime.data.ImageFolder
import dev.leaven.runtime.data.Subset
import dev.leaven.runtime.data.catalogue.CatalogueImages
import java.nio.file.Path

/** Data of the same kind in another folder, as `--data` names it. */
internal fun DataSource.movedTo(folder: Path): DataSource =
    when (this) {
        is IdxFolder -> IdxFolder.of(folder)
        is ImageFolder -> ImageFolder(folder, split())
        is Subset -> Subset(source().movedTo(folder), fraction(), perClass(), validation())
        is FilesByName -> FilesByName(folder, pattern(), split())
        is CatalogueImages -> entry().layout().at(folder)
        else -> throw IllegalArgumentException("--data: the data is ${describe()}, which is no folder")
    }
