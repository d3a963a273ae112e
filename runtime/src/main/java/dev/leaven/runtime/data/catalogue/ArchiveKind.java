package dev.leaven.runtime.data.catalogue;

/** How a published file is packed. */
public enum ArchiveKind {
  /** Not an archive: the file itself belongs to the data set. */
  NONE,
  /** A tape archive. */
  TAR,
  /** A tape archive, compressed by gzip. */
  TGZ,
  /** A zip archive. */
  ZIP
}
