package dev.leaven.dsl

import dev.leaven.runtime.data.DecodedCache
import dev.leaven.runtime.data.Sampling
import dev.leaven.runtime.evaluate.TestTimeAugmentation
import dev.leaven.runtime.graph.Precision
import dev.leaven.runtime.loss.Loss
import dev.leaven.runtime.mix.Mixing
import dev.leaven.runtime.model.Architecture
import dev.leaven.runtime.optimize.Averaging
import dev.leaven.runtime.optimize.Clipping
import dev.leaven.runtime.optimize.Optimizer
import dev.leaven.runtime.optimize.Schedule
import dev.leaven.runtime.train.Stopping
import dev.leaven.runtime.transform.Erasing
import dev.leaven.runtime.transform.Geometry
import dev.leaven.runtime.transform.ItemResize
import dev.leaven.runtime.transform.Lighting
import dev.leaven.runtime.transform.Normalize
import dev.leaven.runtime.transform.Policy
import dev.leaven.runtime.transform.RandomResizedCrop
import java.nio.file.Path

/** Marks the blocks of the recipe language, so that a stage's block cannot speak of the whole run. */
@DslMarker
@Retention(AnnotationRetention.BINARY)
@Target(AnnotationTarget.CLASS)
public annotation class RecipeLanguage

/**
 * A [Recipe] as a block: the same value as the chain `resize(128).epochs(4).then(224)…`.
 *
 * ```kotlin
 * val recipe = recipe {
 *     resize(128) { epochs = 4 }
 *     then(224) { epochs = 5 }
 *     mixup()
 *     labelSmoothing(0.1)
 *     tta(4)
 * }
 * ```
 *
 * @throws IllegalArgumentException when a value is outside its range, or the block has no `resize`
 */
public fun recipe(block: RecipeBlock.() -> Unit): Recipe = RecipeBlock().apply(block).recipe()

/**
 * Adds a stage, as a sentence without dots.
 *
 * ```kotlin
 * val recipe = resize(128) then 224
 * ```
 */
public infix fun Recipe.then(size: Int): Recipe = then(size)

/** See [Recipe.timeLimit]: in whole minutes, which Kotlin does not turn into a [Double] by itself. */
public fun Recipe.timeLimit(minutes: Int): Recipe = timeLimit(minutes.toDouble())

/** What a stage may say of itself; what stays null is decided when the recipe is planned. */
@RecipeLanguage
public class StageBlock internal constructor() {
    /** Passes over the training images, at least 1. Default: 5. */
    public var epochs: Int? = null

    /** Images per step, at least 1. Default: 64, or all if there are fewer. */
    public var batchSize: Int? = null

    /** The highest learning rate, above 0. Default: 0.003, in later stages a third of the first's. */
    public var learningRate: Double? = null

    /** How the learning rate and the momentum move in this stage. Default: the recipe's schedule. */
    public var schedule: Schedule? = null

    private val more = mutableListOf<(StageSpec) -> StageSpec>()

    /** See [StageSpec.freeze]. */
    public fun freeze(groups: Int) {
        more += { it.freeze(groups) }
    }

    /** See [StageSpec.freezeBody]. */
    public fun freezeBody() {
        more += { it.freezeBody() }
    }

    /** See [StageSpec.freezeNorms]. */
    public fun freezeNorms() {
        more += { it.freezeNorms() }
    }

    /** See [StageSpec.freezeAllNorms]. */
    public fun freezeAllNorms() {
        more += { it.freezeAllNorms() }
    }

    /** See [StageSpec.discriminative]. */
    public fun discriminative(
        low: Double,
        high: Double,
    ) {
        more += { it.discriminative(low, high) }
    }

    internal fun on(stage: StageSpec): StageSpec {
        var said = stage
        epochs?.let { said = said.epochs(it) }
        batchSize?.let { said = said.batchSize(it) }
        learningRate?.let { said = said.learningRate(it) }
        schedule?.let { said = said.schedule(it) }
        return more.fold(said) { before, change -> change(before) }
    }
}

