package dev.leaven.runtime.evaluate;

import dev.leaven.runtime.Check;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** Gathers the metrics of a task into an {@link Evaluation}. */
final class Evaluating {

  private static final int MOST_NAMED = 5;

  /** A confusion matrix of more classes has over 16 million numbers. */
  private static final int MOST_CONFUSED = 4000;

  /** Rounding leaves sums of probabilities nearer to 1 than this; a maximum over views does not. */
  private static final double SUM_TOLERANCE = 1e-3;

  private final Predictions predictions;
  private final int images;
  private final Map<Metric, Estimate> metrics = new EnumMap<>(Metric.class);
  private final List<String> notes = new ArrayList<>();

  private Evaluating(Predictions predictions) {
    this.predictions = predictions;
    images = predictions.size();
  }

  static Evaluation of(Predictions predictions, int... ks) {
    Arrays.stream(ks).forEach(k -> Check.atLeast("evaluate", "k", k, 1));
    if (predictions.size() == 0) {
      throw new IllegalArgumentException("evaluate: there are no images to evaluate");
    }
    requireNumbers(predictions.answers());
    Evaluating evaluating = new Evaluating(predictions);
    return switch (predictions.task()) {
      case CLASSIFICATION -> evaluating.labels(ks);
      case MULTI_LABEL -> evaluating.rows();
      case REGRESSION -> evaluating.numbers();
    };
  }

  private static void requireNumbers(float[][] answers) {
    long broken =
        Arrays.stream(answers)
            .filter(row -> IntStream.range(0, row.length).anyMatch(k -> !Float.isFinite(row[k])))
            .count();
    if (broken > 0) {
      throw new IllegalArgumentException(
          ("evaluate: the answers to %d of %d images are not finite numbers, so they cannot be"
                  + " evaluated; choose another checkpoint, or train with a lower learning rate")
              .formatted(broken, answers.length));
    }
  }

  private Evaluation labels(int[] ks) {
    List<String> names = predictions.classNames();
    int[] labels = IntStream.range(0, images).map(predictions::label).toArray();
    int[] predicted = IntStream.range(0, images).map(predictions::predicted).toArray();
    metrics.put(Metric.TOP1, top(1));
    metrics.put(Metric.TOP5, top(5));
    ClassAgreement agreement = new ClassAgreement(names.size(), labels, predicted);
    Ranking ranking = Ranking.ofLabels(predictions.answers(), labels);
    add(agreement);
    add(ranking);
    Optional<Calibration> calibration = Optional.empty();
    if (sumToOne()) {
      ProbabilityError errors = new ProbabilityError(predictions.answers(), labels, predicted);
      add(errors);
      calibration = Optional.of(errors.calibration());
    } else {
      notes.add(
          "the answers do not sum to 1, as a maximum over views does not, so there is no Brier"
              + " score and no calibration");
    }
    List<TopK> topK =
        Arrays.stream(ks)
            .filter(k -> k != 1 && k != 5)
            .sorted()
            .distinct()
            .mapToObj(k -> new TopK(k, top(k)))
            .toList();
    Arrays.stream(ks)
        .filter(k -> k > names.size())
        .forEach(
            k -> notes.add("top-%d is 1, as there are only %d classes".formatted(k, names.size())));
    return evaluation(
        topK,
        classes(agreement.agreement(once()), ranking),
        List.of(),
        confusion(names, labels, predicted),
        calibration);
  }

  private Optional<ConfusionMatrix> confusion(List<String> names, int[] labels, int[] predicted) {
    if (names.size() > MOST_CONFUSED) {
      notes.add(
          "there is no confusion matrix, as it is for at most %,d classes"
              .formatted(MOST_CONFUSED));
      return Optional.empty();
    }
    return Optional.of(ConfusionMatrix.of(names, labels, predicted));
  }

  private Evaluation rows() {
    LabelSets sets = new LabelSets(predictions.answers(), predictions.targets());
    Ranking ranking = Ranking.ofRows(predictions.answers(), predictions.targets());
    metrics.put(Metric.EXACT_MATCH, Estimate.share(sets.exact(), images));
    add(sets);
    add(ranking);
    return evaluation(
        List.of(),
        classes(sets.agreement(once()), ranking),
        List.of(),
        Optional.empty(),
        Optional.empty());
  }

