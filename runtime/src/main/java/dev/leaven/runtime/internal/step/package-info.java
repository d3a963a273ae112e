/** The TensorFlow graphs of a plan: the training step, and inference. */
@NullMarked
package dev.leaven.runtime.internal.step;

import org.jspecify.annotations.NullMarked;
