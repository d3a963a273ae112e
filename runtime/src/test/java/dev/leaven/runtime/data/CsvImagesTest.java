package dev.leaven.runtime.data;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leaven.runtime.Task;
import dev.leaven.runtime.TechniqueJson;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CsvImagesTest {

  @TempDir Path root;

  private TinyFiles tiny;

  @BeforeEach
  void start() {
    tiny = new TinyFiles(root);
    tiny.images("a", 6);
  }

  @Test
  void findsItsColumnsByTheirNames() {
    ImageData data =
        csv(
            "filename,label,is_valid\n"
                + "a/0.jpg,dog,False\na/1.jpg,cat,False\na/2.jpg,dog,True\na/3.jpg,cat,False\n");
    assertThat(data.task()).isEqualTo(Task.CLASSIFICATION);
    assertThat(data.classNames()).containsExactly("cat", "dog");
    assertThat(data.channels()).isEqualTo(3);
    assertThat(names(data.train())).containsExactly("a/0.jpg", "a/1.jpg", "a/3.jpg");
    assertThat(data.train().labels()).containsExactly(1, 0, 0);
    assertThat(names(data.valid())).containsExactly("a/2.jpg");
    assertThat(data.valid().labels()).containsExactly(1);
  }

  @Test
  void knowsTheUsualNamesInAnyCase() {
    for (String header : List.of("Path,Class", "image_name,Category", "fname,target")) {
      assertThat(csv(header + "\na/0.jpg,x\na/1.jpg,y\na/2.jpg,x\na/3.jpg,y\n").classNames())
          .containsExactly("x", "y");
    }
  }

  @Test
  void readsQuotesLineEndsMarksAndLettersOfEveryKind() {
    tiny.file("Bär, groß/ein Bild 熊.jpg", TinyFiles.JPEG);
    ImageData data =
        csv(
            "\ufefffilename,label,note\r\n"
                + "\"Bär, groß/ein Bild 熊.jpg\",\"brown \"\"bear\"\"\",\"two\r\nlines\"\r\n"
                + "\r\n"
                + "./a/../a/1.jpg , cat ,\r\n"
                + "a/2.jpg,cat,\r\n"
                + "a/3.jpg,\"brown \"\"bear\"\"\",last");
    assertThat(data.classNames()).containsExactly("brown \"bear\"", "cat");
    assertThat(data.train().size() + data.valid().size()).isEqualTo(4);
    assertThat(
            names(data.train()).stream().anyMatch("Bär, groß/ein Bild 熊.jpg"::equals)
                || names(data.valid()).contains("Bär, groß/ein Bild 熊.jpg"))
        .isTrue();
  }

  @Test
  void findsTheDelimiter() {
    String rows = "filename;label\na/0.jpg;x, y\na/1.jpg;z\na/2.jpg;x, y\na/3.jpg;z\n";
    assertThat(csv(rows).classNames()).containsExactly("x, y", "z");
    tiny.file("labels.TSV", rows.replace(';', '\t'));
    assertThat(CsvImages.of(root.resolve("labels.TSV")).load(1).classNames())
        .containsExactly("x, y", "z");
    tiny.file("labels.txt", rows.replace(';', '\t').replace("filename", "\"path, or so\""));
    assertThat(CsvImages.of(root.resolve("labels.txt")).image("path, or so").load(1).classNames())
        .containsExactly("x, y", "z");
  }

  @Test
  void readsSeveralLabelsInOneColumn() {
    tiny.file(
        "labels.csv",
        "image_name,tags,split\n0,clear  primary,train\n1,,train\n2,haze clear,train\n3,haze,val\n");
    ImageData data =
        CsvImages.of(root.resolve("labels.csv"))
            .folder("a")
            .suffix(".jpg")
            .labels("tags", " ")
            .load(1);
    assertThat(data.task()).isEqualTo(Task.MULTI_LABEL);
    assertThat(data.classNames()).containsExactly("clear", "haze", "primary");
    assertThat(values(data.train())).containsExactly(1, 0, 1, 0, 0, 0, 1, 1, 0);
    assertThat(values(data.valid())).containsExactly(0, 1, 0);
    assertThat(names(data.valid())).containsExactly("a/3.jpg");
  }

  @Test
  void wholeNumbersAreInTheOrderOfTheirValues() {
    assertThat(csv("file,label\na/0.jpg,10\na/1.jpg,2\na/2.jpg,10\na/3.jpg,2\n").classNames())
        .containsExactly("2", "10");
    assertThat(csv("file,label\na/0.jpg,10\na/1.jpg,2b\na/2.jpg,10\na/3.jpg,2b\n").classNames())
        .containsExactly("10", "2b");
  }

  @Test
  void takesASeparatorAsItIs() {
    tiny.file("labels.csv", "file,t,split\na/0.jpg,x|y z,train\na/1.jpg,x,valid\n");
    assertThat(CsvImages.of(root.resolve("labels.csv")).labels("t", "|").load(1).classNames())
        .containsExactly("x", "y z");
  }

  @Test
  void readsAColumnForEachClass() {
    tiny.file(
        "labels.csv",
        "file,dog,cat,split\na/0.jpg,1,0,train\na/1.jpg,1.0,1,train\na/2.jpg,0,1,test\n");
    ImageData data = CsvImages.of(root.resolve("labels.csv")).oneHot("dog", "cat").load(1);
    assertThat(data.task()).isEqualTo(Task.MULTI_LABEL);
    assertThat(data.classNames()).containsExactly("dog", "cat");
    assertThat(values(data.train())).containsExactly(1, 0, 1, 1);
    assertThat(values(data.valid())).containsExactly(0, 1);
  }

  @Test
  void readsNumbers() {
    tiny.file("labels.csv", "file,age,x,split\na/0.jpg,-1.5,2e3,train\na/1.jpg,7,0,dev\n");
    ImageData data = CsvImages.of(root.resolve("labels.csv")).numbers("x", "age").load(1);
    assertThat(data.task()).isEqualTo(Task.REGRESSION);
    assertThat(data.classNames()).containsExactly("x", "age");
    assertThat(values(data.train())).containsExactly(2000, -1.5f);
    assertThat(values(data.valid())).containsExactly(0, 7);
  }

  @Test
  void rowsMarkedTestAreLeftOutWhereOthersValidate() {
    String rows = "file,label,split\na/0.jpg,x,train\na/1.jpg,y,train\na/2.jpg,x,test\n";
    assertThat(names(csv(rows).valid())).containsExactly("a/2.jpg");
    assertThat(names(csv(rows + "a/3.jpg,y,validation\n").valid())).containsExactly("a/3.jpg");
  }

  @Test
  void dividesByASplitThatItsUserGives() {
    String rows =
        "file,label,is_valid\na/0.jpg,x,1\na/1.jpg,y,0\na/2.jpg,x,0\na/3.jpg,y,0\na/4.jpg,x,0\na/5.jpg,y,0\n";
    assertThat(names(csv(rows).valid())).containsExactly("a/0.jpg");
    tiny.file("labels.csv", rows);
    CsvImages source = CsvImages.of(root.resolve("labels.csv"));
    for (int fold = 0; fold < 3; fold++) {
      assertThat(source.split(new KFold(3, fold)).load(1).valid().labels()).hasSize(2);
    }
  }

  @Test
  void keepsGroupsTogether() {
    String rows =
        "file,label,patient\na/0.jpg,x,p\na/1.jpg,y,p\na/2.jpg,x,q\na/3.jpg,y,q\na/4.jpg,x,r\na/5.jpg,y,r\n";
    tiny.file("labels.csv", rows);
    CsvImages source = CsvImages.of(root.resolve("labels.csv")).groupBy("patient");
    for (int seed = 0; seed < 5; seed++) {
      assertThat(names(source.load(seed).valid()))
          .isIn(
              List.of("a/0.jpg", "a/1.jpg"),
              List.of("a/2.jpg", "a/3.jpg"),
              List.of("a/4.jpg", "a/5.jpg"));
    }
    assertThat(names(source.split(new KFold(3, 0)).load(1).valid())).hasSize(2);
  }

  @Test
  void aRepeatedRowIsLeftOutAndReported() {
    ImageData data = csv("file,label\na/0.jpg,x\na/1.jpg,y\na/2.jpg,x\na/3.jpg,y\n./a/1.jpg,y\n");
    assertThat(data.train().size() + data.valid().size()).isEqualTo(4);
    assertThat(data.skipped())
        .containsOnly(java.util.Map.entry("labels.csv line 6", "repeats line 3"));
  }

  @Test
  void isWrittenToJsonAndReadBack() {
    CsvImages plain = CsvImages.of(root.resolve("labels.csv"));
    assertThat(TechniqueJson.write(plain))
        .isEqualTo(
            ("{\"technique\":\"CsvImages\",\"file\":\"%1$s/labels.csv\",\"folder\":\"%1$s\","
                    + "\"groupColumn\":null,\"image\":null,\"split\":null,\"splitColumn\":null,"
                    + "\"suffix\":\"\",\"target\":{\"columns\":[],\"kind\":\"INFERRED\","
                    + "\"separator\":\"\"}}")
                .formatted(root));
    for (CsvImages source :
        List.of(
            plain,
            plain.image("f").label("l").splitBy("s").groupBy("g"),
            plain.folder("../b").suffix(".png").labels("t", ";").split(new KFold(5, 1)),
            plain.oneHot("a", "b"),
            plain.numbers("x").groupBy("g").split(new GroupSplit(0.3)))) {
      assertThat(TechniqueJson.read(TechniqueJson.write(source), DataSource.class))
          .isEqualTo(source);
    }
  }

  @Test
  void describesItself() {
    assertThat(
            CsvImages.of("/d/l.csv")
                .labels("tags", " ")
                .groupBy("patient")
                .split(new KFold(5, 1))
                .describe())
        .isEqualTo(
            "CsvImages: %s, several classes in column tags, grouped by patient, divided by KFold: fold 1 of 5 for validation, counted from 0"
                .formatted(Path.of("/d/l.csv").toAbsolutePath()));
  }

  private ImageData csv(String text) {
    tiny.file("labels.csv", text);
    return CsvImages.of(root.resolve("labels.csv")).load(1);
  }

  private List<String> names(Samples samples) {
    return ((Samples.Files) samples)
        .paths().stream().map(p -> root.relativize(p).toString().replace('\\', '/')).toList();
  }

  private static float[] values(Samples samples) {
    return ((Targets.Rows) samples.targets()).values();
  }
}
