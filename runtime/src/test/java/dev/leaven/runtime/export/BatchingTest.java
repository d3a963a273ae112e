package dev.leaven.runtime.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leaven.runtime.export.Batching.Kind;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** With a model that answers each image by its first byte, and waits until it is let go. */
@Timeout(30)
class BatchingTest {

  private final List<List<Integer>> batches = Collections.synchronizedList(new ArrayList<>());
  private final CountDownLatch begun = new CountDownLatch(1);
  private final CountDownLatch go = new CountDownLatch(1);

  private float[][] answers(Kind kind, List<byte[]> images) {
    batches.add(images.stream().map(image -> (int) image[0]).toList());
    begun.countDown();
    try {
      go.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    float[][] answers = new float[images.size()][];
    for (int i = 0; i < answers.length; i++) {
      if (images.get(i)[0] == 13) {
        throw new IllegalArgumentException("thirteen");
      }
      answers[i] = new float[] {images.get(i)[0]};
    }
    return answers;
  }

  private Batching batching(int most) {
    return new Batching(this::answers, kind -> kind == Kind.TTA ? 2 : most);
  }

  private static CompletableFuture<float[]> ask(Batching batching, int number) {
    return batching.ask(Kind.PLAIN, new byte[] {(byte) number});
  }

  @Test
  void whatArrivesMeanwhileIsTheNextBatch() throws Exception {
    try (Batching batching = batching(4)) {
      List<CompletableFuture<float[]>> answers = new ArrayList<>();
      answers.add(ask(batching, 0));
      assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
      for (int i = 1; i < 7; i++) {
        answers.add(ask(batching, i));
      }
      assertThat(batching.pending()).isEqualTo(7);
      go.countDown();
      for (int i = 0; i < 7; i++) {
        assertThat(answers.get(i).join()).containsExactly(i);
      }
    }
    assertThat(batches).containsExactly(List.of(0), List.of(1, 2, 3, 4), List.of(5, 6));
  }

  @Test
  void aBatchIsOfOneKind() throws Exception {
    try (Batching batching = batching(4)) {
      CompletableFuture<float[]> first = ask(batching, 0);
      assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
      List<CompletableFuture<float[]>> answers = new ArrayList<>();
      for (int i = 1; i < 7; i++) {
        answers.add(batching.ask(i % 2 == 0 ? Kind.PLAIN : Kind.TTA, new byte[] {(byte) i}));
      }
      go.countDown();
      answers.forEach(CompletableFuture::join);
      assertThat(first.join()).containsExactly(0);
    }
    assertThat(batches).containsExactly(List.of(0), List.of(1, 3), List.of(2, 4, 6), List.of(5));
  }

  @Test
  void aBadImageFailsAlone() throws Exception {
    go.countDown();
    try (Batching batching = batching(4)) {
      List<CompletableFuture<float[]>> answers = new ArrayList<>();
      for (int i = 11; i < 15; i++) {
        answers.add(ask(batching, i));
      }
      assertThatThrownBy(answers.get(2)::join)
          .isInstanceOf(CompletionException.class)
          .hasRootCauseMessage("thirteen");
      assertThat(answers.get(3).join()).containsExactly(14);
      assertThat(answers.get(1).join()).containsExactly(12);
    }
  }

  @Test
  void closingFinishesWhatIsComputedAndFailsWhatWaits() throws Exception {
    Batching batching = batching(1);
    CompletableFuture<float[]> computed = ask(batching, 1);
    assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
    CompletableFuture<float[]> waits = ask(batching, 2);
    Thread closing = new Thread(batching::close);
    closing.start();
    assertThatThrownBy(waits::join).hasRootCauseMessage("the predictor is closed");
    assertThat(computed).isNotDone();
    go.countDown();
    assertThat(computed.join()).containsExactly(1);
    closing.join();
    assertThatThrownBy(() -> ask(batching, 3))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("the predictor is closed");
    batching.close();
  }
}
