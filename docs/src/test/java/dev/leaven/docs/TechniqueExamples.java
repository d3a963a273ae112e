package dev.leaven.docs;

import dev.leaven.runtime.Technique;
import dev.leaven.runtime.data.FractionSplit;
import dev.leaven.runtime.data.GroupSplit;
import dev.leaven.runtime.data.KFold;
import dev.leaven.runtime.data.ListSplit;
import dev.leaven.runtime.data.Repeated;
import dev.leaven.runtime.evaluate.TestTimeAugmentation;
import dev.leaven.runtime.loss.ClassWeights;
import dev.leaven.runtime.loss.LabelSmoothing;
import dev.leaven.runtime.loss.TargetScale;
import dev.leaven.runtime.optimize.Adam;
import dev.leaven.runtime.optimize.ClipValue;
import dev.leaven.runtime.optimize.Cosine;
import dev.leaven.runtime.optimize.Lookahead;
import dev.leaven.runtime.optimize.Polynomial;
import dev.leaven.runtime.optimize.Sam;
import dev.leaven.runtime.optimize.Sgd;
import dev.leaven.runtime.optimize.WarmRestarts;
import dev.leaven.runtime.optimize.WarmUp;
import dev.leaven.runtime.plan.EarlyStopping;
import dev.leaven.runtime.plan.TimeLimit;
import dev.leaven.runtime.transform.Normalize;
import dev.leaven.runtime.transform.RandomResizedCrop;
import java.lang.reflect.Constructor;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A usual setting of each technique; only those are written here that must be told something. */
final class TechniqueExamples {

  private static final Map<Class<?>, Technique> WRITTEN =
      Stream.of(
              new TestTimeAugmentation(4),
              Normalize.imagenet(),
              RandomResizedCrop.from(0.35),
              new EarlyStopping(3),
              new TimeLimit(90),
              ClassWeights.balanced(),
              new TargetScale(List.of(40.0), List.of(12.5)),
              new LabelSmoothing(0.1),
              new Repeated(3),
              new GroupSplit(0.2, "^(\\w+)_"),
              new KFold(5, 0),
              new FractionSplit(0.2),
              ListSplit.of("valid.txt"),
              new WarmUp(0.1, new Cosine()),
              new ClipValue(0.5),
              new WarmRestarts(3, 1),
              new Lookahead(new Adam()),
              new Sam(new Sgd(0.9)),
              new Polynomial(2))
          .collect(Collectors.toMap(Technique::getClass, Function.identity()));

  /** How a data source says the ways to divide images, in Java. */
  static final Map<Class<?>, String> SPLITS =
      Map.of(
          GroupSplit.class, "new GroupSplit(0.2, \"^(\\\\w+)_\")",
          KFold.class, "new KFold(5, 0)",
          FractionSplit.class, "new FractionSplit(0.2)",
          ListSplit.class, "ListSplit.of(\"valid.txt\")");

  private TechniqueExamples() {}

  static Technique of(Class<?> type) {
    Technique written = WRITTEN.get(type);
    if (written != null) {
      return written;
    }
    try {
      Constructor<?> usual = type.getConstructor();
      return (Technique) usual.newInstance();
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(
          "%s must be told something; enter a usual setting of it in TechniqueExamples"
              .formatted(type.getSimpleName()),
          e);
    }
  }
}
