package dev.leaven.runtime.internal.run;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Predicate;
import java.util.zip.CRC32C;
import org.tensorflow.proto.Event;

/**
 * A file of TensorFlow's events in the format of its record files: for each event the length in 8
 * bytes, the checksum of the length in 4, the event, and the checksum of the event in 4; all
 * little-endian.
 */
final class EventFile implements AutoCloseable {

  private static final int MASK_DELTA = 0xa282ead8;
  private static final int HEADER_BYTES = Long.BYTES + Integer.BYTES;

  private final FileOutputStream out;

  /** Begins a file. */
  EventFile(Path file) throws IOException {
    // Not a channel: an interrupt of the thread must not truncate a file.
    out = new FileOutputStream(file.toFile());
    write(Event.newBuilder().setWallTime(now()).setFileVersion("brain.Event:2").build());
  }

  /** The time in the unit of events: seconds since 1970. */
  static double now() {
    return System.currentTimeMillis() / 1e3;
  }

  /** Adds an event; another process can read it when the method returns. */
  void write(Event event) throws IOException {
    byte[] data = event.toByteArray();
    ByteBuffer record =
        ByteBuffer.allocate(HEADER_BYTES + data.length + Integer.BYTES)
            .order(ByteOrder.LITTLE_ENDIAN);
    record.putLong(data.length);
    record.putInt(masked(record.array(), 0, Long.BYTES));
    record.put(data).putInt(masked(data, 0, data.length));
    out.write(record.array());
  }

  // A checksum of data that contains checksums is weak, so TensorFlow rotates it and adds a
  // constant.
  private static int masked(byte[] bytes, int from, int length) {
    CRC32C checksum = new CRC32C();
    checksum.update(bytes, from, length);
    return Integer.rotateRight((int) checksum.getValue(), 15) + MASK_DELTA;
  }

  /**
   * Truncates a file before the first event that is not wanted or is incomplete.
   *
   * @param wanted sees each event in order
   */
  static void cut(Path file, Predicate<Event> wanted) throws IOException {
    long whole = 0;
    try (DataInputStream in =
        new DataInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
      while (true) {
        byte[] header = in.readNBytes(HEADER_BYTES);
        if (header.length < HEADER_BYTES) {
          break;
        }
        ByteBuffer fields = ByteBuffer.wrap(header).order(ByteOrder.LITTLE_ENDIAN);
        long length = fields.getLong();
        if (fields.getInt() != masked(header, 0, Long.BYTES) || length > Integer.MAX_VALUE) {
          break;
        }
        byte[] data = in.readNBytes((int) length);
        byte[] checksum = in.readNBytes(Integer.BYTES);
        if (checksum.length < Integer.BYTES
            || ByteBuffer.wrap(checksum).order(ByteOrder.LITTLE_ENDIAN).getInt()
                != masked(data, 0, data.length)
            || !wanted.test(Event.parseFrom(data))) {
          break;
        }
        whole += HEADER_BYTES + length + Integer.BYTES;
      }
    }
    try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
      if (whole < open.length()) {
        open.setLength(whole);
      }
    }
  }

  @Override
  public void close() throws IOException {
    out.close();
  }
}
