/**
 * Published data sets by their names: where they are, how they are downloaded, checked and unpacked
 * into a folder of the user's, and the source that reads them. Nothing is downloaded before a data
 * set is loaded or asked for. It may use data.
 */
@NullMarked
package dev.leaven.runtime.data.catalogue;

import org.jspecify.annotations.NullMarked;
