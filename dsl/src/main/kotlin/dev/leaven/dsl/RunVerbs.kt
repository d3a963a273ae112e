package dev.leaven.dsl

import dev.leaven.runtime.export.Export
import dev.leaven.runtime.train.Run
import java.nio.file.Path

/**
 * Writes the run's model as a SavedModel: see [Export].
 *
 * ```kotlin
 * run.export(Path.of("models/pets/1"))
 * run.export(Path.of("models/pets/2")) { size(160).precision(WeightPrecision.FLOAT16) }
 * ```
 *
 * @param directory a new or an empty directory
 * @param how what differs from the usual
 * @return the same directory
 */
public fun Run.export(
    directory: Path,
    how: Export.() -> Export = { this },
): Path = Export.of(this).how().to(directory)
