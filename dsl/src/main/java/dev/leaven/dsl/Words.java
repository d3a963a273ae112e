package dev.leaven.dsl;

import java.util.function.UnaryOperator;

/**
 * The methods of a recipe, shared by {@link Recipe} and the Kotlin block for one. They are in the
 * interfaces that extend this one; each is defined once, for both.
 *
 * @param <R> what a word returns: the changed value, or nothing in a Kotlin block
 */
@CheckReturnValue
public interface Words<R> {

  /**
   * Changes the recipe in any way, for instance by a method of your own. All other methods go
   * through this one.
   *
   * <pre>{@code
   * static Recipe regularised(Recipe recipe) {
   *   return recipe.mixup().labelSmoothing(0.1);
   * }
   *
   * resize(128).with(MyWords::regularised)
   * }</pre>
   *
   * @param change maps a recipe to another one
   * @return a new recipe
   */
  R with(UnaryOperator<Recipe> change);
}
