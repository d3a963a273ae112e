package dev.leaven.runtime.data;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32C;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/**
 * Reads the records of one file, one after another: for each its length in 8 bytes, a checksum of
 * these, its bytes, and a checksum of them. A file compressed by gzip is recognised by its first
 * bytes.
 */
final class TfRecordFile implements AutoCloseable {

  private static final int HEAD = 12;
  private static final long LONGEST = 1L << 30;

  private final Path file;
  private final InputStream in;
  private int read;

  private TfRecordFile(Path file, InputStream in) {
    this.file = file;
    this.in = in;
  }

  static TfRecordFile open(Path file) {
    try {
      InputStream plain = new BufferedInputStream(Files.newInputStream(file), 1 << 20);
      plain.mark(2);
      boolean compressed = plain.read() == 0x1f && plain.read() == 0x8b;
      plain.reset();
      return new TfRecordFile(file, compressed ? new GZIPInputStream(plain, 1 << 16) : plain);
    } catch (IOException e) {
      throw DataException.unreadable(file, e);
    }
  }

  /**
   * The next record.
   *
   * @return its bytes; null when there are no more
   * @throws DataException when the file ends in the middle of a record, or a checksum does not fit
   */
  byte @Nullable [] next() {
    try {
      byte[] head = in.readNBytes(HEAD);
      if (head.length == 0) {
        return null;
      }
      read++;
      if (head.length < HEAD) {
        throw cutOff();
      }
      ByteBuffer fields = ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN);
      long length = fields.getLong(0);
      if (fields.getInt(8) != checksum(head, 8)) {
        throw damaged();
      }
      if (length < 0 || length > LONGEST) {
        throw new DataException(
            "%s: record %d has %d bytes, but an image has no more than %d"
                .formatted(file, read, length, LONGEST));
      }
      byte[] record = in.readNBytes((int) length);
      byte[] sum = in.readNBytes(4);
      if (record.length < length || sum.length < 4) {
        throw cutOff();
      }
      if (ByteBuffer.wrap(sum).order(ByteOrder.LITTLE_ENDIAN).getInt()
          != checksum(record, record.length)) {
        throw damaged();
      }
      return record;
    } catch (java.io.EOFException e) {
      throw cutOff();
    } catch (ZipException e) {
      throw damaged();
    } catch (IOException e) {
      throw DataException.unreadable(file, e);
    }
  }

  /** The number of the record that was read last, from 1. */
  int number() {
    return read;
  }

  @Override
  public void close() {
    try {
      in.close();
    } catch (IOException e) {
      throw DataException.unreadable(file, e);
    }
  }

  /** The checksum that TensorFlow writes: CRC-32C, rotated and moved by a constant. */
  static int checksum(byte[] bytes, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, length);
    return Integer.rotateRight((int) crc.getValue(), 15) + 0xa282ead8;
  }

  private DataException cutOff() {
    return new DataException(
        "%s: the file ends in the middle of record %d; copy or download it again"
            .formatted(file, read));
  }

  private DataException damaged() {
    return new DataException(
        "%s: record %d is damaged, or this is no TFRecord file; copy or download it again"
            .formatted(file, read));
  }
}
