package dev.leaven.dsl

/** The words of a [recipe]'s block, all of them said through one. */
@RecipeLanguage
public sealed interface Words {
    /**
     * Says anything that a [Recipe] can say, for instance a word of your own.
     *
     * ```kotlin
     * fun Recipe.regularised(): Recipe = mixup().labelSmoothing(0.1)
     * recipe {
     *     resize(128)
     *     say { it.regularised() }
     * }
     * ```
     *
     * @param change from a recipe to another one
     */
    public fun say(change: (Recipe) -> Recipe)
}
