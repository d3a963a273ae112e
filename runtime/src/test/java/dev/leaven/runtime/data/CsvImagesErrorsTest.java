package dev.leaven.runtime.data;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every sentence in full; %s stands for the table. */
class CsvImagesErrorsTest {

  private static final String GOOD = "a/0.jpg,x\na/1.jpg,y\na/2.jpg,x\na/3.jpg,y\n";

  @TempDir Path root;

  private Path table;

  @BeforeEach
  void start() {
    new TinyFiles(root).images("a", 4);
    table = root.resolve("labels.csv");
  }

  @Test
  void theTableIsMissingOrAFolder() {
    refuses(source -> source, "%s: there is no such file; check the path");
    new TinyFiles(root).folder("labels.csv");
    refuses(
        source -> source,
        "%s: this is a folder; name the table in it, or use ImageFolder for a folder of images for"
            + " each class");
  }

  @Test
  void thereIsNothingInTheTable() {
    refuses("", "%s: the file is empty; write a header and a row");
    refuses("\n\n", "%s: the file is empty; write a header and a row");
    refuses("file,label\n\n", "%s: there is a header, but no row; write a row for each image");
  }

  @Test
  void itIsNotUtf8() throws IOException {
    Files.write(table, "file,label\na/0.jpg,Bär\n".getBytes(StandardCharsets.ISO_8859_1));
    refuses(source -> source, "%s: cannot be read, because it is not UTF-8 text; save it as UTF-8");
  }

  @Test
  void aQuoteIsNotClosed() {
    refuses(
        "file,label\na/0.jpg,\"x\na/1.jpg,y\n",
        "%s: is no table: (startline 2) EOF reached before encapsulated token finished; close every"
            + " quote");
  }

  @Test
  void aRowHasTooManyOrTooFewValues() {
    refuses(
        "file,label\n\"a/0.jpg\",\"x\ny\"\na/1.jpg,x,y\n",
        "%s line 4: there are 3 values, but 2 columns; put quotes around a value that has the"
            + " delimiter in it");
    refuses(
        "file,label\r\na/0.jpg\r\n",
        "%s line 2: there is 1 value, but 2 columns; put quotes around a value that has the"
            + " delimiter in it");
  }

  @Test
  void twoColumnsHaveOneName() {
    refuses("file,label,file\n", "%s line 1: two columns are named 'file'; rename one");
  }

  @Test
  void aColumnIsMissing() {
    write("file,label\n" + GOOD);
    refuses(
        source -> source.image("photo"),
        "%s: there is no column 'photo'; the columns are file, label");
    refuses(
        source -> source.label("breed"),
        "%s: there is no column 'breed'; the columns are file, label");
    refuses(
        source -> source.splitBy("is_valid"),
        "%s: there is no column 'is_valid'; the columns are file, label");
    refuses(
        source -> source.groupBy("patient"),
        "%s: there is no column 'patient'; the columns are file, label");
  }

  @Test
  void aColumnCannotBeInferred() {
    refuses(
        "id,label\n" + GOOD,
        "%s: no column is named filename, file_name, fname, file, filepath, path, image, image_name"
            + " or image_path; name it with image; the columns are id, label");
    refuses(
        "file,path,label\na/0.jpg,b,x\n",
        "%s: several columns could hold the paths of images; name it with image; the columns are"
            + " file, path, label");
    refuses(
        "file,breed\n" + GOOD,
        "%s: no column is named label, class, category or target; name it with label, labels,"
            + " oneHot or numbers; the columns are file, breed");
    refuses(
        "file,label,class\na/0.jpg,b,x\n",
        "%s: several columns could hold the label; name it with label, labels, oneHot or"
            + " numbers; the columns are file, label, class");
    refuses(
        "file,Tags\n" + GOOD,
        "%s: column 'Tags' could hold one label or several; name it as label, or as labels"
            + " with what stands between them");
    refuses(
        "file,target\na/0.jpg,0.37\na/1.jpg,2\n",
        "%s: column 'target' holds numbers such as 0.37; name it as numbers to estimate them,"
            + " or as label if they are names of classes");
  }

  @Test
  void aValueIsMissing() {
    refuses(
        "file,label\na/0.jpg,x\na/1.jpg,\n",
        "%s line 3: there is nothing in column 'label'; fill it in or remove the line");
    refuses(
        "file,label\na/0.jpg,x\n ,y\n",
        "%s line 3: there is nothing in column 'file'; fill it in or remove the line");
    refuses(
        "file,label,split\na/0.jpg,x,\n",
        "%s line 2: there is nothing in column 'split'; fill it in or remove the line");
  }

  @Test
  void aFileDoesNotExist() {
    refuses(
        "file,label\n" + GOOD + "b/9.jpg,x\n",
        "%s line 6: there is no file "
            + root
            + "/b/9.jpg; check folder and suffix, or"
            + " remove the line");
    refuses(
        "file,label\na/0,x\na/1,y\na/2,x\n",
        "%s line 2: there is no file "
            + root
            + "/a/0, nor those of 2 more lines; set suffix to .jpg");
  }

  @Test
  void aPathLeadsOutOfTheFolder() {
    for (String path :
        new String[] {"../secret.jpg", "a/../../secret.jpg", "/etc/passwd", "..\\s.jpg"}) {
      refuses(
          "file,label\n" + GOOD + path + ",x\n",
          "%s line 6: '"
              + path
              + "' is not below "
              + root
              + "; set folder if the images lie"
              + " elsewhere");
    }
  }

