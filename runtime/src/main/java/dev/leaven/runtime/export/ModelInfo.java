package dev.leaven.runtime.export;

import dev.leaven.runtime.Task;
import dev.leaven.runtime.transform.Normalize;
import java.util.List;

/**
 * What an exported model says of itself, beside its graph.
 *
 * @param format the version of this description
 * @param task what is asked of an image
 * @param classNames the classes in the order of their numbers, or the name of each number
 * @param channels 3 for colour, 1 for grey
 * @param size the side of the images that the model sees, in pixels
 * @param architecture the model, in words
 * @param normalize the statistics, which are inside the graph
 * @param views views for each image with test-time augmentation, the plain one included
 * @param tta how they are combined, in words
 * @param embedding the length of an embedding, or 0 if the model has none
 * @param weights how the weights are stored
 * @param foldedNorms batch norms that became part of a convolution
 * @param epochs how long the model was trained
 * @param recipeHash the recipe's stable hash
 * @param graphBytes the length of the graph's file
 * @param graphSha256 the checksum of the graph's file, in hexadecimal
 */
public record ModelInfo(
    String format,
    Task task,
    List<String> classNames,
    int channels,
    int size,
    String architecture,
    Normalize normalize,
    int views,
    String tta,
    int embedding,
    WeightPrecision weights,
    int foldedNorms,
    int epochs,
    String recipeHash,
    long graphBytes,
    String graphSha256) {

  /** What this version of Leaven writes and reads. */
  static final String FORMAT = "leaven model 1";

  /** Keeps its own copy of the names. */
  public ModelInfo {
    classNames = List.copyOf(classNames);
  }
}
