/**
 * How weights move: optimizers as graph operations, and schedules as pure functions of a run's
 * progress. It may use graph.
 */
@NullMarked
package dev.leaven.runtime.optimize;

import org.jspecify.annotations.NullMarked;