/** What [RecipeBlock.augment] may say otherwise than fastai's defaults; null leaves the default. */
@RecipeLanguage
public class AugmentBlock internal constructor() {
    /** The largest angle in degrees either way, from 0 to 180. Default: 10. */
    public var rotate: Double? = null

    /** The factors of enlargement, within 0.1 and 10. Default: `1.0..1.1`. */
    public var zoom: ClosedFloatingPointRange<Double>? = null

    /** How far a corner moves in perspective, from 0 to 0.4. Default: 0.2. */
    public var warp: Double? = null

    /** How far brightness and contrast change, from 0 to 0.99. Default: 0.2. */
    public var lighting: Double? = null

    /** The probability of the 8 ways of a square instead of the flip, from 0 to 1. Default: 0. */
    public var dihedral: Double? = null

    private val more = mutableListOf<(Augmentation) -> Augmentation>()

    /** See [Augmentation.geometry]. */
    public fun geometry(technique: Geometry) {
        more += { it.geometry(technique) }
    }

    /** See [Augmentation.lighting]. */
    public fun lighting(technique: Lighting) {
        more += { it.lighting(technique) }
    }

    internal fun on(usual: Augmentation): Augmentation {
        var said = usual
        rotate?.let { said = said.rotate(it) }
        zoom?.let { said = said.zoom(it.start, it.endInclusive) }
        warp?.let { said = said.warp(it) }
        lighting?.let { said = said.lighting(it) }
        dihedral?.let { said = said.dihedral(it) }
        return more.fold(said) { before, change -> change(before) }
    }
}

/** What a recipe's block may say: the methods of [Recipe], which has their ranges and defaults. */
@RecipeLanguage
public class RecipeBlock internal constructor() {
    private var stages: Recipe? = null
    private val rest = mutableListOf<(Recipe) -> Recipe>()

    /** The first stage: square images of [size] pixels. */
    public fun resize(
        size: Int,
        block: StageBlock.() -> Unit = {},
    ) {
        require(stages == null) { "resize: it begins a recipe and is said once; say then($size) for the next stage" }
        stages = Recipe.resize(size) { StageBlock().apply(block).on(it) }
    }

    /** A further stage: square images of [size] pixels. */
    public fun then(
        size: Int,
        block: StageBlock.() -> Unit = {},
    ) {
        val before = requireNotNull(stages) { "then: a recipe begins with resize; say resize($size) first" }
        stages = before.then(size) { StageBlock().apply(block).on(it) }
    }

    /** See [Recipe.fineTune]; it speaks of the latest stage. */
    public fun fineTune(
        epochs: Int,
        learningRate: Double = FINE_TUNE_RATE,
    ) {
        val before = requireNotNull(stages) { "fineTune: a recipe begins with resize; say resize(224) first" }
        stages = before.fineTune(epochs, learningRate)
    }

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
    public fun randomResizedCrop(minScale: Double): Unit = say { it.randomResizedCrop(minScale) }

    /** See [Recipe.randomResizedCrop]. */
    public fun randomResizedCrop(crop: RandomResizedCrop): Unit = say { it.randomResizedCrop(crop) }

    /** See [Recipe.flip]. */
    public fun flip(probability: Double): Unit = say { it.flip(probability) }

    /** See [Recipe.noFlip]. */
    public fun noFlip(): Unit = say { it.noFlip() }

    /** See [Recipe.augment]; the block says what differs from its defaults: `augment { rotate = 15.0 }`. */
    public fun augment(block: AugmentBlock.() -> Unit = {}): Unit =
        AugmentBlock().apply(block).let { said -> say { recipe -> recipe.augment(said::on) } }

    /** See [Recipe.rotate]. */
    public fun rotate(maxDegrees: Double): Unit = say { it.rotate(maxDegrees) }

    /** See [Recipe.zoom]. */
    public fun zoom(
        min: Double,
        max: Double,
    ): Unit = say { it.zoom(min, max) }

    /** See [Recipe.warp]. */
    public fun warp(magnitude: Double): Unit = say { it.warp(magnitude) }

