package dev.leaven.dsl.cli

import dev.leaven.runtime.data.DataException
import dev.leaven.runtime.data.ImageData
import dev.leaven.runtime.data.Samples
import dev.leaven.runtime.data.TestFolder
import dev.leaven.runtime.run.RunException
import dev.leaven.runtime.train.TrainedModel
import java.nio.file.Files
import java.nio.file.Path

/**
 * The images that a run's model is evaluated on.
 *
 * @property samples the images
 * @property what they are, for people
 */
internal class EvaluationImages private constructor(
    val samples: Samples,
    val what: String,
) {
    companion object {
        /** The images of a folder, or the run's own validation images where no folder is named. */
        fun of(
            model: TrainedModel,
            folder: Path?,
            console: Console,
        ): EvaluationImages {
            if (folder == null) {
                return EvaluationImages(here(model).valid(), "the run's validation images")
            }
            own(model, folder)?.let { return EvaluationImages(it.valid(), "the run's validation images, in $folder") }
            val found = model.data(TestFolder(folder))
            if (found.skipped().isNotEmpty()) {
                console.listener().onSkipped(found.skipped())
            }
            val what = if (found.validation()) "the validation part of $folder, ${found.folder().fileName}" else "all images in $folder"
            val learnt = learnt(model, found.images())
            return EvaluationImages(found.images(), if (learnt == 0) what else "$what, $learnt of which it was trained on")
        }

        private fun here(model: TrainedModel): ImageData =
            try {
                model.data()
            } catch (failure: DataException) {
                val home = home(model)
                require(home == null || Files.exists(home)) {
                    "$home: the folder of the run's images is gone; say where they are now with --data"
                }
                throw failure
            }

        private fun home(model: TrainedModel): Path? =
            model
                .plan()
                .data()
                .source()
                .root()
                .orElse(null)

        // Its own folder has images that it was trained on, so their scores do not apply to others.
        private fun own(
            model: TrainedModel,
            folder: Path,
        ): ImageData? {
            val home = home(model) ?: return null
            if (Files.exists(home)) {
                return if (Files.exists(folder) && Files.isSameFile(home, folder)) model.data() else null
            }
            val source = model.plan().data().source()
            return try {
                model.moved(source.movedTo(folder))
            } catch (_: DataException) {
                null
            } catch (_: RunException) {
                null
            }
        }

        private fun learnt(
            model: TrainedModel,
            images: Samples.Files,
        ): Int {
            val home = home(model)?.takeIf(Files::exists) ?: return 0
            if (images.paths().none { it.startsWith(home) }) {
                return 0
            }
            val trained = (model.data().train() as? Samples.Files)?.paths()?.toSet() ?: return 0
            return images.paths().count(trained::contains)
        }
    }
}
