/**
 * The layers that networks are made of, with padding, initialisation, normalization and pooling
 * exactly as in PyTorch. It may use graph.
 */
@NullMarked
package dev.leaven.runtime.nn;

import org.jspecify.annotations.NullMarked;
