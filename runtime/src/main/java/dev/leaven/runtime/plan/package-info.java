/**
 * The plan of a run, with nothing undecided: {@link dev.leaven.runtime.plan.Plan}, its stages, its
 * text and the differences between two plans. It depends on techniques, data and models, and not on
 * the code that runs them.
 */
@NullMarked
package dev.leaven.runtime.plan;

import org.jspecify.annotations.NullMarked;
