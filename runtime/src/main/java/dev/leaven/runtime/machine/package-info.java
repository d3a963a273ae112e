/**
 * Checks whether this machine computes correctly. Before the first training on a machine, a
 * separate process computes the layers that models are made of and compares them with float64; the
 * verdict is stored, and decides which of TensorFlow's kernels and which precision run a plan. It
 * may use graph, nn, models and the data folder where things are stored.
 */
@NullMarked
package dev.leaven.runtime.machine;

import org.jspecify.annotations.NullMarked;
