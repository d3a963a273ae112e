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
 * The known damaged files of a run, and their replacements.
 *
 * <p>A damaged training image is replaced by the next undamaged one of the epoch's order; a damaged
 * validation image is left out. Either way later discoveries do not change a batch without damaged
 * images: a run gives the same numbers whenever it finds its damaged files.
 */
final class CorruptFiles {

  // Fewer files than this are no sign that a whole disk or copy is bad, however small the part.
  private static final int FEW = 3;

  private final Map<Part, Samples> samples;
  private final Map<Part, SortedMap<Integer, DamagedFile>> found = new EnumMap<>(Part.class);
  private final TrainingListener listener;

  /**
   * Begins with the damaged files that earlier processes found.
   *
   * @param listener receives each file that is found from now on
   */
  CorruptFiles(ImageData data, List<DamagedFile> known, TrainingListener listener) {
    this(Map.of(Part.TRAINING, data.train(), Part.VALIDATION, data.valid()), known, listener);
  }

  /**
   * Begins without known damaged files.
   *
   * @param evaluated images that are evaluated and not trained on
   * @param listener receives each file that is found from now on
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

  /** All known damaged files, in the order of their part and index. */
  List<DamagedFile> files() {
    return found.values().stream().flatMap(files -> files.values().stream()).toList();
  }

  Samples samples(Part part) {
    return samples.get(part);
  }

  /**
   * An order without damaged images.
   *
   * @param whole the original order
   * @return for training an order of the same length, with each damaged image replaced; for
   *     validation without the damaged images
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
      // A sampled order could consist of damaged images alone; a step then reports this.
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
   * Adds damaged files.
   *
   * @param problems the problem of each, by index
   * @return whether any of them was not known before
   * @throws TrainingException when there are too many to continue
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
