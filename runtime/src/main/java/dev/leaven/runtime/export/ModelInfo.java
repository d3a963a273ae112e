package dev.leaven.runtime.export;

import dev.leaven.runtime.Task;
import dev.leaven.runtime.transform.Normalize;
import java.util.List;

/**
 * The metadata of an exported model, stored next to its graph.
 *
 * @param format the version of this description
 * @param task the kind of prediction
 * @param classNames the classes in the order of their numbers, or the name of each number
 * @param channels 3 for colour, 1 for grey
 * @param size height and width of the model's input images in pixels
 * @param architecture the model, in words
 * @param normalize the statistics, which are inside the graph
 * @param views views for each image with test-time augmentation, the plain one included
 * @param tta how they are combined, in words
 * @param embedding the length of an embedding, 0 if the model has none
 * @param weights how the weights are stored
 * @param foldedNorms batch norms that were folded into a convolution
 * @param epochs the number of epochs that the model was trained
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

  /** The version that this version of Leaven writes and reads. */
  static final String FORMAT = "leaven model 1";

  /** Keeps its own copy of the names. */
  public ModelInfo {
    classNames = List.copyOf(classNames);
  }
}
