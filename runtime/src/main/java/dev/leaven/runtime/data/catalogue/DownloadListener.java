package dev.leaven.runtime.data.catalogue;

/** Hears how a data set is being fetched. Called on the thread that fetches. */
public interface DownloadListener {

  /** Hears nothing. */
  DownloadListener SILENT = (file, done, total) -> {};

  /**
   * A file is being downloaded. Called at its beginning, after every block and at its end.
   *
   * @param file its name
   * @param done bytes on disk, those of an earlier attempt included
   * @param total bytes of the whole file, or -1 when the server does not say
   */
  void onBytes(String file, long done, long total);

  /**
   * A file is whole and is being unpacked.
   *
   * @param file its name
   */
  default void onUnpack(String file) {}
}
