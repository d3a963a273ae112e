/** Several labels for an image. */
@NullMarked
package dev.leaven.samples.shapes;

import org.jspecify.annotations.NullMarked;
