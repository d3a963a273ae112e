package dev.leaven.runtime.data;

import dev.leaven.runtime.Task;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Which columns of a table hold the targets of an image, and in which form.
 *
 * @param kind how to interpret the columns
 * @param columns their names; none where the kind is {@code INFERRED}
 * @param separator the separator between the labels of one value where the kind is {@code CLASSES},
 *     else empty
 */
public record CsvTarget(Kind kind, List<String> columns, String separator) {

  /** How columns are to be understood. */
  public enum Kind {
    /** One column with the name of a class, found by its own name. */
    INFERRED,
    /** One column with the name of a class. */
    CLASS,
    /** One column with the names of any number of classes. */
    CLASSES,
    /** A column for each class, with 1 for the images that have it and 0 for the others. */
    ONE_HOT,
    /** A column for each number that is to be estimated. */
    NUMBERS
  }

  static final CsvTarget INFERRED = new CsvTarget(Kind.INFERRED, List.of(), "");

  private static final List<String> USUAL = List.of("label", "class", "category", "target");

  private static final List<String> USUAL_FOR_SEVERAL = List.of("labels", "tags", "classes");

  /**
   * Checks that the columns fit the kind.
   *
   * @throws IllegalArgumentException when there are too few or too many, one comes twice, or there
   *     is no separator where one is needed
   */
  public CsvTarget {
    columns = List.copyOf(columns);
    boolean one = kind == Kind.CLASS || kind == Kind.CLASSES;
    if (kind == Kind.INFERRED
        ? !columns.isEmpty()
        : columns.isEmpty() || one && columns.size() > 1) {
      throw new IllegalArgumentException(
          "CsvImages: %s needs %s, but has %d"
              .formatted(
                  kind,
                  kind == Kind.INFERRED ? "no columns" : one ? "one column" : "columns",
                  columns.size()));
    }
    if (new LinkedHashSet<>(columns).size() < columns.size()) {
      throw new IllegalArgumentException(
          "CsvImages: a column comes twice in %s".formatted(columns));
    }
    if ((kind == Kind.CLASSES) == separator.isEmpty()) {
      throw new IllegalArgumentException(
          kind == Kind.CLASSES
              ? "CsvImages: separator must not be empty; a space divides words"
              : "CsvImages: only several labels in one column have a separator");
    }
  }

  /** In one phrase, for a description. */
  String describe() {
    return switch (kind) {
      case INFERRED -> "classes";
      case CLASS -> "classes in column %s".formatted(columns.get(0));
      case CLASSES -> "several classes in column %s".formatted(columns.get(0));
      case ONE_HOT -> "classes in columns %s".formatted(String.join(", ", columns));
      case NUMBERS -> "numbers in columns %s".formatted(String.join(", ", columns));
    };
  }

  /**
   * The classes and targets of a table's rows.
   *
   * @param classNames the classes in the order of their numbers, or the names of the numbers
   * @param targets one for each row
   */
  record Read(List<String> classNames, Targets targets) {}

  /**
   * Where the columns are in a table.
   *
   * @throws DataException when a column is missing, or none can be inferred
   */
  int[] places(CsvTable table) {
    if (kind != Kind.INFERRED) {
      return columns.stream().mapToInt(table::column).toArray();
    }
    int[] found = USUAL.stream().mapToInt(table::find).filter(i -> i >= 0).toArray();
    if (found.length == 1) {
      refuseNumbers(table, found[0]);
      return found;
    }
    for (String name : USUAL_FOR_SEVERAL) {
      if (found.length == 0 && table.find(name) >= 0) {
        throw new DataException(
            ("%s: column '%s' could hold one label or several; name it as label,"
                    + " or as labels with what stands between them")
                .formatted(table.file(), table.header().get(table.find(name))));
      }
    }
    throw new DataException(
        "%s: %s; name it with label, labels, oneHot or numbers; the columns are %s"
            .formatted(
                table.file(),
                found.length == 0
                    ? "no column is named label, class, category or target"
                    : "several columns could hold the label",
                table.columns()));
  }

  /**
   * Reads the targets of all rows.
   *
   * @param table the table
   * @param rows those to read, in order
   * @throws DataException when a value is missing or in another form
   */
  Read read(CsvTable table, List<CsvTable.Row> rows) {
    int[] places = places(table);
    return switch (kind) {
      case INFERRED, CLASS -> classes(table, rows, places[0]);
      case CLASSES -> severalClasses(table, rows, places[0]);
      case ONE_HOT -> numbers(table, rows, places, Task.MULTI_LABEL);
      case NUMBERS -> numbers(table, rows, places, Task.REGRESSION);
    };
  }