  @Test
  void aRowContradictsAnother() {
    refuses(
        "file,label\n" + GOOD + "./a/1.jpg,x\n",
        "%s line 6: 'a/1.jpg' has 'x' in column 'label', but 'y' on line 3; keep one of them");
    refuses(
        "file,label,split\na/0.jpg,x,train\na/0.jpg,x,valid\n",
        "%s line 3: 'a/0.jpg' has 'valid' in column 'split', but 'train' on line 2; keep one of"
            + " them");
  }

  @Test
  void anotherColumnMayDiffer() {
    write(
        "file,label,who\na/0.jpg,x,Ann\na/0.jpg,x,Bob\na/1.jpg,y,Ann\na/2.jpg,x,Ann\na/3.jpg,y,Ann\n");
    org.assertj.core.api.Assertions.assertThat(CsvImages.of(table).load(1).skipped()).hasSize(1);
  }

  @Test
  void aNumberIsNone() {
    for (String bad : new String[] {"NaN", "Infinity", "-inf", "1e99", "ten", "1,5"}) {
      write("file;age\na/0.jpg;1\na/1.jpg;" + bad + "\n");
      refuses(
          source -> source.numbers("age"),
          "%s line 3: '" + bad + "' in column 'age' is no finite number");
    }
    write("file,dog\na/0.jpg,1\na/1.jpg,2\n");
    refuses(source -> source.oneHot("dog"), "%s line 3: '2' in column 'dog' is neither 0 nor 1");
  }

  @Test
  void noImageHasALabel() {
    write("file,tags\na/0.jpg,\na/1.jpg, \n");
    refuses(
        source -> source.labels("tags", " "),
        "%s: column 'tags' has no label in any row; fill it in");
  }

  @Test
  void thereIsOneClassOnly() {
    refuses(
        "file,label\na/0.jpg,x\na/1.jpg,x\n",
        "%s: every image is of class 'x', but a classifier needs at least 2 classes");
  }

  @Test
  void aPartIsMarkedInAnUnknownWay() {
    refuses(
        "file,label,split\na/0.jpg,x,holdout\n",
        "%s line 2: 'holdout' in column 'split' is not train, valid, val, validation, dev or test,"
            + " nor true or false in a column that marks validation");
    write("file,label,is_train\na/0.jpg,x,true\n");
    refuses(
        source -> source.splitBy("is_train"),
        "%s line 2: 'true' in column 'is_train' is not train, valid, val, validation, dev or test,"
            + " nor true or false in a column that marks validation");
  }

  @Test
  void aPartHasNoImages() {
    refuses(
        "file,label,split\na/0.jpg,x,train\na/1.jpg,y,train\n",
        "%s: column 'split' leaves no image for validation");
    refuses(
        "file,label,split\na/0.jpg,x,valid\na/1.jpg,y,valid\n",
        "%s: column 'split' leaves no image for training");
  }

  @Test
  void aClassIsForValidationOnly() {
    refuses(
        "file,label,split\na/0.jpg,x,train\na/1.jpg,y,train\na/2.jpg,z,valid\n",
        "%s line 4: class 'z' is for validation only; add training images of it or remove the line");
    write("file,tags,split\na/0.jpg,x,train\na/1.jpg,x,valid\na/2.jpg,x z,valid\n");
    refuses(
        source -> source.labels("tags", " "),
        "%s line 4: class 'z' is for validation only; add training images of it or remove the line");
  }

  @Test
  void aGroupIsInBothParts() {
    write("file,label,split,who\na/0.jpg,x,train,p\na/1.jpg,y,train,q\na/2.jpg,x,valid,p\n");
    refuses(
        source -> source.groupBy("who"),
        "%s line 4: group 'p' is for validation here, but for training on line 2; put all its"
            + " images on one side");
  }

  @Test
  void tooManyFilesAreDamaged() {
    new TinyFiles(root).file("a/4.jpg", "<html>");
    refuses(
        "file,label\n" + GOOD + "a/0.jpg,x\na/4.jpg,y\n",
        root
            + ": 1 of 5 image files (20 %%) cannot be used, where at most 1 %% is skipped: a/4.jpg is"
            + " text; replace or delete them");
  }

  @Test
  void itsOwnParametersContradictEachOther() {
    refuses(
        source -> source.splitBy("s").split(new KFold(5, 0)),
        "CsvImages: column 's' and KFold both divide the images; choose one");
    refuses(
        source -> source.groupBy("g").split(new FractionSplit(0.2)),
        "CsvImages: FractionSplit does not keep the groups of column 'g' together; choose GroupSplit"
            + " or KFold");
    refuses(
        source -> source.labels("t", ""),
        "CsvImages: separator must not be empty; a space divides words");
    refuses(source -> source.numbers(), "CsvImages: NUMBERS needs columns, but has 0");
    refuses(source -> source.oneHot("a", "a"), "CsvImages: a column comes twice in [a, a]");
  }

  private void write(String text) {
    new TinyFiles(root).file("labels.csv", text);
  }

  private void refuses(String text, String message) {
    write(text);
    refuses(source -> source, message);
  }

  private void refuses(UnaryOperator<CsvImages> said, String message) {
    assertThatThrownBy(() -> said.apply(CsvImages.of(table)).load(1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message.formatted(table));
  }
}
