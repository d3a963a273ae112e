/**
 * An exported model over HTTP on this machine, with a page to try it: Java's own HTTP server in
 * front of a predictor. It may use export.
 */
@NullMarked
package dev.leaven.runtime.serve;

import org.jspecify.annotations.NullMarked;
