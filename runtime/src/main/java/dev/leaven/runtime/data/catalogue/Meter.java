package dev.leaven.runtime.data.catalogue;

import dev.leaven.runtime.data.DataException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;

/** Counts what comes out of an archive, and refuses it when it is more than allowed. */
final class Meter {

  private final Path archive;
  private final long most;
  private long read;

  Meter(Path archive, long most) {
    this.archive = archive;
    this.most = most;
  }

  /** A stream whose bytes are counted together with those of the others. */
  InputStream count(InputStream in) {
    return new Counted(in);
  }

  private void add(int count) {
    read += Math.max(0, count);
    if (read > most) {
      throw new DataException(
          "%s: unpacks to more than %d bytes; it is not unpacked, for it may be made to fill the disk"
              .formatted(archive, most));
    }
  }

  // Not a FilterInputStream: that one would skip bytes without counting them.
  private final class Counted extends InputStream {

    private final InputStream in;

    Counted(InputStream in) {
      this.in = in;
    }

    @Override
    public int read() throws IOException {
      int value = in.read();
      add(value < 0 ? 0 : 1);
      return value;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      int count = in.read(bytes, offset, length);
      add(count);
      return count;
    }

    @Override
    public void close() throws IOException {
      in.close();
    }
  }
}
