package dev.leaven.runtime.data;

/**
 * Where decoded images are kept, so that each file is read, decoded and resized once instead of in
 * every epoch.
 *
 * <p>Before a stage begins, its training images are resized so that their shorter side has the
 * length that the pipeline delivers; every epoch then crops a square at a random place. Validation
 * images are kept as they are evaluated. Without a cache the training square is cut out of the
 * original and resized, and its place may lie between pixels. The two differ by a shift of less
 * than a pixel, so a run with a cache gives different numbers than a run without. A cache in memory
 * and a cache on disk, filled in this run or before, give identical numbers.
 *
 * <p>Cost: one byte for each channel of each pixel, about 90 kB for an image with a shorter side of
 * 148 px. Test-time augmentation reads the files.
 */
public enum DecodedCache {
  /** Decided for the machine: in memory if a quarter of it is enough, else on disk. */
  AUTO,
  /** Nothing is kept. */
  NONE,
  /** In the memory of the process, outside of the Java heap; filled again by each process. */
  MEMORY,
  /**
   * In files below {@code decoded} in Leaven's folder of the user's cache, mapped into memory,
   * where later runs find them. They may be deleted whenever no run uses them.
   */
  DISK;

  /**
   * The cache to use.
   *
   * @param samples what would be kept; images in memory are decoded already
   * @param bytes how much it would be, about
   * @param memory bytes of memory that the machine has
   * @return one of the others, if this is {@link #AUTO}
   */
  public DecodedCache here(Samples samples, long bytes, long memory) {
    if (samples instanceof Samples.Pixels) {
      return NONE;
    }
    if (this != AUTO) {
      return this;
    }
    return bytes <= memory / 4 ? MEMORY : DISK;
  }
}
