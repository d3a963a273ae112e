package dev.leaven.runtime.data;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.AbstractList;
import java.util.Arrays;
import java.util.List;
import java.util.RandomAccess;

/**
 * Paths of files below one folder, kept as the bytes of their names: a million take about 40 MB,
 * where a million {@link Path} objects take 150. Each path is created on request.
 */
final class PathList extends AbstractList<Path> implements RandomAccess {

  private final Path root;
  private final byte[] names;
  private final int[] begins;
  private final int[] ends;

  private PathList(Path root, byte[] names, int[] begins, int[] ends) {
    this.root = root;
    this.names = names;
    this.begins = begins;
    this.ends = ends;
  }

  @Override
  public Path get(int index) {
    return root.resolve(name(index));
  }

  @Override
  public int size() {
    return ends.length;
  }

  /** The path relative to the folder, with a slash between its parts on every system. */
  String name(int index) {
    return new String(names, begins[index], ends[index] - begins[index], StandardCharsets.UTF_8);
  }

  /** Some of these paths, which share the bytes of all. */
  PathList pick(int[] positions) {
    return new PathList(
        root,
        names,
        Arrays.stream(positions).map(i -> begins[i]).toArray(),
        Arrays.stream(positions).map(i -> ends[i]).toArray());
  }

  /** Gathers names in order. */
  static final class Builder {

    private byte[] names = new byte[1024];
    private int[] ends = new int[32];
    private int used;
    private int count;

    /**
     * Takes the next name.
     *
     * @param name relative to the folder, with a slash between its parts
     */
    Builder add(String name) {
      byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
      reserve(bytes.length, 1);
      System.arraycopy(bytes, 0, names, used, bytes.length);
      used += bytes.length;
      ends[count++] = used;
      return this;
    }

    /** Takes the names that another has gathered. */
    Builder addAll(Builder other) {
      reserve(other.used, other.count);
      System.arraycopy(other.names, 0, names, used, other.used);
      for (int i = 0; i < other.count; i++) {
        ends[count++] = used + other.ends[i];
      }
      used += other.used;
      return this;
    }

    int size() {
      return count;
    }

    /** The same names in arrays that are no longer than they need to be. */
    Builder trim() {
      names = Arrays.copyOf(names, used);
      ends = Arrays.copyOf(ends, count);
      return this;
    }

    /**
     * What was gathered.
     *
     * @param root the folder of the names
     */
    PathList build(Path root) {
      int[] begins = new int[count];
      System.arraycopy(ends, 0, begins, Math.min(1, count), Math.max(0, count - 1));
      return new PathList(root, Arrays.copyOf(names, used), begins, Arrays.copyOf(ends, count));
    }

    private void reserve(int bytes, int more) {
      int needed = Math.addExact(used, bytes);
      if (needed > names.length) {
        names = Arrays.copyOf(names, larger(names.length, needed));
      }
      if (count + more > ends.length) {
        ends = Arrays.copyOf(ends, larger(ends.length, count + more));
      }
    }

    private static int larger(int length, int needed) {
      return (int) Math.min(Integer.MAX_VALUE - 8, Math.max(needed, length * 3L / 2));
    }
  }

  /**
   * Keeps paths compactly where all lie below the folder.
   *
   * @param root an absolute path
   * @param names relative to it, with a slash between their parts
   */
  static PathList of(Path root, List<String> names) {
    Builder builder = new Builder();
    names.forEach(builder::add);
    return builder.build(root);
  }
}
