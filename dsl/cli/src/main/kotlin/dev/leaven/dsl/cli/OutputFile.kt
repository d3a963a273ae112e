package dev.leaven.dsl.cli

import java.nio.file.Files
import java.nio.file.Path

/** Fails if a file cannot be written, before its contents are computed. */
internal fun requireWritable(
    option: String,
    file: Path,
) {
    val folder = file.toAbsolutePath().parent
    require(!Files.isRegularFile(folder)) { "$option: $folder is a file, not a folder; choose another place" }
    require(Files.isDirectory(folder)) { "$option: there is no folder $folder; make it, or choose another" }
    require(!Files.isDirectory(file)) { "$option: $file is a folder; name a file" }
    val asked = if (Files.exists(file)) file else folder
    require(Files.isWritable(asked)) { "$option: $asked may not be written; choose another place" }
}
