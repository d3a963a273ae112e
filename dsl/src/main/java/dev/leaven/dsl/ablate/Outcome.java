package dev.leaven.dsl.ablate;

/**
 * The result of one run of a variant.
 *
 * @param seed of the run
 * @param recipeHash of the recipe that was trained, this seed and test-time augmentation included
 * @param score the task's first metric on the validation images after the last epoch
 * @param seconds of training, validation included, and of test-time augmentation where it is
 *     evaluated
 */
public record Outcome(long seed, String recipeHash, double score, double seconds) {}
