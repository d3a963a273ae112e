package dev.leaven.runtime.report;

import java.util.List;
import java.util.Optional;

/**
 * Some views of one image, and what is said of it.
 *
 * @param views beside each other
 * @param problem why there are none
 * @param title the most important, in a line
 * @param lines the rest
 * @param file where the image is, if it is a file
 */
record ImageCard(
    List<View> views,
    Optional<String> problem,
    String title,
    List<String> lines,
    Optional<String> file) {

  /**
   * One view.
   *
   * @param what it is, in a word or two
   * @param alternative what is to be seen
   */
  record View(EmbeddedPicture picture, String what, String alternative) {}

  /** Writes several. */
  static void write(Html html, List<ImageCard> cards) {
    boolean two = cards.stream().anyMatch(card -> card.views().size() > 1);
    html.begin("div", "class", two ? "images pairwise" : "images").line();
    for (ImageCard card : cards) {
      card.write(html);
    }
    html.end("div").line();
  }

  private void write(Html html) {
    html.begin("article", "class", "card image");
    problem.ifPresent(reason -> html.put("p", reason, "class", "missing"));
    if (!views.isEmpty()) {
      html.begin("div", "class", "views");
      for (View view : views) {
        html.begin("div");
        view.picture().write(html, view.alternative());
        html.put("div", view.what(), "class", "what").end();
      }
      html.end("div");
    }
    html.put("h3", title);
    lines.forEach(line -> html.put("p", line));
    file.ifPresent(path -> html.put("p", path, "class", "file"));
    html.end("article").line();
  }
}
