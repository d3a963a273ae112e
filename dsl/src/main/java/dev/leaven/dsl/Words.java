package dev.leaven.dsl;

import java.util.function.UnaryOperator;

/**
 * Something that has the words of a recipe: a {@link Recipe} itself, or Kotlin's block for one. The
 * words are in the interfaces that extend this one; each is written once, for both.
 *
 * @param <R> what a word returns: the changed value, or nothing in a Kotlin block
 */
@CheckReturnValue
public interface Words<R> {

  /**
   * Changes the recipe in any way, for instance by a word of your own. The other words end here.
   *
   * <pre>{@code
   * static Recipe regularised(Recipe recipe) {
   *   return recipe.mixup().labelSmoothing(0.1);
   * }
   *
   * resize(128).with(MyWords::regularised)
   * }</pre>
   *
   * @param change from a recipe to another one
   * @return a new recipe
   */
  R with(UnaryOperator<Recipe> change);
}
