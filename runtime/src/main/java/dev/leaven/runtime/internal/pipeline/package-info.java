/**
 * Feeds images to the graph: decodes, caches, resizes, orders and batches them while the step
 * before computes.
 */
@NullMarked
package dev.leaven.runtime.internal.pipeline;

import org.jspecify.annotations.NullMarked;