  private static Read classes(CsvTable table, List<CsvTable.Row> rows, int place) {
    Set<String> found = new HashSet<>();
    for (CsvTable.Row row : rows) {
      refuseBlank(table, row, place);
      found.add(row.values()[place]);
    }
    List<String> names = ordered(found);
    Map<String, Integer> numbers = numbered(names);
    return new Read(
        names,
        new Targets.Labels(
            rows.stream().mapToInt(row -> numbers.get(row.values()[place])).toArray()));
  }

  private Read severalClasses(CsvTable table, List<CsvTable.Row> rows, int place) {
    List<Set<String>> labels = new ArrayList<>(rows.size());
    Set<String> found = new HashSet<>();
    Pattern between = Pattern.compile(Pattern.quote(separator));
    for (CsvTable.Row row : rows) {
      Set<String> of = new LinkedHashSet<>();
      for (String label : between.split(row.values()[place])) {
        if (!label.isBlank()) {
          of.add(label.strip());
        }
      }
      labels.add(of);
      found.addAll(of);
    }
    if (found.isEmpty()) {
      throw new DataException(
          "%s: column '%s' has no label in any row; fill it in"
              .formatted(table.file(), table.header().get(place)));
    }
    List<String> names = ordered(found);
    Map<String, Integer> numbers = numbered(names);
    float[] values = new float[Math.multiplyExact(rows.size(), names.size())];
    for (int i = 0; i < labels.size(); i++) {
      for (String label : labels.get(i)) {
        values[i * names.size() + numbers.get(label)] = 1;
      }
    }
    return new Read(names, new Targets.Rows(Task.MULTI_LABEL, values, names.size()));
  }

  private static Read numbers(CsvTable table, List<CsvTable.Row> rows, int[] places, Task task) {
    float[] values = new float[Math.multiplyExact(rows.size(), places.length)];
    int next = 0;
    for (CsvTable.Row row : rows) {
      for (int place : places) {
        refuseBlank(table, row, place);
        values[next++] = number(table, row, place, task);
      }
    }
    return new Read(
        Arrays.stream(places).mapToObj(table.header()::get).toList(),
        new Targets.Rows(task, values, places.length));
  }

  private static float number(CsvTable table, CsvTable.Row row, int place, Task task) {
    String text = row.values()[place];
    float value = Float.NaN;
    try {
      value = Float.parseFloat(text);
    } catch (NumberFormatException e) {
      // It is rejected below, together with unusable numbers.
    }
    if (task == Task.MULTI_LABEL ? value != 0 && value != 1 : !Float.isFinite(value)) {
      throw new DataException(
          "%s: '%s' in column '%s' is %s"
              .formatted(
                  table.at(row),
                  text,
                  table.header().get(place),
                  task == Task.MULTI_LABEL ? "neither 0 nor 1" : "no finite number"));
    }
    return value;
  }

  private static void refuseBlank(CsvTable table, CsvTable.Row row, int place) {
    if (row.values()[place].isEmpty()) {
      throw new DataException(
          "%s: there is nothing in column '%s'; fill it in or remove the line"
              .formatted(table.at(row), table.header().get(place)));
    }
  }

  // A target such as 0.37 is not a class, and thousands of classes with one image each are useless.
  private static void refuseNumbers(CsvTable table, int place) {
    String fraction = null;
    for (CsvTable.Row row : table.rows()) {
      try {
        double value = Double.parseDouble(row.values()[place]);
        fraction = value == Math.rint(value) ? fraction : row.values()[place];
      } catch (NumberFormatException e) {
        return;
      }
    }
    if (fraction != null) {
      throw new DataException(
          ("%s: column '%s' holds numbers such as %s; name it as numbers to estimate them,"
                  + " or as label if they are names of classes")
              .formatted(table.file(), table.header().get(place), fraction));
    }
  }

  // As text 10 would come before 2, and class 2 would not have the number 2.
  private static List<String> ordered(Set<String> names) {
    boolean whole = names.stream().allMatch(name -> name.matches("-?\\d{1,18}"));
    Comparator<String> byText = Comparator.naturalOrder();
    Comparator<String> byValue = Comparator.comparingLong(Long::parseLong);
    return names.stream().sorted(whole ? byValue.thenComparing(byText) : byText).toList();
  }

  private static Map<String, Integer> numbered(List<String> names) {
    Map<String, Integer> numbers = new HashMap<>();
    for (String name : names) {
      numbers.put(name, numbers.size());
    }
    return numbers;
  }
}
