/**
 * Whether this machine computes what it should. Before the first training on a machine, a process
 * of its own computes the layers that models are made of and compares them with float64; the
 * verdict is kept, and decides which of TensorFlow's kernels and which precision a plan is run
 * with. It may use graph, nn, models and the folder of data where things are kept.
 */
@NullMarked
package dev.leaven.runtime.machine;

import org.jspecify.annotations.NullMarked;
