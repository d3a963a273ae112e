/**
 * Evaluating a model: scores from logits and labels, and test-time augmentation. Pure functions of
 * numbers, without a graph. It may use no other package.
 */
@NullMarked
package dev.leaven.runtime.evaluate;

import org.jspecify.annotations.NullMarked;
