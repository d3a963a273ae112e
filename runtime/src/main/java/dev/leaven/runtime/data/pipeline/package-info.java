/**
 * How images get into the graph: decoded, kept, resized, in order and in batches, while the step
 * before computes. It may use data, graph and transform.
 */
@NullMarked
package dev.leaven.runtime.data.pipeline;

import org.jspecify.annotations.NullMarked;
