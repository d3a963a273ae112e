package dev.leaven.runtime.data;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.commons.csv.CSVException;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/**
 * A table in a text file: RFC 4180 in UTF-8, with a header. Spaces around values are not part of
 * them, and blank lines are ignored.
 *
 * @param file where it is from
 * @param header the names of the columns
 * @param rows as many values for each as there are columns
 */
record CsvTable(Path file, List<String> header, List<Row> rows) {

  /**
   * One row.
   *
   * @param line where it begins, from 1
   * @param values one for each column
   */
  record Row(long line, String[] values) {}

  /**
   * Reads a table whose values are divided by tabs if its name ends with {@code .tsv} or {@code
   * .tab}, and otherwise by the most frequent of commas, semicolons and tabs in its first line.
   *
   * @param file an absolute path
   * @return at least one row
   * @throws DataException when the file is missing, unreadable, empty, has a header only or two
   *     columns of one name, or a row has too many or too few values
   */
  static CsvTable read(Path file) {
    if (!Files.exists(file)) {
      throw new DataException("%s: there is no such file; check the path".formatted(file));
    }
    if (Files.isDirectory(file)) {
      throw new DataException(
          ("%s: this is a folder; name the table in it, or use ImageFolder for a folder of images"
                  + " for each class")
              .formatted(file));
    }
    CSVFormat format =
        CSVFormat.RFC4180.builder().setDelimiter(delimiter(file)).setIgnoreEmptyLines(false).get();
    List<String> header = List.of();
    List<Row> rows = new ArrayList<>();
    try (BufferedReader reader = Files.newBufferedReader(file)) {
      skipMark(reader);
      CSVParser parser = format.parse(reader);
      Iterator<CSVRecord> records = parser.iterator();
      while (true) {
        long line = parser.getCurrentLineNumber() + 1;
        if (!records.hasNext()) {
          break;
        }
        CSVRecord record = records.next();
        if (record.size() == 1 && record.get(0).isBlank()) {
          continue;
        }
        if (header.isEmpty()) {
          header = header(file, line, record);
        } else {
          rows.add(row(file, line, record, header));
        }
      }
    } catch (UncheckedIOException e) {
      throw unreadable(file, e.getCause());
    } catch (IOException e) {
      throw unreadable(file, e);
    }
    if (header.isEmpty()) {
      throw new DataException("%s: the file is empty; write a header and a row".formatted(file));
    }
    if (rows.isEmpty()) {
      throw new DataException(
          "%s: there is a header, but no row; write a row for each image".formatted(file));
    }
    return new CsvTable(file, header, rows);
  }

  /** Where a column is, whatever the case of its letters, or -1. */
  int find(String column) {
    int exact = header.indexOf(column);
    for (int i = 0; i < header.size() && exact < 0; i++) {
      exact = header.get(i).equalsIgnoreCase(column) ? i : -1;
    }
    return exact;
  }

  /**
   * The position of a column that was given by name.
   *
   * @throws DataException when there is no such column
   */
  int column(String column) {
    int found = find(column);
    if (found < 0) {
      throw new DataException(
          "%s: there is no column '%s'; the columns are %s".formatted(file, column, columns()));
    }
    return found;
  }

  /** The columns as they are listed in messages. */
  String columns() {
    return String.join(", ", header);
  }

  /** The beginning of a sentence about a row. */
  String at(Row row) {
    return "%s line %d".formatted(file, row.line());
  }

  private static List<String> header(Path file, long line, CSVRecord record) {
    List<String> header = record.stream().map(String::strip).toList();
    Set<String> seen = new HashSet<>();
    for (String column : header) {
      if (!seen.add(column)) {
        throw new DataException(
            "%s line %d: two columns are named '%s'; rename one".formatted(file, line, column));
      }
    }
    return header;
  }

  private static Row row(Path file, long line, CSVRecord record, List<String> header) {
    if (record.size() != header.size()) {
      throw new DataException(
          ("%s line %d: there %s, but %d columns;"
                  + " put quotes around a value that has the delimiter in it")
              .formatted(
                  file,
                  line,
                  record.size() == 1 ? "is 1 value" : "are %d values".formatted(record.size()),
                  header.size()));
    }
    String[] values = new String[record.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = record.get(i).strip();
    }
    return new Row(line, values);
  }

  // Spreadsheets begin a text file with an invisible mark, which is not part of the first name.
  private static void skipMark(BufferedReader reader) throws IOException {
    reader.mark(1);
    if (reader.read() != '\ufeff') {
      reader.reset();
    }
  }

  private static char delimiter(Path file) {
    String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
    if (name.endsWith(".tsv") || name.endsWith(".tab")) {
      return '\t';
    }
    String first;
    try (BufferedReader reader = Files.newBufferedReader(file)) {
      first = reader.readLine();
    } catch (IOException e) {
      throw unreadable(file, e);
    }
    char most = ',';
    for (char candidate : new char[] {';', '\t'}) {
      most = first != null && count(first, candidate) > count(first, most) ? candidate : most;
    }
    return most;
  }

  private static long count(String line, char delimiter) {
    boolean quoted = false;
    long count = 0;
    for (int i = 0; i < line.length(); i++) {
      quoted ^= line.charAt(i) == '"';
      count += !quoted && line.charAt(i) == delimiter ? 1 : 0;
    }
    return count;
  }

  private static DataException unreadable(Path file, IOException cause) {
    // The parser's own messages name the line and the problem with its quotes.
    return cause.getClass() == IOException.class || cause instanceof CSVException
        ? new DataException(
            "%s: is no table: %s; close every quote".formatted(file, cause.getMessage()), cause)
        : DataException.unreadable(file, cause);
  }
}
