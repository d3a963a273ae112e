package dev.leaven.runtime.evaluate;

/**
 * How a model did on a set of labelled images.
 *
 * @param images how many were judged
 * @param loss the mean loss against the targets that training uses, label smoothing included
 * @param plainLoss the mean cross-entropy against the labels, without smoothing
 * @param top1 the share of images whose label had the highest probability, 0 to 1
 * @param top5 the share of images whose label was among the five highest, 0 to 1; with fewer than
 *     five classes it is 1
 */
public record Scores(int images, double loss, double plainLoss, double top1, double top5) {}
