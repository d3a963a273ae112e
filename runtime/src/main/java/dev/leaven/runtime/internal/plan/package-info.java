/**
 * A plan as text, as differences from another, and as a timeline of epochs, steps and learning
 * rates.
 */
@NullMarked
package dev.leaven.runtime.internal.plan;

import org.jspecify.annotations.NullMarked;
