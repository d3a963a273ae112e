/**
 * What happens to an image before the model sees it: the item transforms that run while it is
 * loaded and the batch transforms that run on the device. Random numbers are drawn separately from
 * their use, so that every transform is a pure function of images and draws. It may use graph.
 */
@NullMarked
package dev.leaven.runtime.transform;

import org.jspecify.annotations.NullMarked;
