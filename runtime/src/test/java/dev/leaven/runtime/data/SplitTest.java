package dev.leaven.runtime.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leaven.runtime.Task;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SplitTest {

  private static final Path ROOT = Path.of("/data").toAbsolutePath();

  @TempDir Path folder;

  @Test
  void aFractionIsWhatItAlwaysWas() {
    int[] labels = labels(50, 31, 7);
    assertThat(new FractionSplit(0.2).valid(listing(labels), 42))
        .isEqualTo(StratifiedSplit.of(labels, 0.2, 42).valid());
    // Written down when folders were divided by StratifiedSplit alone.
    assertThat(new FractionSplit(0.2).valid(listing(labels(10, 5)), 42)).containsExactly(0, 9, 10);
  }

  @Test
  void imagesWithoutOneClassAreDrawnFromAllAlike() {
    Targets numbers = new Targets.Rows(Task.REGRESSION, new float[30], 1);
    assertThat(new FractionSplit(0.2).valid(listing(numbers, 30), 1)).hasSize(6);
    assertThat(new KFold(3, 0).valid(listing(numbers, 30), 1)).hasSize(10);
  }

  @Test
  void theFoldsTogetherHoldEveryImageOnce() {
    Random random = new Random(7);
    for (int trial = 0; trial < 50; trial++) {
      int folds = 2 + random.nextInt(6);
      int[] counts = random.ints(1 + random.nextInt(5), folds, 40).toArray();
      Listing images = listing(labels(counts));
      int[] times = new int[images.size()];
      Set<Integer> sizes = new HashSet<>();
      for (int fold = 0; fold < folds; fold++) {
        int[] valid = new KFold(folds, fold).valid(images, trial);
        assertThat(valid).isSorted();
        sizes.add(valid.length);
        Arrays.stream(valid).forEach(i -> times[i]++);
        int[] perClass = new int[counts.length];
        Arrays.stream(valid).forEach(i -> perClass[images.strata()[i]]++);
        for (int k = 0; k < counts.length; k++) {
          assertThat(perClass[k]).isBetween(counts[k] / folds, -(-counts[k] / folds) + 1);
          assertThat(Math.abs(perClass[k] - (double) counts[k] / folds)).isLessThan(1);
        }
      }
      assertThat(times).containsOnly(1);
      assertThat(sizes.stream().mapToInt(i -> i).max().orElseThrow())
          .isLessThanOrEqualTo(sizes.stream().mapToInt(i -> i).min().orElseThrow() + 1);
    }
  }

  @Test
  void theSeedDecidesTheFolds() {
    Listing images = listing(labels(40, 40));
    assertThat(new KFold(5, 0).valid(images, 1)).isEqualTo(new KFold(5, 0).valid(images, 1));
    assertThat(new KFold(5, 0).valid(images, 1)).isNotEqualTo(new KFold(5, 0).valid(images, 2));
  }

  @Test
  void groupsNeverStraddle() {
    Random random = new Random(8);
    for (int trial = 0; trial < 50; trial++) {
      int n = 200;
      List<String> groups = IntStream.range(0, n).mapToObj(i -> "g" + random.nextInt(20)).toList();
      int[] labels = random.ints(n, 0, 3).toArray();
      Listing images = listing(new Targets.Labels(labels), n, Optional.of(groups));
      int[] valid = new GroupSplit(0.25).valid(images, trial);
      assertThat(Math.abs(valid.length - 0.25 * n)).isLessThan(15);
      refuseStraddling(groups, valid);
      int[] times = new int[n];
      for (int fold = 0; fold < 4; fold++) {
        int[] held = new KFold(4, fold).valid(images, trial);
        refuseStraddling(groups, held);
        Arrays.stream(held).forEach(i -> times[i]++);
      }
      assertThat(times).containsOnly(1);
    }
  }

  @Test
  void aGroupSplitLeavesSomeOfEveryClassForTraining() {
    // Class 0 is in group a only, so a must train whatever the seed.
    List<String> groups = List.of("a", "a", "b", "c", "d", "e");
    int[] labels = {0, 1, 1, 1, 1, 1};
    for (int seed = 0; seed < 20; seed++) {
      assertThat(
              new GroupSplit(0.4)
                  .valid(listing(new Targets.Labels(labels), 6, Optional.of(groups)), seed))
          .hasSize(2)
          .doesNotContain(0, 1);
    }
  }

  @Test
  void aPatternFindsTheGroupInThePath() {
    Listing images = named("a/p1_0.jpg", "b/p2_0.jpg", "b/p1_1.jpg", "a/p2_1.jpg");
    int[] valid = new GroupSplit(0.5, "/(p\\d+)_").valid(images, 3);
    assertThat(valid).isIn(new int[] {0, 2}, new int[] {1, 3});
  }

  @Test
  void aListNamesTheImagesForValidation() throws IOException {
    Files.writeString(folder.resolve("valid.txt"), "\ufeffb/2.jpg\r\n\n./a/1.jpg\nb/2.jpg\n");
    Listing images = named("a/0.jpg", "a/1.jpg", "b/2.jpg", "b/3 é.jpg");
    ListSplit split = new ListSplit(folder.resolve("valid.txt"));
    assertThat(split.valid(images, 1)).containsExactly(1, 2);
    Files.writeString(folder.resolve("valid.txt"), "b/3 é.jpg");
    assertThat(split.valid(images, 1)).containsExactly(3);
  }

  @Test
  void refusesParametersOutOfRange() {
    refuses(
        () -> new FractionSplit(1),
        "FractionSplit: fraction must be above 0 and below 1, but is 1");
    refuses(() -> new KFold(1, 0), "KFold: folds must be at least 2, but is 1");
    refuses(() -> new KFold(5, 5), "KFold: fold must be between 0 and 4, but is 5");
    refuses(() -> new GroupSplit(0), "GroupSplit: fraction must be above 0 and below 1, but is 0");
    refuses(
        () -> new GroupSplit(0.2, "[a"),
        "GroupSplit: pattern is no regular expression: Unclosed character class in '[a'");
    refuses(
        () -> new GroupSplit(0.2, "(a)(b)"),
        "GroupSplit: pattern must have one group in parentheses, but '(a)(b)' has 2");
  }

  @Test
  void refusesMoreFoldsThanAClassHasImages() {
    refuses(
        () -> new KFold(5, 0).valid(listing(labels(9, 4)), 1),
        ROOT
            + ": class 'class1' has 4 images, too few for 5 folds; choose fewer folds or add images");
    refuses(
        () ->
            new KFold(3, 0)
                .valid(
                    listing(
                        new Targets.Labels(labels(2, 2)),
                        4,
                        Optional.of(List.of("a", "a", "b", "b"))),
                    1),
        ROOT + ": there are 2 groups, too few for 3 folds; choose fewer folds");
  }

  @Test
  void refusesGroupsThatDivideNothing() {
    Listing one = named("a/1.jpg", "a/2.jpg");
    refuses(
        () -> new GroupSplit(0.2, "^(a)").valid(one, 1),
        ROOT + ": all images are of one group, 'a'; group by something that divides them");
    refuses(
        () -> new GroupSplit(0.2, "^(b)").valid(one, 1),
        ROOT
            + ": the pattern '^(b)' finds no group in 'a/1.jpg'; change it so that it fits every file");
    refuses(
        () -> new GroupSplit(0.2).valid(one, 1),
        ROOT
            + ": nothing says which images belong together; give GroupSplit a pattern that finds the"
            + " group in a file's path");
    refuses(
        () -> new GroupSplit(0.2, "^(.)").valid(named("a/1.jpg", "b/1.jpg"), 1),
        ROOT
            + ": no group can be for validation: each has more than 0.4 of the images, or all images"
            + " of a class; choose a larger fraction or other groups");
  }

  @Test
  void refusesAListThatDoesNotFit() throws IOException {
    Listing images = named("a/0.jpg", "a/1.jpg");
    Path file = folder.resolve("valid.txt");
    ListSplit split = new ListSplit(file);
    refuses(() -> split.valid(images, 1), file + ": there is no such list; check the path");
    Files.writeString(file, "a/0.jpg\n\na/7.jpg\n");
    refuses(
        () -> split.valid(images, 1),
        "%s line 3: 'a/7.jpg' is no image of %s; write paths as they are below that folder"
            .formatted(file, ROOT));
    Files.writeString(file, "\n");
    refuses(
        () -> split.valid(images, 1),
        file
            + ": the list names none of the 2 images; name those for validation, and leave some to train");
    Files.writeString(file, "a/0.jpg\na/1.jpg\n");
    refuses(
        () -> split.valid(images, 1),
        file
            + ": the list names all of the 2 images; name those for validation, and leave some to train");
    Files.write(file, "Bär".getBytes(StandardCharsets.ISO_8859_1));
    refuses(
        () -> split.valid(images, 1),
        file + ": cannot be read, because it is not UTF-8 text; save it as UTF-8");
  }

  @Test
  void refusesAClassThatIsForValidationOnly() throws IOException {
    TinyFiles tiny = new TinyFiles(folder);
    tiny.images("cat", 3).images("dog", 2).file("valid.txt", "dog/0.jpg\ndog/1.jpg\n");
    ImageFolder source = ImageFolder.of(folder).split(new ListSplit(folder.resolve("valid.txt")));
    refuses(
        () -> source.load(1),
        "%1$s: all images of class 'dog' are for validation; choose another split than ListSplit: the images that %1$s/valid.txt names for validation"
            .formatted(folder));
  }

  @Test
  void aFolderIsDividedAsItsSplitSays() {
    new TinyFiles(folder).images("cat", 3).images("dog", 3);
    Set<Path> held = new HashSet<>();
    for (int fold = 0; fold < 3; fold++) {
      ImageData data = ImageFolder.of(folder).split(new KFold(3, fold)).load(1);
      assertThat(data.train().size()).isEqualTo(4);
      assertThat(data.valid().labels()).containsExactly(0, 1);
      held.addAll(((Samples.Files) data.valid()).paths());
    }
    assertThat(held).hasSize(6);
  }

  private static void refuseStraddling(List<String> groups, int[] valid) {
    Set<Integer> held = Arrays.stream(valid).boxed().collect(Collectors.toSet());
    Set<String> of = held.stream().map(groups::get).collect(Collectors.toSet());
    for (int i = 0; i < groups.size(); i++) {
      assertThat(held.contains(i)).isEqualTo(of.contains(groups.get(i)));
    }
  }

  private static void refuses(Runnable made, String message) {
    assertThatThrownBy(made::run).isInstanceOf(IllegalArgumentException.class).hasMessage(message);
  }

  private static int[] labels(int... counts) {
    return IntStream.range(0, counts.length)
        .flatMap(k -> IntStream.generate(() -> k).limit(counts[k]))
        .toArray();
  }

  private static Listing listing(int[] labels) {
    return listing(new Targets.Labels(labels), labels.length);
  }

  private static Listing listing(Targets targets, int n) {
    return listing(targets, n, Optional.empty());
  }

  private static Listing listing(Targets targets, int n, Optional<List<String>> groups) {
    PathList paths = PathList.of(ROOT, IntStream.range(0, n).mapToObj(i -> i + ".jpg").toList());
    List<String> names = IntStream.range(0, 9).mapToObj(k -> "class" + k).toList();
    return new Listing(ROOT, new Samples.Files(paths, targets), names, groups);
  }

  private static Listing named(String... names) {
    int[] labels = new int[names.length];
    return new Listing(
        ROOT,
        new Samples.Files(PathList.of(ROOT, List.of(names)), labels),
        List.of("one"),
        Optional.empty());
  }
}
