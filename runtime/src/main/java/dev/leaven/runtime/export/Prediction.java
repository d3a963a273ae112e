package dev.leaven.runtime.export;

import dev.leaven.runtime.Check;
import dev.leaven.runtime.Task;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The prediction of a model for one image.
 *
 * @param task the kind of prediction
 * @param classNames the classes in the order of their numbers, or the name of each number
 * @param values the probability of each class, or the numbers
 */
public record Prediction(Task task, List<String> classNames, List<Float> values) {

  /**
   * One entry of a prediction.
   *
   * @param name of a class, or of a number
   * @param value its probability from 0 to 1, or the number
   */
  public record Answer(String name, double value) {}

  /** Keeps its own copies. */
  public Prediction {
    classNames = List.copyOf(classNames);
    values = List.copyOf(values);
  }

  static Prediction of(ModelInfo model, float[] values) {
    return new Prediction(
        model.task(),
        model.classNames(),
        IntStream.range(0, values.length).mapToObj(i -> values[i]).toList());
  }

  /**
   * The class of highest probability, the first one of equals; for numbers, the first number.
   *
   * @return its name and probability
   */
  public Answer top() {
    return top(1).get(0);
  }

  /**
   * The classes of highest probability; numbers stay in their order.
   *
   * @param k the number of classes, from 1 to the number of classes
   * @return the highest first; equals in the order of the data
   * @throws IllegalArgumentException when there are fewer classes
   */
  public List<Answer> top(int k) {
    Check.range("top", "k", k, 1, classNames.size());
    List<Answer> answers =
        IntStream.range(0, classNames.size())
            .mapToObj(i -> new Answer(classNames.get(i), values.get(i)))
            .toList();
    return task == Task.REGRESSION
        ? answers.subList(0, k)
        : answers.stream()
            .sorted(Comparator.comparingDouble(Answer::value).reversed())
            .limit(k)
            .toList();
  }

  /**
   * The probability of a class, or a number.
   *
   * @param name one of the names
   * @return its value
   * @throws IllegalArgumentException when there is no such name
   */
  public double of(String name) {
    int place = classNames.indexOf(name);
    if (place < 0) {
      throw new IllegalArgumentException(
          "the model knows no '%s'; it knows %s"
              .formatted(
                  name, classNames.size() > 20 ? classNames.size() + " others" : classNames));
    }
    return values.get(place);
  }
}
