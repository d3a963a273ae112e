package dev.leaven.dsl

import dev.leaven.runtime.data.DataSource
import dev.leaven.runtime.export.Export
import dev.leaven.runtime.interpret.Interpretation
import dev.leaven.runtime.run.RunResult
import dev.leaven.runtime.run.TrainingListener
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
public fun RunResult.export(
    directory: Path,
    how: Export.() -> Export = { this },
): Path = Export.of(this).how().to(directory)

/**
 * Writes the run as one page for people, which loads nothing: see [Recipe.report].
 *
 * @param file replaced if it is there; by default `report.html` in the run's directory
 * @param data where the run's images are now; by default those that it was trained on
 * @return the file
 */
public fun RunResult.report(
    file: Path = directory().resolve("report.html"),
    data: DataSource = plan().data().source(),
): Path {
    Recipe.report(directory(), file, data, object : TrainingListener {})
    return file
}

/**
 * Looks at what the run's model does well and badly: see [Interpretation].
 *
 * @param data whose validation images are evaluated; by default the run's own
 */
public fun RunResult.interpret(data: DataSource = plan().data().source()): Interpretation = Recipe.interpret(directory(), data)
