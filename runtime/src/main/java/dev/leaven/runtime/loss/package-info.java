/**
 * What a model minimises: how a label becomes a target distribution, and the losses on logits and
 * targets. All of it is float32. It may use graph.
 */
@NullMarked
package dev.leaven.runtime.loss;

import org.jspecify.annotations.NullMarked;
