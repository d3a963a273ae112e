package dev.leaven.runtime.optimize;

/**
 * Which batch norms a stage freezes. A frozen norm works in training as in inference: it normalizes
 * by its running statistics, which stay as they are, and its scale and shift do not learn.
 *
 * <p>Effect: a small batch, or few new images, cannot spoil statistics that were learned from many;
 * without new statistics, images unlike those get worse predictions. Cost: less than norms that
 * train.
 */
public enum FrozenNorms {
  /** None, not even those of frozen groups: fastai's {@code train_bn=True}. */
  NONE,
  /** Those of frozen parameter groups: fastai's {@code train_bn=False}. */
  IN_FROZEN_GROUPS,
  /** All of the model, as in detection models (torchvision's FrozenBatchNorm2d). */
  ALL
}
