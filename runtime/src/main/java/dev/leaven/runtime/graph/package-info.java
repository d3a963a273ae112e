/**
 * The building blocks of techniques and layers: variables, their initial values, seeded randomness
 * and precision.
 */
@NullMarked
package dev.leaven.runtime.graph;

import org.jspecify.annotations.NullMarked;
