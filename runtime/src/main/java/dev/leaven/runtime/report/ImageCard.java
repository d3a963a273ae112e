package dev.leaven.runtime.report;

import java.util.List;
import java.util.Optional;

/**
 * Some views of one image, and its description.
 *
 * @param views shown next to each other
 * @param problem the reason why there are none
 * @param title the most important line
 * @param lines the other lines
 * @param file the image's path, if it is a file
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
   * @param what its name, in a word or two
   * @param alternative the description of the picture
   */
  record View(EmbeddedPicture picture, String what, String alternative) {}

  /** Writes several cards. */
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
