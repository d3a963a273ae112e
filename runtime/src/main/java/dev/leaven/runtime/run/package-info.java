/**
 * The reports of a run while it trains and its results: epochs, scores, damaged files, the
 * environment, and the listeners that receive them. Values only; {@code internal.run} reads and
 * writes their files.
 */
@NullMarked
package dev.leaven.runtime.run;

import org.jspecify.annotations.NullMarked;
