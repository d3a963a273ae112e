package dev.leaven.runtime;

/** The kind of prediction for an image; it follows from the kind of its target. */
public enum Task {
  /** One class of several for each image; learned by cross-entropy. */
  CLASSIFICATION,
  /** Any number of classes for each image; learned by a binary cross-entropy for each class. */
  MULTI_LABEL,
  /** One or more numbers for each image; learned by the mean squared error. */
  REGRESSION
}
