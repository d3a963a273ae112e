package dev.leaven.dsl

import dev.leaven.runtime.optimize.Adam
import dev.leaven.runtime.optimize.AdamW
import dev.leaven.runtime.optimize.Clipping
import dev.leaven.runtime.optimize.Lamb
import dev.leaven.runtime.optimize.Lars
import dev.leaven.runtime.optimize.Lion
import dev.leaven.runtime.optimize.Lookahead
import dev.leaven.runtime.optimize.Optimizer
import dev.leaven.runtime.optimize.RAdam
import dev.leaven.runtime.optimize.Ranger
import dev.leaven.runtime.optimize.RmsProp
import dev.leaven.runtime.optimize.Sam
import dev.leaven.runtime.optimize.Sgd

/**
 * The optimizer, with named parameters, and what is around a step. The last optimizer counts; without one, the recipe's is used.
 *
 * ```kotlin
 * recipe {
 *     resize(128)
 *     optimizer {
 *         sgd(momentum = 0.9, nesterov = true)
 *         weightDecay = 1e-4
 *         clipGradients(1)
 *         accumulate = 4
 *     }
 * }
 * ```
 */
@RecipeLanguage
public class OptimizerBlock internal constructor() {
    /** The weight decay, from 0 to 1. Default: the optimizer's own. */
    public var weightDecay: Number? = null

    /** The largest global norm of the gradients, above 0. Default: unlimited. */
    public var clipGradients: Number? = null

    /** The number of batches whose gradients are summed for a step, from 1 to 10000. Default: 1. */
    public var accumulate: Int? = null

    private var optimizer: Optimizer? = null
    private var lookahead: ((Optimizer) -> Optimizer)? = null
    private var sam: ((Optimizer) -> Optimizer)? = null
    private val more = mutableListOf<(Recipe) -> Recipe>()

    /** See [Adam]. */
    public fun adam(
        momentum: Number = ADAM.momentum(),
        squaredMomentum: Number = ADAM.squaredMomentum(),
        epsilon: Number = ADAM.epsilon(),
    ): Unit = optimizer(Adam(momentum.toDouble(), squaredMomentum.toDouble(), epsilon.toDouble(), ADAM.weightDecay()))

    /** See [AdamW]. */
    public fun adamW(
        momentum: Number = ADAM_W.momentum(),
        squaredMomentum: Number = ADAM_W.squaredMomentum(),
        epsilon: Number = ADAM_W.epsilon(),
    ): Unit = optimizer(AdamW(momentum.toDouble(), squaredMomentum.toDouble(), epsilon.toDouble(), ADAM_W.weightDecay()))

    /** See [Sgd]. */
    public fun sgd(
        momentum: Number = 0,
        nesterov: Boolean = false,
    ): Unit = optimizer(Sgd(momentum.toDouble(), nesterov, Sgd().weightDecay()))

    /** See [RmsProp]. */
    public fun rmsProp(
        momentum: Number = RMS_PROP.momentum(),
        squaredMomentum: Number = RMS_PROP.squaredMomentum(),
        epsilon: Number = RMS_PROP.epsilon(),
    ): Unit = optimizer(RmsProp(momentum.toDouble(), squaredMomentum.toDouble(), epsilon.toDouble(), RMS_PROP.weightDecay()))

    /** See [RAdam]. */
    public fun rAdam(
        momentum: Number = R_ADAM.momentum(),
        squaredMomentum: Number = R_ADAM.squaredMomentum(),
        epsilon: Number = R_ADAM.epsilon(),
    ): Unit = optimizer(RAdam(momentum.toDouble(), squaredMomentum.toDouble(), epsilon.toDouble(), R_ADAM.weightDecay()))

    /** See [Ranger]. */
    public fun ranger(
        momentum: Number = RANGER.momentum(),
        squaredMomentum: Number = RANGER.squaredMomentum(),
        epsilon: Number = RANGER.epsilon(),
    ): Unit = optimizer(Ranger(momentum.toDouble(), squaredMomentum.toDouble(), epsilon.toDouble(), RANGER.weightDecay()))

    /** See [Lamb]. */
    public fun lamb(
        momentum: Number = LAMB.momentum(),
        squaredMomentum: Number = LAMB.squaredMomentum(),
        epsilon: Number = LAMB.epsilon(),
        adaptAll: Boolean = LAMB.adaptAll(),
    ): Unit = optimizer(Lamb(momentum.toDouble(), squaredMomentum.toDouble(), epsilon.toDouble(), LAMB.weightDecay(), adaptAll))

    /** See [Lars]. */
    public fun lars(
        momentum: Number = LARS.momentum(),
        trust: Number = LARS.trust(),
        clip: Boolean = LARS.clip(),
        epsilon: Number = LARS.epsilon(),
        adaptAll: Boolean = LARS.adaptAll(),
    ): Unit = optimizer(Lars(momentum.toDouble(), trust.toDouble(), clip, epsilon.toDouble(), LARS.weightDecay(), adaptAll))

    /** See [Lion]. */
    public fun lion(
        momentum: Number = LION.momentum(),
        memory: Number = LION.memory(),
    ): Unit = optimizer(Lion(momentum.toDouble(), memory.toDouble(), LION.weightDecay()))

    /** An optimizer of your own. */
    public fun optimizer(optimizer: Optimizer) {
        this.optimizer = optimizer
    }

    /** See [Lookahead]; it wraps the block's optimizer; default [Adam]. */
    public fun lookahead(
        k: Int = 6,
        alpha: Number = 0.5,
    ) {
        lookahead = { Lookahead(it, k, alpha.toDouble()) }
    }

    /** See [Sam]; it wraps everything else in the block. */
    public fun sam(rho: Number = Sam(ADAM).rho()) {
        sam = { Sam(it, rho.toDouble()) }
    }

    /** See [OptimizerBlock.weightDecay]. */
    public fun weightDecay(weightDecay: Number) {
        this.weightDecay = weightDecay
    }

    /** See [OptimizerBlock.clipGradients]. */
    public fun clipGradients(maxNorm: Number) {
        clipGradients = maxNorm
    }

    /** See [Recipe.clipGradients]. */
    public fun clipGradients(clipping: Clipping) {
        more += { it.clipGradients(clipping) }
    }

    /** See [OptimizerBlock.accumulate]. */
    public fun accumulate(batches: Int) {
        accumulate = batches
    }

    internal fun on(recipe: Recipe): Recipe {
        var said = recipe
        val around = listOfNotNull(lookahead, sam)
        val stepping = if (around.isEmpty()) optimizer else around.fold(optimizer ?: ADAM) { inner, outer -> outer(inner) }
        stepping?.let { said = said.optimizer(it) }
        weightDecay?.let { said = said.weightDecay(it.toDouble()) }
        clipGradients?.let { said = said.clipGradients(it.toDouble()) }
        accumulate?.let { said = said.accumulate(it) }
        return more.fold(said) { before, change -> change(before) }
    }

    private companion object {
        val ADAM = Adam()
        val ADAM_W = AdamW()
        val RMS_PROP = RmsProp()
        val R_ADAM = RAdam()
        val RANGER = Ranger()
        val LAMB = Lamb()
        val LARS = Lars()
        val LION = Lion()
    }
}
