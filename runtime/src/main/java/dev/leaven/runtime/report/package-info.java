/**
 * Pictures and pages about a run for people, drawn with Java's own AWT on machines without a
 * screen. It may use interpret, train and what a plan is made of, and no TensorFlow.
 */
@NullMarked
package dev.leaven.runtime.report;

import org.jspecify.annotations.NullMarked;
