package dev.leaven.docs;

import com.sun.source.doctree.DocTree;
import com.sun.source.doctree.EndElementTree;
import com.sun.source.doctree.EntityTree;
import com.sun.source.doctree.LinkTree;
import com.sun.source.doctree.LiteralTree;
import com.sun.source.doctree.StartElementTree;
import com.sun.source.doctree.TextTree;
import com.sun.source.util.DocTrees;
import java.util.List;

/** Turns what Javadoc says into Markdown: paragraphs, lists, code and the names of links. */
final class DocMarkdown {

  private static final String FENCE = "\n```\n";

  private DocMarkdown() {}

  static String of(DocTrees docs, List<? extends DocTree> body) {
    StringBuilder text = new StringBuilder();
    boolean example = false;
    for (DocTree part : body) {
      if (part instanceof StartElementTree start && start.getName().contentEquals("pre")) {
        example = true;
        text.append(FENCE);
      } else if (part instanceof EndElementTree end && end.getName().contentEquals("pre")) {
        example = false;
        text.append(FENCE);
      } else if (example && part instanceof LiteralTree literal) {
        text.append(literal.getBody().getBody().stripIndent().strip());
      } else {
        text.append(part(docs, part));
      }
    }
    return text.toString().strip();
  }

  private static String part(DocTrees docs, DocTree part) {
    if (part instanceof TextTree text) {
      return line(text.getBody());
    }
    if (part instanceof LiteralTree literal) {
      String body = line(literal.getBody().getBody()).strip();
      return part.getKind() == DocTree.Kind.CODE ? "`" + body + "`" : body;
    }
    if (part instanceof LinkTree link) {
      String label = of(docs, link.getLabel());
      String name = link.getReference().getSignature();
      return label.isEmpty() ? "`" + name.replaceAll("^([a-z]+\\.)+|^#", "") + "`" : label;
    }
    if (part instanceof EntityTree entity) {
      return docs.getCharacters(entity);
    }
    if (part instanceof StartElementTree start) {
      return switch (start.getName().toString()) {
        case "p" -> "\n\n";
        case "ul", "ol" -> "\n";
        case "li" -> "\n- ";
        case "em", "i" -> "*";
        case "sup" -> "^";
        case "sub" -> "_";
        default ->
            throw new IllegalStateException(
                "a card has <%s>, which has no Markdown here".formatted(start.getName()));
      };
    }
    if (part instanceof EndElementTree end) {
      return switch (end.getName().toString()) {
        case "em", "i" -> "*";
        case "ul", "ol" -> "\n\n";
        default -> "";
      };
    }
    throw new IllegalStateException("a card has '%s', which has no Markdown here".formatted(part));
  }

  private static String line(String text) {
    return text.replaceAll("\\s*\\n\\s*", " ");
  }
}
