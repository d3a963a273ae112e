package dev.leaven.runtime.evaluate;

/**
 * The fraction of images whose class is among the {@code k} most probable.
 *
 * @param k at least 1; with as many classes or fewer every image is a hit
 * @param share 0 to 1
 */
public record TopK(int k, Estimate share) {}
