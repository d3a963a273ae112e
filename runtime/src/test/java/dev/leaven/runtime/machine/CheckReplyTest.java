package dev.leaven.runtime.machine;

import static dev.leaven.runtime.graph.Precision.BFLOAT16;
import static dev.leaven.runtime.graph.Precision.FLOAT32;
import static dev.leaven.runtime.machine.MadeUpChecker.LAYER;
import static dev.leaven.runtime.machine.MadeUpChecker.OTHER;
import static dev.leaven.runtime.machine.MadeUpChecker.line;
import static dev.leaven.runtime.machine.MadeUpChecker.reply;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CheckReplyTest {

  @Test
  void keepsWhatAProcessWrites() {
    CheckReply reply =
        reply(
            line("gpu"),
            line("layer", "FLOAT32", LAYER),
            line("layer", "FLOAT32", OTHER),
            line("begin", "FLOAT32", LAYER + " " + OTHER),
            MadeUpChecker.right(FLOAT32),
            line("found", "FLOAT32", OTHER, "FAILED", "a layer", "no memory"),
            line("speed", "0.75"),
            line("end"));
    assertThat(reply.gpu()).isTrue();
    assertThat(reply.layers(FLOAT32)).containsExactly(LAYER, OTHER);
    assertThat(reply.layers(BFLOAT16)).isEmpty();
    assertThat(reply.findings(FLOAT32)).containsOnlyKeys(LAYER, OTHER);
    assertThat(reply.findings(BFLOAT16)).isEmpty();
    assertThat(reply.worst(FLOAT32))
        .isEqualTo(new Finding(Finding.Kind.FAILED, "a layer", "no memory"));
    assertThat(reply.speed()).hasValue(0.75);
    assertThat(reply.begun()).isEmpty();
    assertThat(reply.complete()).isTrue();
    assertThat(reply.error()).isEmpty();
  }

  @Test
  void nothingIsKnownBeforeTheFirstLine() {
    CheckReply reply = new CheckReply();
    assertThat(reply.gpu()).isFalse();
    assertThat(reply.complete()).isFalse();
    assertThat(reply.speed()).isEmpty();
    assertThat(reply.begun()).isEmpty();
  }

  @Test
  void whatIsBegunAndNotFoundEndedTheProcess() {
    CheckReply reply = reply(line("begin", "BFLOAT16", LAYER + " " + OTHER));
    assertThat(reply.begun()).containsExactly(LAYER, OTHER);
    assertThat(reply.precision()).isEqualTo(BFLOAT16);
    reply.read(MadeUpChecker.wrong(BFLOAT16));
    assertThat(reply.begun()).containsExactly(OTHER);
    reply.begin();
    assertThat(reply.begun()).as("of the next process").isEmpty();
    assertThat(reply.findings(BFLOAT16)).containsOnlyKeys(LAYER);
  }

  @Test
  void timingIsBegunToo() {
    CheckReply reply = reply(line("begin", "BFLOAT16", LAYER));
    reply.read(MadeUpChecker.speed(0.5));
    assertThat(reply.begun()).isEmpty();
  }

  @Test
  void theNextProcessMustFinishAsWell() {
    CheckReply reply = reply(line("end"));
    reply.begin();
    assertThat(reply.complete()).isFalse();
  }

  @Test
  void linesOfOthersAreNoAnswers() {
    CheckReply reply = reply("end", "found\tFLOAT32", "", " " + line("end"), line("greeting"));
    assertThat(reply.complete()).isFalse();
    assertThat(reply.findings(FLOAT32)).isEmpty();
  }

  @Test
  void noPartOfALineIsAFindingOfAnotherKind() {
    String whole = MadeUpChecker.wrong(FLOAT32);
    String begun = line("begin", "FLOAT32", LAYER);
    for (int i = 0; i < whole.length(); i++) {
      CheckReply reply = reply(begun, whole.substring(0, i));
      Finding found = reply.findings(FLOAT32).get(LAYER);
      assertThat(found == null || found.kind() == Finding.Kind.WRONG).as("%d", i).isTrue();
      assertThat(reply.begun()).hasSize(found == null ? 1 : 0);
    }
  }

  @Test
  void partOfALineBeginsNoOtherLayer() {
    String whole = line("begin", "FLOAT32", LAYER);
    for (int i = 0; i < whole.length(); i++) {
      reply(whole.substring(0, i)).begun().forEach(LayerShape::of);
    }
    assertThat(reply(line("begin", "FLOAT32", "Conv2D,4x7")).begun()).isEmpty();
    assertThat(reply(line("begin", "FLOAT", LAYER)).begun()).isEmpty();
  }
}
