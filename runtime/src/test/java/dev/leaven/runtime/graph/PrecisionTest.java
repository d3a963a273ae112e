package dev.leaven.runtime.graph;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leaven.runtime.internal.graph.Sessions;
import org.junit.jupiter.api.Test;
import org.tensorflow.Graph;

class PrecisionTest {

  @Test
  void aSessionNeedsADecision() {
    try (Graph graph = new Graph()) {
      assertThatThrownBy(() -> Sessions.open(graph, Precision.AUTO))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("the precision must be decided first");
    }
  }
}
