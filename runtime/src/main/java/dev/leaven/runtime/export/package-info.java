/**
 * Models that leave their run: exported as TensorFlow's SavedModel with everything between a file's
 * bytes and its class names inside, and loaded again to predict. It may use train and what a plan
 * is made of.
 */
@NullMarked
package dev.leaven.runtime.export;

import org.jspecify.annotations.NullMarked;
