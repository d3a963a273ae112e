/**
 * The recipe language: the immutable {@link dev.leaven.dsl.Recipe} and its Kotlin form. This
 * package turns a recipe into a plan, and the runtime executes it. It may use the runtime, but
 * nothing of the command line or the script host.
 */
@NullMarked
package dev.leaven.dsl;

import org.jspecify.annotations.NullMarked;
