package dev.leaven.dsl;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.JsonInclude;
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
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a recipe says, part by part; null is what it leaves unsaid. These fields are its JSON form.
 * A recipe changes its parts only while it makes a copy of them.
 */
@JsonAutoDetect(
    fieldVisibility = JsonAutoDetect.Visibility.ANY,
    getterVisibility = JsonAutoDetect.Visibility.NONE,
    isGetterVisibility = JsonAutoDetect.Visibility.NONE)
@JsonInclude(JsonInclude.Include.NON_NULL)
final class RecipeParts {

  List<StageSpec> stages = List.of();
  @Nullable Architecture model;
  @Nullable Path pretrained;
  @Nullable ItemResize itemResize;
  @Nullable Integer presize;
  @Nullable RandomResizedCrop crop;
  @Nullable Flip flip;
  @Nullable Augmentation augmentation;
  @Nullable Policy policy;
  @Nullable Erasing erasing;
  @Nullable Normalize normalize;
  @Nullable Boolean normalizeFromData;
  @Nullable Mixing mixing;
  @Nullable Integer mixOffForLast;
  @Nullable LabelSmoothing labelSmoothing;
  @Nullable Loss loss;
  @Nullable ClassWeights classWeights;
  @Nullable Sampling sampling;
  @Nullable Optimizer optimizer;
  @Nullable Double weightDecay;
  @Nullable Clipping clipping;
  @Nullable Integer accumulate;
  @Nullable Boolean autoBatchSize;
  @Nullable Averaging averaging;
  @Nullable Schedule schedule;
  @Nullable Integer warmUpEpochs;
  @Nullable Double warmUpShare;
  @Nullable Boolean scheduleOverAll;
  @Nullable List<Stopping> stopping;
  @Nullable Precision precision;
  @Nullable LossScale lossScale;
  @Nullable DecodedCache cache;
  @Nullable TestTimeViews tta;
  @Nullable Integer evaluateAt;
  @Nullable Long seed;

  RecipeParts copy() {
    RecipeParts copy = new RecipeParts();
    copy.stages = stages;
    copy.model = model;
    copy.pretrained = pretrained;
    copy.itemResize = itemResize;
    copy.presize = presize;
    copy.crop = crop;
    copy.flip = flip;
    copy.augmentation = augmentation;
    copy.policy = policy;
    copy.erasing = erasing;
    copy.normalize = normalize;
    copy.normalizeFromData = normalizeFromData;
    copy.mixing = mixing;
    copy.mixOffForLast = mixOffForLast;
    copy.labelSmoothing = labelSmoothing;
    copy.loss = loss;
    copy.classWeights = classWeights;
    copy.sampling = sampling;
    copy.optimizer = optimizer;
    copy.weightDecay = weightDecay;
    copy.clipping = clipping;
    copy.accumulate = accumulate;
    copy.autoBatchSize = autoBatchSize;
    copy.averaging = averaging;
    copy.schedule = schedule;
    copy.warmUpEpochs = warmUpEpochs;
    copy.warmUpShare = warmUpShare;
    copy.scheduleOverAll = scheduleOverAll;
    copy.stopping = stopping;
    copy.precision = precision;
    copy.lossScale = lossScale;
    copy.cache = cache;
    copy.tta = tta;
    copy.evaluateAt = evaluateAt;
    copy.seed = seed;
    return copy;
  }

  private List<@Nullable Object> all() {
    return Arrays.asList(
        stages,
        model,
        pretrained,
        itemResize,
        presize,
        crop,
        flip,
        augmentation,
        policy,
        erasing,
        normalize,
        normalizeFromData,
        mixing,
        mixOffForLast,
        labelSmoothing,
        loss,
        classWeights,
        sampling,
        optimizer,
        weightDecay,
        clipping,
        accumulate,
        autoBatchSize,
        averaging,
        schedule,
        warmUpEpochs,
        warmUpShare,
        scheduleOverAll,
        stopping,
        precision,
        lossScale,
        cache,
        tta,
        evaluateAt,
        seed);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof RecipeParts parts && all().equals(parts.all());
  }

  @Override
  public int hashCode() {
    return all().hashCode();
  }
}
