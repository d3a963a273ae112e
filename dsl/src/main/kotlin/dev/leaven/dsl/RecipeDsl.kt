package dev.leaven.dsl

/**
 * Marks the blocks of the recipe language, so that a stage's block cannot change the whole run.
 *
 * ```kotlin
 * recipe {
 *     resize(128) { epochs = 4 }     // mixup() in here is no word: it is of the run
 *     mixup()
 * }
 * ```
 */
@DslMarker
@Retention(AnnotationRetention.BINARY)
@Target(AnnotationTarget.CLASS)
public annotation class RecipeLanguage

/**
 * A [Recipe] as a block: the same value as the chain `resize(128).epochs(4).then(224)…`.
 *
 * The functions correspond to methods in Java. The braces after a function contain its settings: properties, each of which is available as
 * a function too, `epochs = 4` or `epochs(4)`.
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
 * Adds a stage, in infix notation.
 *
 * ```kotlin
 * val recipe = resize(128) then 224
 * ```
 */
public infix fun Recipe.then(size: Int): Recipe = then(size)

/**
 * Continues a recipe as a block: the settings of the block are applied after those of the recipe.
 *
 * ```kotlin
 * val plain = resize(128) then 224
 * val mixed = plain.and { mixup(); labelSmoothing(0.1) }
 * ```
 *
 * @throws IllegalArgumentException when a value is outside its range
 */
public fun Recipe.and(block: RecipeBlock.() -> Unit): Recipe = RecipeBlock(this).apply(block).recipe()
