package dev.leaven.runtime.report;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Set;

/**
 * Writes HTML that is also well-formed XML: every element is ended, every text and attribute
 * escaped. Class and file names always stay text.
 */
final class Html {

  private static final Set<String> LEFT_AS_THEY_ARE = Set.of("style", "script");

  private final StringBuilder written = new StringBuilder();
  private final Deque<String> open = new ArrayDeque<>();

  /**
   * Begins an element.
   *
   * @param attributes names, each followed by its value
   */
  Html begin(String tag, String... attributes) {
    start(tag, attributes).append('>');
    open.push(tag);
    return this;
  }

  /** Ends the element that was begun last. */
  Html end() {
    written.append("</").append(open.pop()).append('>');
    return this;
  }

  /** Ends an element of that name, which must be the last one begun. */
  Html end(String tag) {
    if (!tag.equals(open.peek())) {
      throw new IllegalStateException("%s is open, not %s".formatted(open.peek(), tag));
    }
    return end();
  }

  /** An element of text alone. */
  Html put(String tag, String text, String... attributes) {
    return begin(tag, attributes).text(text).end();
  }

  /**
   * An element that never has content: one of HTML's own, such as an image, or any of SVG's. Others
   * must be begun and ended: browsers would leave them open.
   */
  Html empty(String tag, String... attributes) {
    start(tag, attributes).append(" />");
    return this;
  }

  /** Text, escaped. */
  Html text(String text) {
    escape(text, written);
    return this;
  }

  /**
   * Content that browsers take as it is: styles and scripts of our own.
   *
   * @throws IllegalArgumentException when it has characters that XML or HTML would interpret
   *     differently
   */
  Html raw(String tag, String content) {
    if (!LEFT_AS_THEY_ARE.contains(tag) || content.matches("(?s).*[<&].*")) {
      throw new IllegalArgumentException("%s must not have < or & in it".formatted(tag));
    }
    written.append('<').append(tag).append(">\n").append(content);
    written.append("</").append(tag).append('>');
    return this;
  }

  /** A line break between elements, for people who read the source. */
  Html line() {
    written.append('\n');
    return this;
  }

  /**
   * The complete page.
   *
   * @throws IllegalStateException when an element is not ended
   */
  String text() {
    if (!open.isEmpty()) {
      throw new IllegalStateException("not ended: " + open);
    }
    return written.toString();
  }

  private StringBuilder start(String tag, String... attributes) {
    written.append('<').append(tag);
    for (int i = 0; i < attributes.length; i += 2) {
      written.append(' ').append(attributes[i]).append("=\"");
      escape(attributes[i + 1], written);
      written.append('"');
    }
    return written;
  }

  private static void escape(String text, StringBuilder to) {
    text.codePoints()
        .forEach(
            letter -> {
              switch (letter) {
                case '<' -> to.append("&lt;");
                case '>' -> to.append("&gt;");
                case '&' -> to.append("&amp;");
                case '"' -> to.append("&quot;");
                case '\'' -> to.append("&#39;");
                default -> to.appendCodePoint(allowed(letter) ? letter : 0xFFFD);
              }
            });
  }

  // The characters that XML can contain; a file name can contain more.
  private static boolean allowed(int letter) {
    return letter == '\t'
        || letter == '\n'
        || letter >= 0x20 && letter < 0x7F
        || letter >= 0xA0 && letter < 0xD800
        || letter >= 0xE000 && letter < 0xFFFE
        || letter > 0xFFFF;
  }
}
