/**
 * The thin helpers over TensorFlow Java that every other room shares: variables, seeded randomness,
 * tensors and their lifetimes, the session, and the audit of a graph before it is differentiated.
 * It knows nothing of images or training. It may use TensorFlow and nothing else of the runtime.
 */
@NullMarked
package dev.leaven.runtime.graph;

import org.jspecify.annotations.NullMarked;
