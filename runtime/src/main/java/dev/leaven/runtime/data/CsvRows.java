package dev.leaven.runtime.data;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The rows of a table; each names an image, and no image appears twice.
 *
 * @param files the file of each row
 * @param rows the rows themselves
 * @param parts the part that each belongs to, if the table has it
 * @param groups the group of each, if the table has it
 */
record CsvRows(
    List<Path> files,
    List<CsvTable.Row> rows,
    Optional<List<Part>> parts,
    Optional<List<String>> groups) {

  /** What an image is for. */
  enum Part {
    TRAIN,
    VALID,
    TEST
  }

  private static final Map<String, Part> PARTS =
      Map.ofEntries(
          Map.entry("train", Part.TRAIN),
          Map.entry("training", Part.TRAIN),
          Map.entry("false", Part.TRAIN),
          Map.entry("0", Part.TRAIN),
          Map.entry("valid", Part.VALID),
          Map.entry("val", Part.VALID),
          Map.entry("validation", Part.VALID),
          Map.entry("dev", Part.VALID),
          Map.entry("true", Part.VALID),
          Map.entry("1", Part.VALID),
          Map.entry("test", Part.TEST));

  /**
   * Finds the file, part and group of each row.
   *
   * @param source names their columns
   * @param table the table
   * @param skipped gets each row that repeats an earlier one
   * @throws DataException when a value is missing or malformed, a file does not exist or lies
   *     elsewhere, or two rows contradict each other
   */
  static CsvRows of(CsvImages source, CsvTable table, Map<String, String> skipped) {
    int imagePlace = source.imagePlace(table);
    int splitPlace = source.splitPlace(table);
    int groupPlace = source.groupColumn().map(table::column).orElse(-1);
    int[] told =
        IntStream.concat(
                Arrays.stream(source.target().places(table)),
                IntStream.of(splitPlace, groupPlace).filter(i -> i >= 0))
            .toArray();
    PathList.Builder names = new PathList.Builder();
    List<CsvTable.Row> rows = new ArrayList<>();
    List<Part> parts = new ArrayList<>();
    List<String> groups = new ArrayList<>();
    Map<String, CsvTable.Row> seen = new HashMap<>();
    for (CsvTable.Row row : table.rows()) {
      String name = name(source, table, row, imagePlace);
      CsvTable.Row earlier = seen.putIfAbsent(name, row);
      if (earlier != null) {
        refuseContradiction(table, earlier, row, name, told);
        skipped.put(
            "%s line %d".formatted(table.file().getFileName(), row.line()),
            "repeats line %d".formatted(earlier.line()));
        continue;
      }
      names.add(name);
      rows.add(row);
      if (splitPlace >= 0) {
        parts.add(part(table, row, splitPlace));
      }
      if (groupPlace >= 0) {
        groups.add(value(table, row, groupPlace));
      }
    }
    CsvRows found =
        new CsvRows(
            names.build(source.folder()),
            rows,
            splitPlace >= 0 ? Optional.of(parts) : Optional.empty(),
            groupPlace >= 0 ? Optional.of(groups) : Optional.empty());
    found.refuseMissing(source, table);
    return found;
  }

  /** Some of these rows. */
  CsvRows pick(int[] positions) {
    return new CsvRows(
        files instanceof PathList compact ? compact.pick(positions) : picked(files, positions),
        picked(rows, positions),
        parts.map(all -> picked(all, positions)),
        groups.map(all -> picked(all, positions)));
  }

  /** Rejects a group with images in both parts. */
  void refuseStraddling(CsvTable table, Part held) {
    if (groups.isEmpty() || parts.isEmpty()) {
      return;
    }
    Map<String, Integer> first = new HashMap<>();
    for (int i = 0; i < rows.size(); i++) {
      Part part = parts.get().get(i);
      if (part == Part.TRAIN || part == held) {
        Integer other = first.putIfAbsent(groups.get().get(i), i);
        if (other != null && parts.get().get(other) != part) {
          throw new DataException(
              ("%s: group '%s' is for %s here, but for %s on line %d;"
                      + " put all its images on one side")
                  .formatted(
                      table.at(rows.get(i)),
                      groups.get().get(i),
                      part == Part.TRAIN ? "training" : "validation",
                      part == Part.TRAIN ? "validation" : "training",
                      rows.get(other).line()));
        }
      }
    }
  }

  private static <T> List<T> picked(List<T> all, int[] positions) {
    return Arrays.stream(positions).mapToObj(all::get).toList();
  }

  // The path below the folder, with a slash between its parts.
  private static String name(CsvImages source, CsvTable table, CsvTable.Row row, int place) {
    String text = value(table, row, place) + source.suffix();
    Path file;
    try {
      file = source.folder().resolve(text.replace('\\', '/')).normalize();
    } catch (InvalidPathException e) {
      throw new DataException(
          "%s: '%s' is no path: %s".formatted(table.at(row), text, e.getReason()), e);
    }
    if (!file.startsWith(source.folder()) || file.equals(source.folder())) {
      throw new DataException(
          "%s: '%s' is not below %s; set folder if the images lie elsewhere"
              .formatted(table.at(row), text, source.folder()));
    }
    return FileCheck.name(source.folder(), file);
  }

  private static Part part(CsvTable table, CsvTable.Row row, int place) {
    String text = value(table, row, place);
    Part part = PARTS.get(text.toLowerCase(Locale.ROOT));
    // In a column is_train, true would mean the other part.
    boolean bare = text.matches("(?i)true|false|0|1");
    if (part == null
        || bare && table.header().get(place).toLowerCase(Locale.ROOT).contains("train")) {
      throw new DataException(
          ("%s: '%s' in column '%s' is not train, valid, val, validation, dev or test,"
                  + " nor true or false in a column that marks validation")
              .formatted(table.at(row), text, table.header().get(place)));
    }
    return part;
  }

  private static String value(CsvTable table, CsvTable.Row row, int place) {
    String text = row.values()[place];
    if (text.isEmpty()) {
      throw new DataException(
          "%s: there is nothing in column '%s'; fill it in or remove the line"
              .formatted(table.at(row), table.header().get(place)));
    }
    return text;
  }

  private static void refuseContradiction(
      CsvTable table, CsvTable.Row earlier, CsvTable.Row row, String name, int[] told) {
    for (int place : told) {
      if (!row.values()[place].equals(earlier.values()[place])) {
        throw new DataException(
            "%s: '%s' has '%s' in column '%s', but '%s' on line %d; keep one of them"
                .formatted(
                    table.at(row),
                    name,
                    row.values()[place],
                    table.header().get(place),
                    earlier.values()[place],
                    earlier.line()));
      }
    }
  }

  private void refuseMissing(CsvImages source, CsvTable table) {
    int[] missing =
        IntStream.range(0, files.size())
            .parallel()
            .filter(i -> !Files.exists(files.get(i)))
            .toArray();
    if (missing.length == 0) {
      return;
    }
    int first = missing[0];
    Path file = files.get(first);
    Path jpg = file.resolveSibling(file.getFileName() + ".jpg");
    throw new DataException(
        "%s: there is no file %s%s; %s"
            .formatted(
                table.at(rows.get(first)),
                file,
                missing.length == 1
                    ? ""
                    : ", nor those of %d more lines".formatted(missing.length - 1),
                source.suffix().isEmpty() && Files.exists(jpg)
                    ? "set suffix to .jpg"
                    : "check folder and suffix, or remove the line"));
  }
}
