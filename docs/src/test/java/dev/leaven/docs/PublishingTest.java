package dev.leaven.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.xml.sax.SAXException;

/** What Maven Central asks of a project's description. */
class PublishingTest {

  private static Element pom(String file) {
    try {
      return DocumentBuilderFactory.newInstance()
          .newDocumentBuilder()
          .parse(Repository.ROOT.resolve(file).toFile())
          .getDocumentElement();
    } catch (IOException | SAXException | ParserConfigurationException e) {
      throw new IllegalStateException("cannot read " + file, e);
    }
  }

  private static List<Element> children(Element of, String name) {
    List<Element> found = new ArrayList<>();
    for (Node node = of.getFirstChild(); node != null; node = node.getNextSibling()) {
      if (node instanceof Element element && element.getTagName().equals(name)) {
        found.add(element);
      }
    }
    return found;
  }

  private static Element child(Element of, String name) {
    assertThat(children(of, name)).as(name).hasSize(1);
    return children(of, name).get(0);
  }

  private static String text(Element of, String... names) {
    Element element = of;
    for (String name : names) {
      element = child(element, name);
    }
    return element.getTextContent().strip();
  }

  @ParameterizedTest
  @ValueSource(strings = {"pom.xml", "bom/pom.xml"})
  void saysWhoseItIsAndUnderWhichLicence(String file) {
    Element pom = pom(file);
    assertThat(text(pom, "url")).startsWith("https://");
    assertThat(text(pom, "licenses", "license", "name")).isEqualTo("Apache-2.0");
    assertThat(text(pom, "developers", "developer", "name")).isNotEmpty();
    assertThat(text(pom, "scm", "connection")).startsWith("scm:git:");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"pom.xml", "bom/pom.xml", "runtime/pom.xml", "dsl/pom.xml", "dsl/cli/pom.xml"})
  void hasANameAndADescription(String file) {
    assertThat(text(pom(file), "name")).isNotEmpty();
    assertThat(text(pom(file), "description")).endsWith(".");
  }

  @Test
  void theBomHasTheVersionsThatWereTested() {
    Element parent = pom("pom.xml");
    Element bom = pom("bom/pom.xml");
    assertThat(text(bom, "version")).isEqualTo(text(parent, "version"));
    assertThat(text(bom, "properties", "tensorflow.version"))
        .isEqualTo(text(parent, "properties", "tensorflow.version"));
  }

  @Test
  void theBomHasEveryModuleThatIsPublished() {
    List<String> published = new ArrayList<>();
    for (Element module : children(child(pom("pom.xml"), "modules"), "module")) {
      Element pom = pom(module.getTextContent() + "/pom.xml");
      boolean kept =
          children(pom, "properties").stream()
              .flatMap(properties -> children(properties, "maven.deploy.skip").stream())
              .anyMatch(skip -> skip.getTextContent().equals("true"));
      if (!kept && !text(pom, "artifactId").equals("leaven-bom")) {
        published.add(text(pom, "artifactId"));
      }
    }
    Element managed = child(child(pom("bom/pom.xml"), "dependencyManagement"), "dependencies");
    List<String> listed =
        children(managed, "dependency").stream()
            .filter(dependency -> text(dependency, "groupId").equals("dev.leaven"))
            .map(dependency -> text(dependency, "artifactId"))
            .toList();
    assertThat(published).isNotEmpty().isEqualTo(listed);
  }
}
