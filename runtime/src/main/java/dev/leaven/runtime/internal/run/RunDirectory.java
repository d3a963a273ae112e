package dev.leaven.runtime.internal.run;

import dev.leaven.runtime.Suggestions;
import dev.leaven.runtime.TechniqueJson;
import dev.leaven.runtime.data.ImageData;
import dev.leaven.runtime.graph.Variables;
import dev.leaven.runtime.internal.plan.Differences;
import dev.leaven.runtime.plan.Plan;
import dev.leaven.runtime.run.Environment;
import dev.leaven.runtime.run.RunException;
import dev.leaven.runtime.run.RunResult;
import dev.leaven.runtime.run.TrainingException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The directory of a run, held by one process at a time.
 *
 * <p>Every file appears under its name only when it is complete and on the disk: it is written
 * under another name next to it, forced, and renamed. Whatever ends the process, the last
 * checkpoint can be resumed.
 */
public final class RunDirectory implements AutoCloseable {

  private static final String LAST = "last";
  private static final String BEST = "best";
  private static final String KEPT = "kept";
  private static final String RECIPE = "recipe.json";
  private static final String ENVIRONMENT = "environment.json";
  private static final String LOCK = ".lock";

  // Where locks belong to processes, opening a lock file that this process holds would release it.
  private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

  private final Path path;
  private final FileChannel lockFile;
  private final FileLock lock;

  private RunDirectory(Path path, FileChannel lockFile, FileLock lock) {
    this.path = path;
    this.lockFile = lockFile;
    this.lock = lock;
  }

  /**
   * Makes the directory of a new run.
   *
   * @throws RunException when the directory holds a run already, or cannot be created
   */
  public static RunDirectory create(Path path, Plan plan) {
    if (Files.isRegularFile(path.resolve(RECIPE))) {
      throw new RunException(taken(path, plan), null);
    }
    try {
      Files.createDirectories(path);
    } catch (FileAlreadyExistsException e) {
      throw new RunException("%s is a file, but a run needs a directory".formatted(e.getFile()), e);
    } catch (IOException e) {
      throw new RunException("%s cannot be made: %s".formatted(path, reason(e)), e);
    }
    RunDirectory directory = hold(path);
    directory.write(RECIPE, plan.recipe() + "\n");
    return directory;
  }

  private static String taken(Path path, Plan plan) {
    List<String> differences = Differences.ofRecipes(recipe(path), plan.recipe());
    if (!differences.isEmpty()) {
      return "%s belongs to another recipe; choose another directory. What differs: %s"
          .formatted(path, Differences.listed(differences));
    }
    if (!Files.isRegularFile(last(path))) {
      return "%s has this recipe, but no checkpoint; choose another directory".formatted(path);
    }
    differences = Differences.ofPlans(Checkpoint.read(last(path)).plan(), plan);
    return differences.isEmpty()
        ? "%s holds this run already; resume it, or choose another directory".formatted(path)
        : "%s holds a run of this recipe, planned otherwise; choose another directory. What differs: %s"
            .formatted(path, Differences.listed(differences));
  }

  /**
   * The recipe of a run.
   *
   * @return its JSON
   * @throws RunException when there is no recipe
   */
  public static String recipe(Path path) {
    requireDirectory(path);
    Path file = path.resolve(RECIPE);
    try {
      return Files.readString(file);
    } catch (NoSuchFileException e) {
      throw new RunException(
          Files.isRegularFile(path.resolve("saved_model.pb"))
              ? "%s is an exported model; name the run that it was exported from".formatted(path)
              : "%s is not a run directory: it has no %s%s"
                  .formatted(path, RECIPE, Suggestions.didYouMean(path, RECIPE)),
          e);
    } catch (IOException e) {
      throw new RunException("%s cannot be read: %s".formatted(file, reason(e)), e);
    }
  }

  /**
   * Opens an existing run and locks it.
   *
   * @throws RunException when there is no run, or another process holds it
   */
  public static RunDirectory open(Path path) {
    requireDirectory(path);
    if (!Files.isRegularFile(last(path))) {
      throw new RunException(
          "%s is not a run directory: it has no %s".formatted(path, path.relativize(last(path))),
          null);
    }
    return hold(path);
  }

