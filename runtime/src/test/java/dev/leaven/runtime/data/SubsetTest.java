package dev.leaven.runtime.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leaven.runtime.Task;
import dev.leaven.runtime.TechniqueJson;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SubsetTest {

  private static final int TRAIN = 130;

  /** Each pixel says which image it is: 100 of class 0, 25 of 1 and 5 of 2. */
  private static InMemoryImages images() {
    return InMemoryImages.of(
        pixels(TRAIN, i -> i < 100 ? 0 : i < 125 ? 1 : 2), pixels(20, i -> i % 3), names());
  }

  @Test
  void everyClassKeepsItsShareAndValidationStaysWhole() {
    ImageData data = images().subset(0.1).load(1);
    assertThat(counts(data.train())).containsExactly(10, 3, 1);
    assertThat(data.valid().size()).isEqualTo(20);
    assertThat(data.source()).isInstanceOf(Subset.class);
    assertThat(data.train().labels()).isSorted();
  }

  @Test
  void aNumberForEachClass() {
    assertThat(counts(images().subsetOf(7).load(1).train())).containsExactly(7, 7, 5);
  }

  @Test
  void validationIsThinnedOutIfAsked() {
    assertThat(counts(images().subsetOf(2).alsoOfValidation().load(1).valid()))
        .containsExactly(2, 2, 2);
  }

  @Test
  void theSeedDecidesAndSmallerOnesArePartsOfLargerOnes() {
    List<Integer> small = members(images().subset(0.1).load(1));
    assertThat(members(images().subset(0.1).load(1))).isEqualTo(small);
    assertThat(members(images().subset(0.1).load(2))).isNotEqualTo(small);
    assertThat(members(images().subset(0.3).load(1))).containsAll(small);
    assertThat(members(images().subset(1).load(1))).hasSize(TRAIN);
  }

  @Test
  void numbersAreThinnedOutAllAlike() {
    Targets numbers = new Targets.Rows(Task.REGRESSION, new float[40], 1);
    Samples.Pixels train = new Samples.Pixels(new byte[40], 1, 1, 1, numbers);
    InMemoryImages source = InMemoryImages.of(train, train, List.of("age"));
    assertThat(source.subset(0.25).load(1).train().size()).isEqualTo(10);
    assertThat(source.subsetOf(3).load(1).train().size()).isEqualTo(3);
  }

  @Test
  void isWrittenToJsonAndReadBack() {
    Subset source = ImageFolder.of("/d").split(new KFold(5, 0)).subset(0.1);
    String json = TechniqueJson.write(source);
    assertThat(TechniqueJson.read(json, DataSource.class)).isEqualTo(source);
    Subset other = ImageFolder.of("/d").subsetOf(10).alsoOfValidation();
    assertThat(TechniqueJson.read(TechniqueJson.write(other), DataSource.class)).isEqualTo(other);
  }

  @Test
  void describesItself() {
    String folder = ImageFolder.of("/d").describe();
    assertThat(ImageFolder.of("/d").subset(0.1).describe())
        .isEqualTo("Subset: 0.1 of each class of the training images of " + folder);
    assertThat(ImageFolder.of("/d").subsetOf(10).alsoOfValidation().describe())
        .isEqualTo("Subset: 10 of each class of all images of " + folder);
  }

  @Test
  void refusesParametersOutOfRange() {
    for (double share : new double[] {0, 1.5, Double.NaN}) {
      assertThatThrownBy(() -> images().subset(share))
          .hasMessageStartingWith("Subset: fraction must be above 0 and at most 1, but is ");
    }
    assertThatThrownBy(() -> images().subsetOf(0))
        .hasMessage("Subset: perClass must be at least 1, but is 0");
    assertThatThrownBy(() -> new Subset(images(), Optional.empty(), Optional.empty(), false))
        .hasMessage("Subset: give either fraction or perClass");
  }

  private static List<Integer> members(ImageData data) {
    byte[] pixels = ((Samples.Pixels) data.train()).pixels();
    return IntStream.range(0, pixels.length).mapToObj(i -> pixels[i] & 0xff).toList();
  }

  private static int[] counts(Samples samples) {
    int[] counts = new int[3];
    for (int label : samples.labels()) {
      counts[label]++;
    }
    return counts;
  }

  private static List<String> names() {
    return List.of("a", "b", "c");
  }

  private static Samples.Pixels pixels(int n, java.util.function.IntUnaryOperator label) {
    byte[] pixels = new byte[n];
    for (int i = 0; i < n; i++) {
      pixels[i] = (byte) i;
    }
    return new Samples.Pixels(pixels, 1, 1, 1, IntStream.range(0, n).map(label).toArray());
  }
}
