package dev.leaven.dsl;

import dev.leaven.dsl.Training.Trained;
import dev.leaven.dsl.Variants.Variant;
import dev.leaven.dsl.ablate.Ablation;
import dev.leaven.dsl.ablate.AblationListener;
import dev.leaven.dsl.ablate.AblationRun;
import dev.leaven.dsl.ablate.Gain;
import dev.leaven.dsl.ablate.Ledger;
import dev.leaven.dsl.ablate.Outcome;
import dev.leaven.runtime.evaluate.Metric;
import dev.leaven.runtime.run.TrainingListener;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import org.tensorflow.TensorFlow;

/**
 * Runs an ablation. All variants are trained with one seed before any is trained with the next:
 * early results are complete for a seed, and a machine that becomes slower affects all variants.
 */
final class AblationRuns {

  private static final int TIMED_EPOCHS = 2;

  private final Recipe recipe;
  private final Ablation ablation;
  private final AblationFiles files;
  private final Training training;
  private final AblationListener listener;
  private final List<Long> seeds;
  private Variants variants;
  private final Map<Path, Trained> done = new HashMap<>();
  private double secondsHere;
  private double costHere;

  AblationRuns(
      Recipe recipe,
      Ablation ablation,
      Variants variants,
      Path directory,
      Training training,
      AblationListener listener) {
    this.recipe = recipe;
    this.ablation = ablation;
    this.files = new AblationFiles(directory, variants.data().source());
    this.training = training;
    this.listener = listener;
    this.variants = variants;
    this.seeds = variants.seeds(recipe);
  }

  /** Trains what is missing; the ledger has fewer outcomes if it was asked to stop. */
  Ledger carryOut() {
    files.requireOwn();
    int runs = seeds.size() * variants.trained().size();
    listener.onStart(variants.describe(recipe), files.directory(), finished(), runs);
    boolean complete = (!ablation.equalSeconds() || fitEpochs()) && trainAll(runs);
    Ledger ledger = ledger();
    if (complete) {
      listener.onEnd(ledger, files.directory());
    }
    return ledger;
  }

  // With equal seconds the recipes of the runs are not known yet, so nothing is counted.
  private int finished() {
    if (ablation.equalSeconds()) {
      return 0;
    }
    int finished = 0;
    for (long seed : seeds) {
      for (Variant variant : variants.trained()) {
        finished +=
            files.outcome(path(variant, seed), variant.recipe().seed(seed)).isPresent() ? 1 : 0;
      }
    }
    return finished;
  }

  private boolean trainAll(int runs) {
    int number = 0;
    for (long seed : seeds) {
      for (Variant variant : variants.trained()) {
        number++;
        Recipe seeded = variant.recipe().seed(seed);
        Path path = path(variant, seed);
        Optional<Trained> trained = files.outcome(path, seeded);
        if (trained.isEmpty()) {
          trained =
              train(
                  new AblationRun(number, runs, variant.label(), seed, left(number)), seeded, path);
          if (trained.isEmpty()) {
            return false;
          }
        }
        done.put(path, trained.get());
        files.write(ledger());
      }
    }
    return true;
  }

  private Optional<Trained> train(AblationRun ablationRun, Recipe seeded, Path path) {
    long begin = System.nanoTime();
    // Reported from within the run: while the process is ending, nothing after the run is
    // guaranteed to execute.
    TrainingListener stopped =
        new TrainingListener() {
          @Override
          public void onInterrupted(Path run, int epoch, int step) {
            listener.onInterrupted(files.directory());
          }
        };
    Optional<Trained> trained =
        training.train(seeded, path, List.of(listener.onRun(ablationRun), stopped));
    if (trained.isPresent()) {
      files.keep(path, trained.get(), ablation.keepWeights());
      secondsHere += (System.nanoTime() - begin) / 1e9;
      costHere += variants.cost(seeded);
      AblationRun after =
          new AblationRun(
              ablationRun.number(),
              ablationRun.runs(),
              ablationRun.variant(),
              ablationRun.seed(),
              left(ablationRun.number() + 1));
      listener.onRunEnd(after, words(trained.get()), trained.get().allSeconds());
    }
    return trained;
  }

  // Treats each run from this number on as missing: the existing runs come first.
  private OptionalDouble left(int number) {
    if (costHere == 0) {
      return OptionalDouble.empty();
    }
    List<Variant> trained = variants.trained();
    double cost =
        IntStream.range(number - 1, seeds.size() * trained.size())
            .mapToDouble(i -> variants.cost(trained.get(i % trained.size()).recipe()))
            .sum();
    return OptionalDouble.of(secondsHere / costHere * cost);
  }

