/**
 * Where images and labels come from: folders and files, and their split into training and
 * validation. Problems with a user's files are reported here, before the first training step. It
 * may use graph and transform, and builds no graph itself.
 */
@NullMarked
package dev.leaven.runtime.data;

import org.jspecify.annotations.NullMarked;
