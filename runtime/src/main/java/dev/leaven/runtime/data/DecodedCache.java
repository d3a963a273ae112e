package dev.leaven.runtime.data;

/**
 * Where decoded images are kept, so that a file is read, decoded and resized once and not in every
 * epoch.
 *
 * <p>Before a stage begins, its training images are resized so that their shorter side is the one
 * that the pipeline delivers; every epoch then takes a square of them at a drawn place. Validation
 * images are kept as they are evaluated. Without a cache the training square is cut out of the
 * original and resized, at a place between its pixels: the two differ by less than a pixel's shift,
 * but they differ, so that a run with a cache is another run. Whether the cache is in memory or on
 * disk, and whether it was filled just now or before, makes no difference to any number.
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
