/**
 * Thin helpers over TensorFlow Java: tensors and their lifetimes, operations built in linear time,
 * keys of random numbers, weights in safetensors files, devices. It uses only TensorFlow and
 * nothing else of the runtime.
 */
@NullMarked
package dev.leaven.runtime.internal.tensorflow;

import org.jspecify.annotations.NullMarked;
