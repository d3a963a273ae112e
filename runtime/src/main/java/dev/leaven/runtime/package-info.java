/**
 * The types that every package of the runtime shares: the {@link dev.leaven.runtime.Technique} and
 * its JSON form. It uses no other package and no TensorFlow; every package may use it.
 */
@NullMarked
package dev.leaven.runtime;

import org.jspecify.annotations.NullMarked;
