package dev.leaven.runtime;

/**
 * One named part of a recipe: its parameters, checked when it is made, and what it does.
 *
 * <p>A technique is an immutable value: a {@code record} whose components are its parameters, which
 * gives it equality, a readable {@code toString} and its JSON form. Its constructor refuses what
 * makes no sense with an {@link IllegalArgumentException} that names the parameter, the value and
 * the allowed range. A technique of your own is a record that implements the interface of its kind
 * (for instance {@code Mixing} or {@code Optimizer}) in any package.
 */
public interface Technique {

  /**
   * Describes in one line, without a full stop, what this technique does with these parameters.
   *
   * @return for instance {@code "MixUp: λ from Beta(0.4, 0.4) per image, kept at 0.5 or more"}
   */
  String describe();
}
