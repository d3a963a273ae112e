package dev.leaven.dsl;

import com.fasterxml.jackson.databind.type.TypeFactory;
import dev.leaven.runtime.data.DecodedCache;
import dev.leaven.runtime.data.Sampling;
import dev.leaven.runtime.evaluate.TestTimeViews;
import dev.leaven.runtime.graph.Precision;
import dev.leaven.runtime.loss.ClassWeights;
import dev.leaven.runtime.loss.LabelSmoothing;
import dev.leaven.runtime.loss.Loss;
import dev.leaven.runtime.mix.Mixing;
import dev.leaven.runtime.models.Architecture;
import dev.leaven.runtime.optimize.Averaging;
import dev.leaven.runtime.optimize.Clipping;
import dev.leaven.runtime.optimize.LossScale;
import dev.leaven.runtime.optimize.Optimizer;
import dev.leaven.runtime.optimize.Schedule;
import dev.leaven.runtime.plan.Stopping;
import dev.leaven.runtime.transform.Erasing;
import dev.leaven.runtime.transform.Flip;
import dev.leaven.runtime.transform.ItemResize;
import dev.leaven.runtime.transform.Normalize;
import dev.leaven.runtime.transform.Policy;
import dev.leaven.runtime.transform.RandomResizedCrop;
import java.lang.reflect.Type;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;

/**
 * A part of a recipe, besides its stages. This is the list of them, in the order in which a recipe
 * is printed; copying, equality, JSON, printing and the ablation iterate over it.
 *
 * @param <T> the type of its value
 */
final class Part<T> {

  private static final List<Part<?>> LIST = new ArrayList<>();

  static final Part<Architecture> MODEL = technique("model", Architecture.class);
  static final Part<Path> PRETRAINED = setting("pretrained", Path.class);
  static final Part<ItemResize> ITEM_RESIZE = technique("itemResize", ItemResize.class);
  static final Part<Integer> PRESIZE = technique("presize", Integer.class);
  static final Part<RandomResizedCrop> CROP = technique("crop", RandomResizedCrop.class);
  static final Part<Flip> FLIP = technique("flip", Flip.class);
  static final Part<Augmentation> AUGMENTATION =
      new Part<>("augmentation", Augmentation.class, true, Augmentation::techniques);
  static final Part<Policy> POLICY = technique("policy", Policy.class);
  static final Part<Erasing> ERASING = technique("erasing", Erasing.class);
  static final Part<Normalize> NORMALIZE = technique("normalize", Normalize.class);
  static final Part<Boolean> NORMALIZE_FROM_DATA = technique("normalizeFromData", Boolean.class);
  static final Part<Mixing> MIXING = technique("mixing", Mixing.class);
  static final Part<Integer> MIX_OFF_FOR_LAST = technique("mixOffForLast", Integer.class);
  static final Part<LabelSmoothing> LABEL_SMOOTHING =
      technique("labelSmoothing", LabelSmoothing.class);
  static final Part<Loss> LOSS = technique("loss", Loss.class);
  static final Part<ClassWeights> CLASS_WEIGHTS = technique("classWeights", ClassWeights.class);
  static final Part<Sampling> SAMPLING = technique("sampling", Sampling.class);
  static final Part<Optimizer> OPTIMIZER = technique("optimizer", Optimizer.class);
  static final Part<Double> WEIGHT_DECAY = technique("weightDecay", Double.class);
  static final Part<Clipping> CLIPPING = technique("clipping", Clipping.class);
  static final Part<Integer> ACCUMULATE = setting("accumulate", Integer.class);
  static final Part<Boolean> AUTO_BATCH_SIZE = setting("autoBatchSize", Boolean.class);
  static final Part<Averaging> AVERAGING = technique("averaging", Averaging.class);
  static final Part<Schedule> SCHEDULE = technique("schedule", Schedule.class);
  static final Part<Integer> WARM_UP_EPOCHS = technique("warmUpEpochs", Integer.class);
  static final Part<Double> WARM_UP_FRACTION = technique("warmUpShare", Double.class);
  static final Part<Boolean> SCHEDULE_OVER_ALL = technique("scheduleOverAll", Boolean.class);
  static final Part<List<Stopping>> STOPPING =
      new Part<>("stopping", listOf(Stopping.class), false, rules -> rules);
  static final Part<Precision> PRECISION = setting("precision", Precision.class);
  static final Part<LossScale> LOSS_SCALE = setting("lossScale", LossScale.class);
  static final Part<DecodedCache> CACHE = setting("cache", DecodedCache.class);
  static final Part<TestTimeViews> TTA = technique("tta", TestTimeViews.class);
  static final Part<Integer> EVALUATE_AT = setting("evaluateAt", Integer.class);
  static final Part<Long> SEED = setting("seed", Long.class);

  static final List<Part<?>> ALL = Collections.unmodifiableList(LIST);

  private final String key;
  private final Type type;
  private final boolean removable;
  private final Function<T, List<?>> pieces;

  private Part(String key, Type type, boolean removable, Function<T, List<?>> pieces) {
    this.key = key;
    this.type = type;
    this.removable = removable;
    this.pieces = pieces;
    LIST.add(this);
  }

  private static <T> Part<T> technique(String key, Class<T> type) {
    return new Part<>(key, type, true, List::of);
  }

  private static <T> Part<T> setting(String key, Class<T> type) {
    return new Part<>(key, type, false, List::of);
  }

  static Type listOf(Class<?> type) {
    return TypeFactory.defaultInstance().constructCollectionType(List.class, type);
  }

  /** Its name in JSON, which must not change: files and hashes depend on it. */
  String key() {
    return key;
  }

  Type type() {
    return type;
  }

  /** Whether an ablation may remove it from a recipe to measure its gain. */
  boolean removable() {
    return removable;
  }

  /**
   * What is set by a method of its own: the value itself, or each element of a value that is a
   * list.
   */
  List<?> pieces(T value) {
    return pieces.apply(value);
  }

  @Override
  public String toString() {
    return key;
  }
}
