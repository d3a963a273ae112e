package dev.leaven.runtime.report;

import dev.leaven.runtime.Task;
import dev.leaven.runtime.evaluate.Predictions;
import dev.leaven.runtime.interpret.ExplainedMistake;
import dev.leaven.runtime.interpret.HeatMap;
import dev.leaven.runtime.interpret.Interpretation;
import dev.leaven.runtime.interpret.Mistake;
import dev.leaven.runtime.plan.Plan;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Images with bad predictions: the image, the heat map, and the prediction.
 *
 * @param plan defines the task
 * @param answers the source of the images
 */
record MistakeCards(Plan plan, Interpretation answers) {

  private static final float ANSWERED = 0.5f;
  private static final int MOST_NUMBERS = 3;

  List<ImageCard> of(List<Mistake> mistakes) {
    return answers.explain(mistakes).stream().map(this::card).toList();
  }

  private ImageCard card(ExplainedMistake explained) {
    Mistake mistake = explained.mistake();
    String title = title(mistake);
    return new ImageCard(
        explained.heat().map(heat -> views(heat, title)).orElse(List.of()),
        explained.problem(),
        title,
        lines(mistake),
        Optional.of(mistake.file().map(this::place).orElse("image " + mistake.image())));
  }

  // Relative to the data's own folder, whose name is at the top of the page, only the end is
  // informative.
  private String place(Path file) {
    int parts = file.getNameCount();
    return parts > 3 ? "…/" + file.subpath(parts - 3, parts) : file.toString();
  }

  private List<ImageCard.View> views(HeatMap heat, String title) {
    String asked = plan.data().classNames().get(heat.output());
    ImageCard.View image =
        new ImageCard.View(
            EmbeddedPicture.of(heat.pixels(), heat.side(), heat.channels()),
            "as evaluated",
            "the image: " + title);
    if (!heat.tells()) {
      return List.of(image);
    }
    return List.of(
        image,
        new ImageCard.View(
            EmbeddedPicture.of(heat),
            "Grad-CAM for “%s”".formatted(asked),
            "the same image with a heat map of what speaks for “%s”".formatted(asked)));
  }

  private Predictions predictions() {
    return answers.predictions();
  }

  private String title(Mistake mistake) {
    int row = mistake.row();
    List<String> names = plan.data().classNames();
    return switch (plan.data().task()) {
      case CLASSIFICATION -> {
        String label = names.get(predictions().label(row));
        String answer = names.get(predictions().predicted(row));
        yield label.equals(answer)
            ? label + ", rightly"
            : "%s, answered as %s".formatted(label, answer);
      }
      case MULTI_LABEL ->
          "%s; answered: %s"
              .formatted(those(predictions().targets()[row]), those(predictions().answers()[row]));
      case REGRESSION ->
          IntStream.range(0, names.size())
              .limit(MOST_NUMBERS)
              .mapToObj(
                  k ->
                      "%s %s, estimated %s"
                          .formatted(
                              names.get(k),
                              Figures.number(predictions().targets()[row][k]),
                              Figures.number(predictions().answers()[row][k])))
              .collect(Collectors.joining("; "));
    };
  }

  private String those(float[] row) {
    String there =
        IntStream.range(0, row.length)
            .filter(k -> row[k] > ANSWERED)
            .mapToObj(plan.data().classNames()::get)
            .collect(Collectors.joining(", "));
    return there.isEmpty() ? "none" : there;
  }

  private List<String> lines(Mistake mistake) {
    String loss = "loss " + Figures.loss(mistake.loss());
    float[] row = predictions().answers()[mistake.row()];
    if (plan.data().task() == Task.REGRESSION) {
      return List.of(loss);
    }
    String answer =
        "%s for %s"
            .formatted(
                Figures.percent(row[mistake.output()]),
                plan.data().classNames().get(mistake.output()));
    if (plan.data().task() == Task.MULTI_LABEL
        || predictions().label(mistake.row()) == mistake.output()) {
      return List.of(answer, loss);
    }
    int label = predictions().label(mistake.row());
    return List.of(
        "%s, %s for %s"
            .formatted(answer, Figures.percent(row[label]), plan.data().classNames().get(label)),
        loss);
  }
}
