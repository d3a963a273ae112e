/**
 * The Plan of a run with nothing left open, the Trainer that compiles it to a TensorFlow graph and
 * carries it out, and what a run leaves behind: history, checkpoints, summary. It may use every
 * other room of the runtime.
 */
@NullMarked
package dev.leaven.runtime.train;

import org.jspecify.annotations.NullMarked;
