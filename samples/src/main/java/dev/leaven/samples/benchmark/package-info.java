/** Measures what the README reports; {@code samples/benchmarks} has the commands. */
package dev.leaven.samples.benchmark;
