/**
 * What a run will do, with nothing left open: {@link dev.leaven.runtime.plan.Plan}, its stages, its
 * text and how two plans differ. It knows techniques, data and models, and nothing of how they are
 * run.
 */
@NullMarked
package dev.leaven.runtime.plan;

import org.jspecify.annotations.NullMarked;
