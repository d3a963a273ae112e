/** Holds the pages, the Javadoc and the published names to the code. */
@NullMarked
package dev.leaven.docs;

import org.jspecify.annotations.NullMarked;
