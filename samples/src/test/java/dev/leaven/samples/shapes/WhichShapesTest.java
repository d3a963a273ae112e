package dev.leaven.samples.shapes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leaven.dsl.Run;
import dev.leaven.runtime.Task;
import dev.leaven.runtime.evaluate.Metric;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
class WhichShapesTest {

  @TempDir private Path directory;

  @Test
  void trainsOnItsOwnPictures() throws IOException {
    Run run = WhichShapes.train(directory, 40, 1);
    assertThat(run.finished()).isTrue();
    assertThat(run.result().plan().data().task()).isEqualTo(Task.MULTI_LABEL);
    assertThat(run.result().plan().data().classNames())
        .containsExactly("circle", "square", "triangle");
    assertThat(run.scores().get(Metric.ACCURACY_MULTI)).isBetween(0.0, 1.0);
    assertThat(run.result().history())
        .singleElement()
        .matches(epoch -> Double.isFinite(epoch.trainLoss()));
  }

  @Test
  void drawsPicturesWithNoneOneAndSeveral() throws IOException {
    Path table = DrawnShapes.draw(directory, 40);
    List<String> rows = Files.readAllLines(table);
    assertThat(rows).hasSize(41).first().isEqualTo("file,shapes");
    assertThat(rows.stream().map(row -> row.substring(row.indexOf(',') + 1)))
        .contains("", "circle", "circle square triangle");
    assertThat(directory.resolve("00039.png")).isNotEmptyFile();
  }
}
