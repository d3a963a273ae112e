package dev.leaven.runtime.report;

import dev.leaven.runtime.train.Preview;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The images of a training step: as loaded, as the model saw them, and what is learned. */
final class BatchCards {

  private BatchCards() {}

  static List<ImageCard> of(Preview preview) {
    List<ImageCard> cards = new ArrayList<>();
    int channels = preview.plan().data().channels();
    for (Preview.Example example : preview.examples()) {
      String label = Caption.of(preview.plan(), example.label()).text();
      String target = Caption.of(preview.plan(), example.target()).text();
      cards.add(
          new ImageCard(
              List.of(
                  new ImageCard.View(
                      EmbeddedPicture.of(example.original(), preview.stage().presize(), channels),
                      "as loaded",
                      "the image as loaded: " + label),
                  new ImageCard.View(
                      EmbeddedPicture.of(example.shown(), preview.stage().size(), channels),
                      "as the model sees it",
                      "the image as the model sees it, labelled " + target)),
              Optional.empty(),
              label,
              Arrays.equals(example.label(), example.target())
                  ? List.of()
                  : List.of("learned as " + target),
              Optional.empty()));
    }
    return cards;
  }
}
