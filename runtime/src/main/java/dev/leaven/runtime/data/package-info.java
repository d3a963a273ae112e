/**
 * Where images and labels come from: folders and files, their split into training and validation,
 * and the pipeline that loads them inside the graph. Problems with a user's files are named here,
 * before a step is paid for. It may use graph and transform.
 */
@NullMarked
package dev.leaven.runtime.data;

import org.jspecify.annotations.NullMarked;
