package dev.leaven.runtime.train;

import dev.leaven.runtime.evaluate.Predictions;
import dev.leaven.runtime.plan.Plan;
import java.util.ArrayList;
import java.util.List;

/** Collects a model's predictions, image by image. */
final class CollectedPredictions implements Evaluator.PredictionListener {

  private final Plan plan;
  private final List<Integer> images = new ArrayList<>();
  private final List<float[]> predictions = new ArrayList<>();
  private final List<float[]> targets = new ArrayList<>();
  private final List<Float> losses = new ArrayList<>();
  private final List<Float> plainLosses = new ArrayList<>();

  CollectedPredictions(Plan plan) {
    this.plan = plan;
  }

  @Override
  public void predicted(
      int image, float[] prediction, float[] target, float loss, float plainLoss) {
    images.add(image);
    predictions.add(prediction);
    targets.add(target);
    losses.add(loss);
    plainLosses.add(plainLoss);
  }

  Predictions predictions() {
    return new Predictions(
        plan.data().task(),
        plan.data().classNames(),
        images.stream().mapToInt(Integer::intValue).toArray(),
        predictions.toArray(float[][]::new),
        targets.toArray(float[][]::new),
        floats(losses),
        floats(plainLosses));
  }

  private static float[] floats(List<Float> values) {
    float[] floats = new float[values.size()];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = values.get(i);
    }
    return floats;
  }
}
