/** A model behind HTTP. */
@NullMarked
package dev.leaven.samples.web;

import org.jspecify.annotations.NullMarked;
