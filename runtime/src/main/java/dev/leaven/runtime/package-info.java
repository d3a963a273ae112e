/**
 * What every room of the runtime shares: the notion of a {@link dev.leaven.runtime.Technique} and
 * how one is written to and read from JSON. It uses no other room and no TensorFlow; every room may
 * use it.
 */
@NullMarked
package dev.leaven.runtime;

import org.jspecify.annotations.NullMarked;
