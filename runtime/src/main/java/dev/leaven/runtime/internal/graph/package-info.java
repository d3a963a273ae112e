/** Opens sessions, and audits a graph before it is differentiated. */
@NullMarked
package dev.leaven.runtime.internal.graph;

import org.jspecify.annotations.NullMarked;
