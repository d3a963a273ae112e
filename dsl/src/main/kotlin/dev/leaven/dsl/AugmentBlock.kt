package dev.leaven.dsl

import java.util.function.UnaryOperator

/**
 * The changes that [RecipeBlock.augment] makes to fastai's defaults: the functions of an [Augmentation].
 *
 * ```kotlin
 * recipe {
 *     resize(128)
 *     augment {
 *         rotate(15)
 *         zoom(1, 1.3)
 *         lighting(0.4)
 *         geometry(Shear(10.0))
 *     }
 * }
 * ```
 */
@RecipeLanguage
public class AugmentBlock internal constructor(
    internal var augmentation: Augmentation,
) : AugmentationWords<Unit> {
    override fun augmentation(change: UnaryOperator<Augmentation>) {
        augmentation = change.apply(augmentation)
    }
}
