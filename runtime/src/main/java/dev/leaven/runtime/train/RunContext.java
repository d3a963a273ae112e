package dev.leaven.runtime.train;

import dev.leaven.runtime.plan.Plan;
import dev.leaven.runtime.run.TrainingListener;

/**
 * What the parts of a run have in common.
 *
 * @param plan what the run does
 * @param listener hears how it proceeds
 * @param stop whether it is asked to stop
 * @param corrupt the damaged files that it knows of
 */
record RunContext(Plan plan, TrainingListener listener, StopSignal stop, CorruptFiles corrupt) {}
