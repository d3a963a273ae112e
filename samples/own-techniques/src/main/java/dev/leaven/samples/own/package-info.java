/** A transform, a loss, a model and a callback of your own. */
@NullMarked
package dev.leaven.samples.own;

import org.jspecify.annotations.NullMarked;
