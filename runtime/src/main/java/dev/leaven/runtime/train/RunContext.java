package dev.leaven.runtime.train;

import dev.leaven.runtime.plan.Plan;
import dev.leaven.runtime.run.TrainingListener;

/**
 * The common state of the parts of a run.
 *
 * @param plan the plan of the run
 * @param listener receives the progress
 * @param stop whether the run is asked to stop
 * @param corrupt the known damaged files of the run
 */
record RunContext(Plan plan, TrainingListener listener, StopSignal stop, CorruptFiles corrupt) {}
