package dev.leaven.runtime.internal.pipeline;

import dev.leaven.runtime.data.FileDamage;
import dev.leaven.runtime.data.Samples;
import dev.leaven.runtime.internal.tensorflow.TensorFlowErrors;
import java.util.SortedMap;
import java.util.TreeMap;
import org.tensorflow.Session;
import org.tensorflow.exceptions.TFResourceExhaustedException;

/**
 * Finds the files behind a failed step. TensorFlow's message does not name them, so the files that
 * were being loaded are loaded once more, one by one, by the same pipeline.
 */
public final class DecodeCheck {

  private DecodeCheck() {}

  /**
   * Loads the images of a pass one by one. The pipeline's previous pass is dropped.
   *
   * @param session the session of the pipeline's graph
   * @param pipeline the pipeline that failed
   * @param opened the files in native memory
   * @param files the same files
   * @param pass which files to try, and how they are loaded
   * @return the indexes of the files that cannot be loaded, each with the problem as the end of a
   *     sentence about the file; empty if all can be loaded
   */
  public static SortedMap<Integer, String> damaged(
      Session session,
      Pipeline pipeline,
      Loader.Opened opened,
      Samples.Files files,
      Pipeline.Pass pass) {
    SortedMap<Integer, String> damaged = new TreeMap<>();
    Pipeline.Pass single = pass.inBatchesOf(1);
    int tried = 0;
    while (tried < pass.order().length) {
      pipeline.start(session, opened, single.from(tried));
      try {
        while (tried < pass.order().length) {
          session.runner().addTarget(pipeline.images()).run().close();
          tried++;
        }
      } catch (TFResourceExhaustedException e) {
        throw e;
      } catch (RuntimeException e) {
        if (!TensorFlowErrors.isOne(e)) {
          throw e;
        }
        int index = pass.order()[tried];
        damaged.put(index, FileDamage.of(files.paths().get(index)));
        tried++;
      }
    }
    return damaged;
  }
}
