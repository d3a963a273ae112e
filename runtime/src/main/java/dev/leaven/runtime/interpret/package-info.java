/**
 * Explains a trained model: which classes it confuses, on which images it is most wrong, and which
 * places in an image it uses. It computes on graphs of its own with the weights of a run, and draws
 * nothing. It may use train, the pipeline, the machine and what a plan is made of.
 */
@NullMarked
package dev.leaven.runtime.interpret;

import org.jspecify.annotations.NullMarked;
