package dev.leaven.dsl;

import dev.leaven.runtime.Check;
import dev.leaven.runtime.Technique;
import dev.leaven.runtime.data.Balanced;
import dev.leaven.runtime.data.DecodedCache;
import dev.leaven.runtime.data.Repeated;
import dev.leaven.runtime.data.Sampling;
import dev.leaven.runtime.evaluate.TestTimeAugmentation;
import dev.leaven.runtime.mix.CutMix;
import dev.leaven.runtime.mix.MixUp;
import dev.leaven.runtime.mix.MixUpOrCutMix;
import dev.leaven.runtime.mix.Mixing;
import dev.leaven.runtime.optimize.Averaging;
import dev.leaven.runtime.optimize.ClipNorm;
import dev.leaven.runtime.optimize.FlatCosine;
import dev.leaven.runtime.optimize.FrozenNorms;
import dev.leaven.runtime.optimize.MovingAverage;
import dev.leaven.runtime.optimize.OneCycle;
import dev.leaven.runtime.optimize.Schedule;
import dev.leaven.runtime.optimize.StochasticAverage;
import dev.leaven.runtime.optimize.WarmRestarts;
import dev.leaven.runtime.plan.EarlyStopping;
import dev.leaven.runtime.plan.Stopping;
import dev.leaven.runtime.plan.TimeLimit;
import dev.leaven.runtime.transform.AutoAugment;
import dev.leaven.runtime.transform.Brightness;
import dev.leaven.runtime.transform.Contrast;
import dev.leaven.runtime.transform.CutOut;
import dev.leaven.runtime.transform.Dihedral;
import dev.leaven.runtime.transform.Erasing;
import dev.leaven.runtime.transform.GaussianBlur;
import dev.leaven.runtime.transform.Geometry;
import dev.leaven.runtime.transform.ItemResize;
import dev.leaven.runtime.transform.ItemResize.Padding;
import dev.leaven.runtime.transform.Lighting;
import dev.leaven.runtime.transform.Normalize;
import dev.leaven.runtime.transform.Policy;
import dev.leaven.runtime.transform.RandAugment;
import dev.leaven.runtime.transform.RandomErasing;
import dev.leaven.runtime.transform.RandomResizedCrop;
import dev.leaven.runtime.transform.Rotate;
import dev.leaven.runtime.transform.TrivialAugment;
import dev.leaven.runtime.transform.Warp;
import dev.leaven.runtime.transform.Zoom;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Writes a recipe as the sentence that its user would write, in one order. */
final class Sentence {

  private final StringBuilder text = new StringBuilder();

  private Sentence() {}

  static String of(RecipeParts parts) {
    Sentence sentence = new Sentence();
    sentence.stages(parts.stages);
    sentence.run(parts);
    return sentence.text.toString();
  }

  private void stages(List<StageSpec> stages) {
    for (int i = 0; i < stages.size(); i++) {
      StageSpec stage = stages.get(i);
      boolean tuned = i + 1 < stages.size() && FineTune.is(stage, stages.get(i + 1));
      say(text.isEmpty() ? "resize" : "then", stage.size() + (tuned ? "" : schedule(stage)));
      say("batchSize", stage.batchSize());
      if (tuned) {
        i++;
        say(
            "fineTune",
            "%d, %s".formatted(stages.get(i).epochs(), Check.number(stage.learningRate())));
      } else {
        say("epochs", stage.epochs());
        groups(stage);
      }
    }
  }

  private void groups(StageSpec stage) {
    GroupSpec groups = stage.groups() == null ? GroupSpec.ALIKE : stage.groups();
    if (groups.lowest() < 1 && stage.learningRate() != null) {
      String low = Check.number(groups.lowest() * stage.learningRate());
      say("discriminative", low + ", " + Check.number(stage.learningRate()));
    } else {
      say("learningRate", stage.learningRate());
    }
    say("freeze", groups.frozen() > 0 ? groups.frozen() : null);
    say("freezeNorms", groups.norms() == FrozenNorms.IN_FROZEN_GROUPS ? "" : null);
    say("freezeAllNorms", groups.norms() == FrozenNorms.ALL ? "" : null);
  }

  // The recipe's own schedule() is of the whole run, so a stage's is said within the stage.
  private static String schedule(StageSpec stage) {
    return stage.schedule() == null
        ? ""
        : ", stage -> stage.schedule(%s)".formatted(argument(stage.schedule()));
  }