    /** See [Recipe.lighting]. */
    public fun lighting(maxChange: Double): Unit = say { it.lighting(maxChange) }

    /** See [Recipe.lighting]. */
    public fun lighting(technique: Lighting): Unit = say { it.lighting(technique) }

    /** See [Recipe.dihedral]. */
    public fun dihedral(probability: Double): Unit = say { it.dihedral(probability) }

    /** See [Recipe.geometry]. */
    public fun geometry(technique: Geometry): Unit = say { it.geometry(technique) }

    /** See [Recipe.randAugment]. */
    public fun randAugment(): Unit = say { it.randAugment() }

    /** See [Recipe.randAugment]. */
    public fun randAugment(
        numOps: Int,
        magnitude: Int,
    ): Unit = say { it.randAugment(numOps, magnitude) }

    /** See [Recipe.trivialAugment]. */
    public fun trivialAugment(): Unit = say { it.trivialAugment() }

    /** See [Recipe.autoAugment]. */
    public fun autoAugment(): Unit = say { it.autoAugment() }

    /** See [Recipe.policy]. */
    public fun policy(policy: Policy): Unit = say { it.policy(policy) }

    /** See [Recipe.gaussianBlur]. */
    public fun gaussianBlur(maxSigma: Double): Unit = say { it.gaussianBlur(maxSigma) }

    /** See [Recipe.erase]. */
    public fun erase(probability: Double): Unit = say { it.erase(probability) }

    /** See [Recipe.erase]. */
    public fun erase(erasing: Erasing): Unit = say { it.erase(erasing) }

    /** See [Recipe.cutout]. */
    public fun cutout(): Unit = say { it.cutout() }

    /** See [Recipe.cutout]. */
    public fun cutout(share: Double): Unit = say { it.cutout(share) }

    /** See [Recipe.normalize]. */
    public fun normalize(statistics: Normalize): Unit = say { it.normalize(statistics) }

    /** See [Recipe.normalizeFromData]. */
    public fun normalizeFromData(): Unit = say { it.normalizeFromData() }

    /** See [Recipe.mixup]. */
    public fun mixup(): Unit = say { it.mixup() }

    /** See [Recipe.mixup]. */
    public fun mixup(alpha: Double): Unit = say { it.mixup(alpha) }

    /** See [Recipe.cutmix]. */
    public fun cutmix(): Unit = say { it.cutmix() }

    /** See [Recipe.cutmix]. */
    public fun cutmix(alpha: Double): Unit = say { it.cutmix(alpha) }

    /** See [Recipe.mixupOrCutmix]. */
    public fun mixupOrCutmix(): Unit = say { it.mixupOrCutmix() }

    /** See [Recipe.mixupOrCutmix]. */
    public fun mixupOrCutmix(
        mixupAlpha: Double,
        cutmixAlpha: Double,
        odds: Double,
    ): Unit = say { it.mixupOrCutmix(mixupAlpha, cutmixAlpha, odds) }

    /** See [Recipe.mixing]. */
    public fun mixing(mixing: Mixing): Unit = say { it.mixing(mixing) }

    /** See [Recipe.mixOffForLast]. */
    public fun mixOffForLast(epochs: Int): Unit = say { it.mixOffForLast(epochs) }

    /** See [Recipe.labelSmoothing]. */
    public fun labelSmoothing(epsilon: Double): Unit = say { it.labelSmoothing(epsilon) }

    /** See [Recipe.loss]. */
    public fun loss(loss: Loss): Unit = say { it.loss(loss) }

    /** See [Recipe.classWeights]. */
    public fun classWeights(): Unit = say { it.classWeights() }

    /** See [Recipe.classWeights]. */
    public fun classWeights(vararg weights: Double): Unit = say { it.classWeights(*weights) }

    /** See [Recipe.balanced]. */
    public fun balanced(): Unit = say { it.balanced() }

    /** See [Recipe.repeat]. */
    public fun repeat(times: Int): Unit = say { it.repeat(times) }

    /** See [Recipe.sampling]. */
    public fun sampling(sampling: Sampling): Unit = say { it.sampling(sampling) }

