/**
 * Techniques that mix the images of a batch with each other and their targets with them. Each
 * splits its random draw from its pure apply. It may use graph.
 */
@NullMarked
package dev.leaven.runtime.mix;

import org.jspecify.annotations.NullMarked;
