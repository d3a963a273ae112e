/**
 * How people say it: the immutable {@link dev.leaven.dsl.Recipe} and its Kotlin face. A recipe
 * becomes a plan here and is carried out by the runtime. It may use the runtime and nothing of the
 * command line or the script host.
 */
@NullMarked
package dev.leaven.dsl;

import org.jspecify.annotations.NullMarked;
