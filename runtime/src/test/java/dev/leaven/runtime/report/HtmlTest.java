package dev.leaven.runtime.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class HtmlTest {

  @Test
  void textsAndAttributesAreEscaped() {
    assertThat(new Html().put("p", "a<b> & \"c\" 'd'", "title", "\"><script>").text())
        .isEqualTo(
            "<p title=\"&quot;&gt;&lt;script&gt;\">a&lt;b&gt; &amp; &quot;c&quot; &#39;d&#39;</p>");
  }

  @Test
  void whatXmlCannotHoldIsReplaced() {
    assertThat(new Html().text("a\u0000b\u001b\uD800c\uFFFF😀ü").text())
        .isEqualTo("a\uFFFDb\uFFFD\uFFFDc\uFFFD😀ü");
  }

  @Test
  void elementsAreEndedInTheirOrder() {
    assertThat(new Html().begin("a").empty("br").begin("b").end().end("a").text())
        .isEqualTo("<a><br /><b></b></a>");
    assertThatThrownBy(() -> new Html().begin("a").end("b")).hasMessage("a is open, not b");
    assertThatThrownBy(() -> new Html().begin("a").text()).hasMessage("not ended: [a]");
    assertThatThrownBy(() -> new Html().raw("style", "a < b"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Html().raw("p", "a")).isInstanceOf(IllegalArgumentException.class);
  }
}