    /** See [Recipe.optimizer]. */
    public fun optimizer(optimizer: Optimizer): Unit = say { it.optimizer(optimizer) }

    /** See [Recipe.weightDecay]. */
    public fun weightDecay(weightDecay: Double): Unit = say { it.weightDecay(weightDecay) }

    /** See [Recipe.clipGradients]. */
    public fun clipGradients(maxNorm: Double): Unit = say { it.clipGradients(maxNorm) }

    /** See [Recipe.clipGradients]. */
    public fun clipGradients(clipping: Clipping): Unit = say { it.clipGradients(clipping) }

    /** See [Recipe.accumulate]. */
    public fun accumulate(batches: Int): Unit = say { it.accumulate(batches) }

    /** See [Recipe.ema]. */
    public fun ema(): Unit = say { it.ema() }

    /** See [Recipe.ema]. */
    public fun ema(halfLife: Double): Unit = say { it.ema(halfLife) }

    /** See [Recipe.swa]. */
    public fun swa(): Unit = say { it.swa() }

    /** See [Recipe.averaging]. */
    public fun averaging(averaging: Averaging): Unit = say { it.averaging(averaging) }

    /** See [Recipe.schedule]. */
    public fun schedule(schedule: Schedule): Unit = say { it.schedule(schedule) }

    /** See [Recipe.oneCycle]. */
    public fun oneCycle(): Unit = say { it.oneCycle() }

    /** See [Recipe.flatCosine]. */
    public fun flatCosine(): Unit = say { it.flatCosine() }

    /** See [Recipe.warmRestarts]. */
    public fun warmRestarts(
        cycles: Int,
        length: Int,
        multiplier: Int,
    ): Unit = say { it.warmRestarts(cycles, length, multiplier) }

    /** See [Recipe.warmUp]. */
    public fun warmUp(epochs: Int): Unit = say { it.warmUp(epochs) }

    /** See [Recipe.warmUp]. */
    public fun warmUp(share: Double): Unit = say { it.warmUp(share) }

    /** See [Recipe.scheduleOverAll]. */
    public fun scheduleOverAll(): Unit = say { it.scheduleOverAll() }

    /** See [Recipe.earlyStopping]. */
    public fun earlyStopping(patience: Int): Unit = say { it.earlyStopping(patience) }

    /** See [Recipe.timeLimit]. */
    public fun timeLimit(minutes: Double): Unit = say { it.timeLimit(minutes) }

    /** See [Recipe.timeLimit]. */
    public fun timeLimit(minutes: Int): Unit = timeLimit(minutes.toDouble())

    /** See [Recipe.stopping]. */
    public fun stopping(rule: Stopping): Unit = say { it.stopping(rule) }

    /** See [Recipe.autoBatchSize]. */
    public fun autoBatchSize(automatic: Boolean): Unit = say { it.autoBatchSize(automatic) }

    /** See [Recipe.precision]. */
    public fun precision(precision: Precision): Unit = say { it.precision(precision) }

    /** See [Recipe.cache]. */
    public fun cache(): Unit = say { it.cache() }

    /** See [Recipe.cache]. */
    public fun cache(cache: DecodedCache): Unit = say { it.cache(cache) }

    /** See [Recipe.tta]. */
    public fun tta(passes: Int): Unit = say { it.tta(passes) }

    /** See [Recipe.tta]. */
    public fun tta(tta: TestTimeAugmentation): Unit = say { it.tta(tta) }

    /** See [Recipe.seed]. */
    public fun seed(seed: Long): Unit = say { it.seed(seed) }

    // Checked at once on a recipe of no account, so that a wrong value is refused on its own line.
    private fun say(change: (Recipe) -> Recipe) {
        change(ANY)
        rest += change
    }

    internal fun recipe(): Recipe {
        val begun = requireNotNull(stages) { "recipe: the block needs a stage; begin it with resize(224), for instance" }
        return rest.fold(begun) { recipe, change -> change(recipe) }
    }

    private companion object {
        val ANY: Recipe = Recipe.resize(224)
        const val FINE_TUNE_RATE = 2e-3
    }
}