  private Evaluation numbers() {
    NumberErrors errors = new NumberErrors(predictions.answers(), predictions.targets());
    add(errors);
    return evaluation(
        List.of(),
        List.of(),
        errors.scores(predictions.classNames()),
        Optional.empty(),
        Optional.empty());
  }

  private int[] once() {
    return Bootstrap.once(images);
  }

  private Estimate top(int k) {
    int hits = 0;
    for (int i = 0; i < images; i++) {
      hits += LabelScorer.before(predictions.answers()[i], predictions.label(i)) < k ? 1 : 0;
    }
    return Estimate.share(hits, images);
  }

  private boolean sumToOne() {
    for (float[] row : predictions.answers()) {
      double sum = 0;
      for (float answer : row) {
        sum += answer;
      }
      if (Math.abs(sum - 1) > SUM_TOLERANCE) {
        return false;
      }
    }
    return true;
  }

  private void add(Family family) {
    List<Estimate> estimates = Bootstrap.estimates(images, family);
    for (int m = 0; m < estimates.size(); m++) {
      Metric metric = family.metrics().get(m);
      if (Double.isFinite(estimates.get(m).value())) {
        metrics.put(metric, told(estimates.get(m)));
      } else {
        notes.add("there is no %s, because %s".formatted(metric.label(), reason(metric)));
      }
    }
    if (!Bootstrap.affords(family.work())) {
      notes.add(
          "%s: no intervals, because resampling %,d answers a thousand times takes too long"
              .formatted(
                  String.join(", ", family.metrics().stream().map(Metric::label).toList()),
                  family.work()));
    }
  }

  // If all images are alike, all resamples are alike too and show nothing about other images.
  private static Estimate told(Estimate estimate) {
    return new Estimate(estimate.value(), estimate.interval().filter(i -> i.low() < i.high()));
  }

  private static String reason(Metric metric) {
    return switch (metric) {
      case KAPPA -> "all images and all answers are of one class";
      case AVERAGE_PRECISION, AVERAGE_PRECISION_MICRO -> "no image has any class";
      default -> "there is no class that some images have and others have not";
    };
  }

  private List<ClassScores> classes(Agreement agreement, Ranking ranking) {
    List<RankedAnswers.Areas> areas = ranking.each(once());
    List<ClassScores> classes = new ArrayList<>();
    List<String> absent = new ArrayList<>();
    for (int k = 0; k < areas.size(); k++) {
      int there = (int) agreement.truth()[k];
      if (there == 0) {
        absent.add(predictions.classNames().get(k));
      }
      classes.add(
          new ClassScores(
              predictions.classNames().get(k),
              there,
              (int) agreement.said()[k],
              agreement.precision(k),
              agreement.recall(k),
              there == 0
                  ? Optional.empty()
                  : Optional.of(Interval.wilson(agreement.hits()[k], there)),
              agreement.f1(k),
              defined(areas.get(k).roc()),
              defined(areas.get(k).precision())));
    }
    if (!absent.isEmpty()) {
      notes.add(
          "no image has the %s, so %s ROC AUC and average precision are left out of the means"
              .formatted(listed(absent), absent.size() == 1 ? "its" : "their"));
    }
    return classes;
  }

  private static Optional<Double> defined(double value) {
    return Double.isFinite(value) ? Optional.of(value) : Optional.empty();
  }

  private static String listed(List<String> absent) {
    String named = String.join(", ", absent.subList(0, Math.min(MOST_NAMED, absent.size())));
    int more = absent.size() - MOST_NAMED;
    return (absent.size() == 1 ? "class " : "classes ")
        + named
        + (more > 0 ? " and %d more".formatted(more) : "");
  }

  private Evaluation evaluation(
      List<TopK> topK,
      List<ClassScores> classes,
      List<NumberScores> numbers,
      Optional<ConfusionMatrix> confusion,
      Optional<Calibration> calibration) {
    List<Estimate> losses =
        Bootstrap.estimates(
            images,
            counts ->
                new double[] {
                  mean(predictions.losses(), counts), mean(predictions.plainLosses(), counts)
                });
    return new Evaluation(
        predictions.task(),
        predictions.classNames(),
        images,
        losses.get(0),
        losses.get(1),
        metrics,
        topK,
        classes,
        numbers,
        confusion,
        calibration,
        notes);
  }

  private static double mean(float[] losses, int[] counts) {
    double sum = 0;
    long images = 0;
    for (int i = 0; i < losses.length; i++) {
      sum += (double) counts[i] * losses[i];
      images += counts[i];
    }
    return sum / images;
  }
}
