package dev.leaven.runtime.train;

import dev.leaven.runtime.data.ImageData;
import dev.leaven.runtime.data.Samples;
import dev.leaven.runtime.data.UnusableImages;
import dev.leaven.runtime.run.DamagedFile;
import dev.leaven.runtime.run.DamagedFile.Part;
import dev.leaven.runtime.run.TrainingException;
import dev.leaven.runtime.run.TrainingListener;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * The damaged files that a run knows of, and what happens in their place.
 *
 * <p>A damaged training image is replaced by the next one of the epoch's order that is not damaged;
 * a damaged validation image is left out. Either way a batch without damaged images stays what it
 * is, whatever is found later: a run gives the same numbers whenever it finds its damaged files.
 */
final class CorruptFiles {

  // Less than this is no sign that a whole disk or copy is bad, however small the part.
  private static final int FEW = 3;

  private final Map<Part, Samples> samples;
  private final Map<Part, SortedMap<Integer, DamagedFile>> found = new EnumMap<>(Part.class);
  private final TrainingListener listener;

  /**
   * Begins with what earlier processes found.
   *
   * @param listener hears of each file that is found from now on
   */
  CorruptFiles(ImageData data, List<DamagedFile> known, TrainingListener listener) {
    this(Map.of(Part.TRAINING, data.train(), Part.VALIDATION, data.valid()), known, listener);
  }

  /**
   * Begins with nothing.
   *
   * @param evaluated images that are evaluated and not trained on
   * @param listener hears of each file that is found from now on
   */
  CorruptFiles(Samples evaluated, TrainingListener listener) {
    this(Map.of(Part.VALIDATION, evaluated), List.of(), listener);
  }

  private CorruptFiles(
      Map<Part, Samples> samples, List<DamagedFile> known, TrainingListener listener) {
    this.samples = samples;
    this.listener = listener;
    for (Part part : Part.values()) {
      found.put(part, new TreeMap<>());
    }
    known.forEach(file -> found.get(file.part()).put(file.index(), file));
  }

  /** All damaged files that are known, in the order of their part and index. */
  List<DamagedFile> files() {
    return found.values().stream().flatMap(files -> files.values().stream()).toList();
  }

  Samples samples(Part part) {
    return samples.get(part);
  }

  /**
   * An order in which no damaged image is left.
   *
   * @param whole the order as it would be
   * @return for training as long as that, with each damaged image replaced; for validation without
   *     the damaged images
   */
  int[] avoided(Part part, int[] whole) {
    SortedMap<Integer, DamagedFile> damaged = found.get(part);
    if (damaged.isEmpty()) {
      return whole;
    }
    if (part == Part.VALIDATION) {
      return IntStream.of(whole).filter(index -> !damaged.containsKey(index)).toArray();
    }
    int[] avoided = whole.clone();
    for (int place = 0; place < whole.length; place++) {
      // An order that is sampled could be of damaged images alone; a step will then say so.
      for (int ahead = 0; ahead < whole.length; ahead++) {
        int image = whole[(place + ahead) % whole.length];
        if (!damaged.containsKey(image)) {
          avoided[place] = image;
          break;
        }
      }
    }
    return avoided;
  }

  /**
   * Remembers damaged files.
   *
   * @param problems what is wrong with each, by index
   * @return whether any of them was not known
   * @throws TrainingException when it is too many to go on
   */
  boolean add(Part part, Map<Integer, String> problems) {
    Samples.Files files = (Samples.Files) samples.get(part);
    List<DamagedFile> fresh = new ArrayList<>();
    problems.forEach(
        (index, problem) -> {
          DamagedFile file = new DamagedFile(part, index, files.paths().get(index), problem);
          if (found.get(part).putIfAbsent(index, file) == null) {
            fresh.add(file);
          }
        });
    refuseMany(part);
    fresh.sort(Comparator.comparing(DamagedFile::index));
    if (!fresh.isEmpty()) {
      listener.onDamaged(List.copyOf(fresh));
    }
    return !fresh.isEmpty();
  }

  private void refuseMany(Part part) {
    UnusableImages damaged = new UnusableImages(found.get(part).size(), samples.get(part).size());
    boolean few = damaged.count() <= FEW || !damaged.tooMany();
    if (few && damaged.count() < damaged.total()) {
      return;
    }
    throw new TrainingException(
        ("%d of %d %s images (%s %%) cannot be loaded so far, where at most 1 %% is tolerated:"
                + " %s; replace or delete them and train again")
            .formatted(
                damaged.count(),
                damaged.total(),
                part,
                damaged.percent(),
                damaged.named(found.get(part).values().stream().map(DamagedFile::describe))),
        null);
  }
}