  private static void requireDirectory(Path path) {
    if (!Files.isDirectory(path)) {
      throw new RunException(
          "%s is not a run directory: %s"
              .formatted(path, Files.exists(path) ? "it is a file" : "there is no such directory"),
          null);
    }
  }

  private static RunDirectory hold(Path path) {
    Path key = key(path);
    if (!HELD.add(key)) {
      throw held(path);
    }
    boolean done = false;
    try {
      FileChannel channel =
          FileChannel.open(path.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      FileLock lock = lock(channel);
      if (lock == null) {
        channel.close();
        throw held(path);
      }
      done = true;
      return new RunDirectory(path, channel, lock);
    } catch (IOException e) {
      throw new RunException("%s cannot be written: %s".formatted(path, reason(e)), e);
    } finally {
      if (!done) {
        HELD.remove(key);
      }
    }
  }

  private static Path key(Path path) {
    return path.toAbsolutePath().normalize();
  }

  private static RunException held(Path path) {
    return new RunException(
        "%s is in use by another process; wait for it, or choose another directory".formatted(path),
        null);
  }

  private static @Nullable FileLock lock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      return null;
    }
  }

  /** The location of a run's last checkpoint. */
  public static Path last(Path path) {
    return path.resolve(LAST).resolve(Checkpoint.FILE);
  }

  /** The location of the checkpoint of a run's best epoch, once an epoch is finished. */
  public static Path best(Path path) {
    return path.resolve(BEST).resolve(Checkpoint.FILE);
  }

  public Path path() {
    return path;
  }

  public Path lastCheckpoint() {
    return last(path);
  }

  /** Adds the environment of this process to those of earlier processes. */
  public void writeEnvironment(Environment present) {
    List<Environment> all = new ArrayList<>(environments(path));
    all.add(present);
    write(ENVIRONMENT, TechniqueJson.writePretty(all) + "\n");
  }

  /** The environment of each process that trained the run; empty where no process wrote it. */
  public static List<Environment> environments(Path path) {
    try {
      String json = Files.readString(path.resolve(ENVIRONMENT));
      return List.of(TechniqueJson.read(json, Environment[].class));
    } catch (IOException | IllegalArgumentException e) {
      return List.of(); // it is of use to readers only: no run must fail for it
    }
  }

  /** Whether a process is training the run now. */
  public static boolean inUse(Path path) {
    Path file = path.resolve(LOCK);
    if (HELD.contains(key(path)) || !Files.exists(file)) {
      return HELD.contains(key(path));
    }
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      FileLock lock = lock(channel);
      if (lock != null) {
        lock.release();
      }
      return lock == null;
    } catch (IOException e) {
      return false; // who may only read cannot tell
    }
  }

  /** Writes the plan in words. */
  public void writePlan(String text) {
    write("plan.txt", text);
  }

  /**
   * Writes a checkpoint as the last one, and keeps it if it is that of one of the best epochs.
   *
   * @param keep how many of the best epochs stay, besides the very best
   * @param values the values of all variables
   * @throws TrainingException when the disk is full or cannot be written, or a weight is not a
   *     finite number
   */
  public void save(Plan plan, Progress progress, int keep, Variables.Snapshot values) {
    Path file = lastCheckpoint();
    Path fresh = file.resolveSibling(Checkpoint.FILE + ".tmp");
    try {
      Files.createDirectories(file.getParent());
      Checkpoint.write(fresh, plan, progress, values);
      move(fresh, file);
    } catch (IOException e) {
      throw failure(file, e);
    } catch (TrainingException e) {
      delete(fresh);
      throw e;
    }
    keep(progress, keep);
    write("history.csv", HistoryCsv.text(plan, progress.history()));
  }

  /**
   * Keeps the last checkpoint under other names too, if it is that of one of the best epochs, and
   * then deletes those that are no longer among them. Repeating the call changes nothing.
   */
  public void keep(Progress progress, int keep) {
    if (!progress.betweenEpochs()) {
      return;
    }
    if (progress.lastIsBest()) {
      alsoAs(path.resolve(BEST));
    }
    if (keep == 0) {
      return;
    }
    Set<String> best =
        progress.best(keep).stream().map("epoch-%03d"::formatted).collect(Collectors.toSet());
    String present = "epoch-%03d".formatted(progress.epochs());
    if (best.contains(present)) {
      alsoAs(path.resolve(KEPT).resolve(present));
    }
    for (Path folder : kept()) {
      if (!best.contains(folder.getFileName().toString())) {
        delete(folder.resolve(Checkpoint.FILE + ".tmp"));
        delete(folder.resolve(Checkpoint.FILE));
        delete(folder);
      }
    }
  }

  private List<Path> kept() {
    Path all = path.resolve(KEPT);
    if (!Files.isDirectory(all)) {
      return List.of();
    }
    try (Stream<Path> folders = Files.list(all)) {
      return folders
          .filter(folder -> folder.getFileName().toString().matches("epoch-\\d{3,}"))
          .toList();
    } catch (IOException e) {
      throw failure(all, e);
    }
  }

  private void alsoAs(Path folder) {
    Path file = folder.resolve(Checkpoint.FILE);
    Path link = folder.resolve(Checkpoint.FILE + ".tmp");
    try {
      Files.createDirectories(folder);
      Files.deleteIfExists(link);
      if (Files.exists(file) && Files.isSameFile(file, lastCheckpoint())) {
        return; // renaming one name of a file to another of its names would do nothing
      }
      link(lastCheckpoint(), link);
      move(link, file);
    } catch (IOException e) {
      throw failure(file, e);
    }
  }

  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw failure(file, e);
    }
  }

  // A second name for the same file costs nothing; the last checkpoint is later replaced, not
  // changed, so the best one stays.
  private static void link(Path existing, Path link) throws IOException {
    try {
      Files.createLink(link, existing);
    } catch (UnsupportedOperationException | IOException e) {
      Files.copy(existing, link);
      force(link);
    }
  }

  /** Writes the result of the run. */
  public void writeSummary(RunResult run) {
    write("summary.json", RunSummary.json(run) + "\n");
  }

  private void write(String name, String text) {
    Path file = path.resolve(name);
    Path fresh = path.resolve(name + ".tmp");
    try {
      Files.writeString(fresh, text);
      force(fresh);
      move(fresh, file);
    } catch (IOException e) {
      throw failure(file, e);
    }
  }

  private static void force(Path file) throws IOException {
    try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
      open.getFD().sync();
    }
  }

  private static void move(Path from, Path to) throws IOException {
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    // The rename itself must reach the disk; systems that cannot open a directory do this by
    // themselves.
    try (FileChannel directory = FileChannel.open(to.getParent(), StandardOpenOption.READ)) {
      directory.force(true);
    } catch (IOException e) {
      if (!System.getProperty("os.name").startsWith("Windows")) {
        throw e;
      }
    }
  }

  private static TrainingException failure(Path file, IOException e) {
    return new TrainingException(
        ("%s cannot be written: %s; what was saved before is whole, so make room and resume the run")
            .formatted(file, reason(e)),
        e);
  }

  /** The reason why a file cannot be written, as the end of a sentence. */
  public static String reason(IOException e) {
    if (e instanceof NoSuchFileException) {
      return "its directory is gone";
    }
    String message = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    return message.contains("No space left") ? "there is no space left on the disk" : message;
  }

  @Override
  public void close() {
    try {
      lock.release();
      lockFile.close();
      HELD.remove(key(path));
    } catch (IOException e) {
      // The end of the process releases the lock in any case, and nothing is lost with it.
      org.slf4j.LoggerFactory.getLogger(RunDirectory.class).debug("lock of {}", path, e);
    }
  }

  /**
   * Refuses images whose number or classes differ from those that a run was planned for.
   *
   * @throws RunException when they differ
   */
  public static void requireSame(Plan plan, ImageData data, Path directory) {
    if (data.task() != plan.data().task()
        || !data.classNames().equals(plan.data().classNames())
        || data.train().size() != plan.data().trainImages()
        || data.valid().size() != plan.data().validImages()) {
      throw new RunException(
          ("%s was trained on %d + %d images of %d classes, but %s now has %d + %d of %d;"
                  + " bring the images back, or train anew")
              .formatted(
                  directory,
                  plan.data().trainImages(),
                  plan.data().validImages(),
                  plan.data().classNames().size(),
                  data.source().describe(),
                  data.train().size(),
                  data.valid().size(),
                  data.classes()),
          null);
    }
  }
}