  private void run(RecipeParts parts) {
    say("model", parts.model);
    if (parts.pretrained != null) {
      say("pretrained", "Path.of(\"%s\")".formatted(parts.pretrained));
    }
    if (parts.itemResize != null) {
      itemResize(parts.itemResize);
    }
    say("presize", parts.presize);
    if (parts.crop != null) {
      say("randomResizedCrop", crop(parts.crop));
    }
    if (parts.flip != null) {
      double probability = parts.flip.probability();
      say(probability == 0 ? "noFlip" : "flip", probability == 0 ? "" : probability);
    }
    if (parts.augmentation != null) {
      augmentation(parts.augmentation);
    }
    policy(parts.policy);
    erasing(parts.erasing);
    say("normalize", parts.normalize);
    say("normalizeFromData", parts.normalizeFromData == null ? null : "");
    mixing(parts.mixing);
    say("mixOffForLast", parts.mixOffForLast);
    say("labelSmoothing", parts.labelSmoothing == null ? null : parts.labelSmoothing.epsilon());
    say("loss", parts.loss);
    if (parts.classWeights != null) {
      List<Double> weights = parts.classWeights.weights();
      say("classWeights", weights.stream().map(Check::number).collect(Collectors.joining(", ")));
    }
    sampling(parts.sampling);
    say("optimizer", parts.optimizer);
    say("weightDecay", parts.weightDecay);
    say("clipGradients", parts.clipping instanceof ClipNorm clip ? clip.maxNorm() : parts.clipping);
    say("accumulate", parts.accumulate);
    say("autoBatchSize", parts.autoBatchSize);
    averaging(parts.averaging);
    schedule(parts.schedule);
    say("warmUp", parts.warmUpEpochs);
    say("warmUp", parts.warmUpShare);
    say("scheduleOverAll", parts.scheduleOverAll == null ? null : "");
    if (parts.stopping != null) {
      parts.stopping.forEach(this::stopping);
    }
    say("precision", parts.precision == null ? null : "Precision." + parts.precision);
    say("lossScale", parts.lossScale);
    if (parts.cache != null) {
      say("cache", parts.cache == DecodedCache.AUTO ? "" : "DecodedCache." + parts.cache);
    }
    if (parts.tta != null) {
      boolean usual =
          parts.tta instanceof TestTimeAugmentation drawn
              && drawn.equals(new TestTimeAugmentation(drawn.passes()));
      say("tta", usual ? parts.tta.views().size() : parts.tta);
    }
    say("evaluateAt", parts.evaluateAt);
    say("seed", parts.seed);
  }

  private void sampling(@Nullable Sampling sampling) {
    if (sampling instanceof Balanced) {
      say("balanced", "");
    } else if (sampling instanceof Repeated repeated) {
      say("repeat", repeated.times());
    } else {
      say("sampling", sampling);
    }
  }

  private void averaging(@Nullable Averaging averaging) {
    if (averaging instanceof MovingAverage ema) {
      say("ema", ema.equals(new MovingAverage()) ? "" : ema.halfLife());
    } else if (new StochasticAverage().equals(averaging)) {
      say("swa", "");
    } else {
      say("averaging", averaging);
    }
  }

  private void stopping(Stopping rule) {
    if (rule instanceof EarlyStopping early && early.equals(new EarlyStopping(early.patience()))) {
      say("earlyStopping", early.patience());
    } else if (rule instanceof TimeLimit limit) {
      say("timeLimit", limit.minutes());
    } else {
      say("stopping", rule);
    }
  }

  private void policy(@Nullable Policy policy) {
    if (policy instanceof RandAugment rand) {
      boolean usual = rand.equals(new RandAugment());
      say("randAugment", usual ? "" : rand.numOps() + ", " + rand.magnitude());
    } else if (policy instanceof TrivialAugment) {
      say("trivialAugment", "");
    } else if (policy instanceof AutoAugment) {
      say("autoAugment", "");
    } else {
      say("policy", policy);
    }
  }

  private void erasing(@Nullable Erasing erasing) {
    if (erasing instanceof RandomErasing random
        && random.equals(new RandomErasing(random.probability()))) {
      say("erase", random.probability());
    } else if (erasing instanceof CutOut cut && cut.equals(new CutOut(cut.share()))) {
      say("cutout", cut.equals(new CutOut()) ? "" : cut.share());
    } else {
      say("erase", erasing);
    }
  }

  private void itemResize(ItemResize resize) {
    switch (resize.method()) {
      case CROP -> say("itemResize", resize);
      case SQUISH -> say("squish", "");
      case PAD ->
          say("pad", resize.equals(ItemResize.pad(Padding.REFLECTION)) ? "" : resize.padding());
    }
  }

