/**
 * Exported models: TensorFlow's SavedModel with all steps from a file's bytes to its class names
 * inside, and a predictor that loads it. It may use train and what a plan is made of.
 */
@NullMarked
package dev.leaven.runtime.export;

import org.jspecify.annotations.NullMarked;
