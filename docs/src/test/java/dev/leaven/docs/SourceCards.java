package dev.leaven.docs;

import com.sun.source.doctree.DocCommentTree;
import com.sun.source.doctree.DocTree;
import com.sun.source.doctree.ParamTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePath;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.lang.model.element.Modifier;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** The Javadoc cards of a source folder, in Markdown, by the full name of their class. */
final class SourceCards {

  /**
   * A card.
   *
   * @param text what it says of the class
   * @param parameters what it says of each parameter, in their order
   * @param methods what is said of the class's public methods
   */
  record Card(String text, Map<String, String> parameters, List<String> methods) {}

  private SourceCards() {}

  /**
   * Parses a folder; nothing is compiled.
   *
   * @param sources the folder that the packages begin in
   * @return the card of each record that has one
   */
  static Map<String, Card> of(Path sources) {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    Map<String, Card> cards = new TreeMap<>();
    try (StandardJavaFileManager files =
        compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8)) {
      List<Path> paths = Repository.files(sources, ".java");
      JavacTask task =
          (JavacTask)
              compiler.getTask(
                  null, files, null, null, null, files.getJavaFileObjectsFromPaths(paths));
      DocTrees docs = DocTrees.instance(task);
      for (CompilationUnitTree unit : task.parse()) {
        for (Tree type : unit.getTypeDecls()) {
          if (type instanceof ClassTree tree && tree.getKind() == Tree.Kind.RECORD) {
            DocCommentTree comment = docs.getDocCommentTree(TreePath.getPath(unit, tree));
            if (comment != null) {
              cards.put(
                  unit.getPackageName() + "." + tree.getSimpleName(),
                  card(docs, unit, tree, comment));
            }
          }
        }
      }
      return cards;
    } catch (IOException e) {
      throw new IllegalStateException("cannot read " + sources, e);
    }
  }

  private static Card card(
      DocTrees docs, CompilationUnitTree unit, ClassTree type, DocCommentTree comment) {
    Map<String, String> parameters = new LinkedHashMap<>();
    for (DocTree tag : comment.getBlockTags()) {
      if (tag instanceof ParamTree parameter) {
        parameters.put(
            parameter.getName().toString(), DocMarkdown.of(docs, parameter.getDescription()));
      }
    }
    List<String> methods = new ArrayList<>();
    for (Tree member : type.getMembers()) {
      if (member instanceof MethodTree method
          && method.getModifiers().getFlags().contains(Modifier.PUBLIC)) {
        DocCommentTree said = docs.getDocCommentTree(TreePath.getPath(unit, method));
        if (said != null) {
          methods.add(DocMarkdown.of(docs, said.getFullBody()));
        }
      }
    }
    return new Card(DocMarkdown.of(docs, comment.getFullBody()), parameters, methods);
  }
}
