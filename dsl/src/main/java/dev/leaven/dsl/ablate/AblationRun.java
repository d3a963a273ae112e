package dev.leaven.dsl.ablate;

import java.util.OptionalDouble;

/**
 * One run among those of an ablation.
 *
 * @param number counted from 1
 * @param runs the number of all runs
 * @param variant the label of what is trained
 * @param seed of the run
 * @param secondsLeft an estimate for this run and those after it, from the runs that this process
 *     has finished; empty while there is none
 */
public record AblationRun(
    int number, int runs, String variant, long seed, OptionalDouble secondsLeft) {}
