/** Reads and writes the directory of a run: checkpoints, history, summary, TensorBoard files. */
@NullMarked
package dev.leaven.runtime.internal.run;

import org.jspecify.annotations.NullMarked;