  // The short word where it makes the same value, else the technique with all that it is given.
  private void mixing(@Nullable Mixing mixing) {
    if (mixing instanceof MixUp up && up.equals(new MixUp(up.alpha()))) {
      say("mixup", up.equals(new MixUp()) ? "" : up.alpha());
    } else if (mixing instanceof CutMix cut && cut.equals(new CutMix(cut.alpha()))) {
      say("cutmix", cut.equals(new CutMix()) ? "" : cut.alpha());
    } else if (mixing instanceof MixUpOrCutMix either && plain(either)) {
      double up = either.mixUp().alpha();
      double cut = either.cutMix().alpha();
      String all =
          Stream.of(up, cut, either.odds()).map(Check::number).collect(Collectors.joining(", "));
      say("mixupOrCutmix", either.equals(new MixUpOrCutMix()) ? "" : all);
    } else {
      say("mixing", mixing);
    }
  }

  private void schedule(@Nullable Schedule schedule) {
    if (new OneCycle().equals(schedule)) {
      say("oneCycle", "");
    } else if (new FlatCosine().equals(schedule)) {
      say("flatCosine", "");
    } else if (schedule instanceof WarmRestarts r && r.decay() == 1) {
      say("warmRestarts", "%d, %d, %d".formatted(r.cycles(), r.length(), r.multiplier()));
    } else {
      say("schedule", schedule);
    }
  }

  private static boolean plain(MixUpOrCutMix either) {
    MixUp up = either.mixUp();
    CutMix cut = either.cutMix();
    return up.equals(new MixUp(up.alpha())) && cut.equals(new CutMix(cut.alpha()));
  }

  // augment() where all that it says is there, and then only what differs from it.
  private void augmentation(Augmentation augmentation) {
    boolean all = augmentation.usual().sameKinds(augmentation);
    if (all) {
      say("augment", "");
    }
    Augmentation said = all ? Augmentation.none().usual() : Augmentation.none();
    for (Geometry technique : augmentation.geometry()) {
      if (!said.geometry().contains(technique)) {
        geometry(technique);
      }
    }
    List<Lighting> lighting = new ArrayList<>(augmentation.lighting());
    lighting.removeAll(said.lighting());
    for (Lighting technique : lighting) {
      if (technique instanceof Brightness brightness
          && lighting.contains(new Contrast(brightness.maxChange()))
          && technique.equals(new Brightness(brightness.maxChange()))) {
        say("lighting", brightness.maxChange());
      } else if (technique instanceof GaussianBlur blur
          && blur.equals(new GaussianBlur(blur.maxSigma()))) {
        say("gaussianBlur", blur.maxSigma());
      } else if (!(technique instanceof Contrast contrast
          && contrast.equals(new Contrast(contrast.maxChange()))
          && lighting.contains(new Brightness(contrast.maxChange())))) {
        say("lighting", technique);
      }
    }
  }

  private void geometry(Geometry technique) {
    if (technique instanceof Rotate t && t.equals(new Rotate(t.maxDegrees()))) {
      say("rotate", t.maxDegrees());
    } else if (technique instanceof Warp t && t.equals(new Warp(t.magnitude()))) {
      say("warp", t.magnitude());
    } else if (technique instanceof Zoom t && t.equals(new Zoom(t.min(), t.max()))) {
      say("zoom", Check.number(t.min()) + ", " + Check.number(t.max()));
    } else if (technique instanceof Dihedral t) {
      say("dihedral", t.probability());
    } else {
      say("geometry", technique);
    }
  }

  private void say(String method, @Nullable Object argument) {
    if (argument != null) {
      text.append(text.isEmpty() ? "" : ".");
      text.append(method).append('(').append(argument(argument)).append(')');
    }
  }

  private static Object crop(RandomResizedCrop crop) {
    if (crop.equals(RandomResizedCrop.presized())) {
      return "RandomResizedCrop.presized()";
    }
    return crop.equals(RandomResizedCrop.from(crop.minScale())) ? crop.minScale() : crop;
  }

  static String argument(@Nullable Object value) {
    if (value == null) {
      return "null";
    }
    if (value instanceof Double number) {
      return Check.number(number);
    }
    if (value instanceof Long number) {
      return number.intValue() == number ? number.toString() : number + "L";
    }
    if (value instanceof List<?> list) {
      return list.stream()
          .map(Sentence::argument)
          .collect(Collectors.joining(", ", "List.of(", ")"));
    }
    if (value instanceof Enum<?> word) {
      Class<?> type = word.getDeclaringClass();
      String nested = type.getName().substring(type.getPackageName().length() + 1);
      return nested.replace('$', '.') + "." + word.name();
    }
    if (value.equals(Normalize.imagenet())) {
      return "Normalize.imagenet()";
    }
    if (value instanceof Technique && value instanceof Record record) {
      return Spelling.of(record);
    }
    return value.toString();
  }
}
