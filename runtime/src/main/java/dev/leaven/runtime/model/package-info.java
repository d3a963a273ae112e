/**
 * Architectures and the layers they are made of, with padding, initialisation, normalization and
 * pooling exactly as PyTorch has them. It may use graph.
 */
@NullMarked
package dev.leaven.runtime.model;

import org.jspecify.annotations.NullMarked;