  private Path path(Variant variant, long seed) {
    return files.run(variant.folder(), "seed-" + seed);
  }

  /** Times two epochs of each stage of each variant; false if it was asked to stop. */
  private boolean fitEpochs() {
    List<Variant> trained = variants.trained();
    Map<String, List<Integer>> epochs = new HashMap<>();
    double seconds = 0;
    for (int i = 0; i < trained.size(); i++) {
      Variant variant = trained.get(i);
      Recipe timed = timed(variant.recipe()).seed(seeds.get(0));
      Path path = files.run(variant.folder(), "timed");
      Optional<Trained> pilot = files.outcome(path, timed);
      if (pilot.isEmpty()) {
        AblationRun ablationRun =
            new AblationRun(
                i + 1,
                trained.size(),
                "timing " + variant.label(),
                seeds.get(0),
                OptionalDouble.empty());
        pilot = train(ablationRun, timed, path);
        if (pilot.isEmpty()) {
          return false;
        }
      }
      List<Integer> own = epochs(variant.recipe());
      List<Double> quickest = pilot.get().quickest();
      double all =
          IntStream.range(0, own.size()).mapToDouble(k -> own.get(k) * quickest.get(k)).sum();
      seconds = i == 0 ? all : seconds;
      int total = own.stream().mapToInt(Integer::intValue).sum();
      int fitting = (int) Math.max(own.size(), Math.floor(total * seconds / all + 1e-9));
      epochs.put(variant.folder(), Variants.divide(fitting, own));
    }
    secondsHere = 0; // a short run costs a different time per pixel
    costHere = 0;
    variants = variants.withEpochs(epochs);
    return true;
  }

  private List<Integer> epochs(Recipe of) {
    return variants.sketch(of).stages().stream().map(stage -> stage.epochs()).toList();
  }

  private static Recipe timed(Recipe of) {
    return of.with(of.stages().stream().map(stage -> stage.epochs(TIMED_EPOCHS)).toList())
        .without(
            Part.TTA, Part.MIX_OFF_FOR_LAST, Part.STOPPING, Part.SCHEDULE, Part.WARM_UP_EPOCHS);
  }

  private Ledger ledger() {
    Metric metric = Metric.of(variants.data().task()).get(0);
    List<Ledger.Entry> entries = variants.all().stream().map(this::entry).toList();
    List<Ledger.Row> rows = Ledger.rows(ablation, metric, entries);
    boolean adds = ablation.mode() == Ablation.Mode.ADD && entries.size() > 2;
    Optional<Gain> together =
        adds
            ? Ledger.gain(metric, entries.get(0), entries.get(entries.size() - 1))
            : Optional.empty();
    return new Ledger(
        recipe.toString(),
        recipe.hash(),
        variants.data().source().describe(),
        variants.data().train().size(),
        done.values().stream()
            .mapToInt(Trained::images)
            .findFirst()
            .orElse(variants.data().valid().size()),
        environment(),
        ablation,
        metric,
        seeds,
        entries.size(),
        rows,
        together);
  }

  private Ledger.Entry entry(Variant variant) {
    List<Outcome> outcomes = new ArrayList<>();
    for (long seed : seeds) {
      Trained trained = done.get(path(variant, seed));
      if (trained != null) {
        outcomes.add(
            new Outcome(
                seed,
                trained.recipeHash(),
                variant.augmented() ? trained.augmented().orElseThrow() : trained.plain(),
                trained.allSeconds() + (variant.augmented() ? trained.augmentedSeconds() : 0)));
      }
    }
    int epochs = epochs(variant.recipe()).stream().mapToInt(Integer::intValue).sum();
    return new Ledger.Entry(variant.name(), variant.label(), epochs, outcomes);
  }

  private static String words(Trained trained) {
    Metric metric = trained.metric();
    String plain = EpochLines.value(metric, trained.plain());
    String augmented =
        trained.augmented().isEmpty()
            ? ""
            : " plain, %s with test-time augmentation"
                .formatted(EpochLines.value(metric, trained.augmented().getAsDouble()));
    return "%s %s%s".formatted(metric.label(), plain, augmented);
  }

  private static String environment() {
    String version = AblationRuns.class.getPackage().getImplementationVersion();
    return "Leaven %s, TensorFlow %s, Java %s, %s with %d processors"
        .formatted(
            version == null ? "(not packaged)" : version,
            TensorFlow.version(),
            Runtime.version().feature(),
            System.getProperty("os.arch"),
            Runtime.getRuntime().availableProcessors());
  }
}
