package dev.leaven.runtime.data;

import dev.leaven.runtime.graph.TensorFlowErrors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SortedMap;
import java.util.TreeMap;
import org.tensorflow.Session;
import org.tensorflow.exceptions.TFResourceExhaustedException;

/**
 * Finds the files behind a failed step. TensorFlow's message does not name them, so the files that
 * were being loaded are loaded once more, one by one, by the same pipeline.
 */
public final class DecodeCheck {

  private static final int[] END_OF_JPEG = {0xff, 0xd9};
  private static final int[] END_OF_PNG = {'I', 'E', 'N', 'D', 0xae, 0x42, 0x60, 0x82};

  private DecodeCheck() {}

  /**
   * Loads the images of a pass one by one. The pass that the pipeline was in is dropped.
   *
   * @param session the session of the pipeline's graph
   * @param pipeline what failed
   * @param opened the files in native memory
   * @param files the same files
   * @param pass which of them to try, and how they are loaded
   * @return the indexes of those that cannot be loaded, each with what is wrong, as the end of a
   *     sentence about the file; empty if all can be
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
        damaged.put(index, problem(files.paths().get(index)));
        tried++;
      }
    }
    return damaged;
  }

  /** What is wrong with a file that cannot be decoded, as the end of a sentence about it. */
  static String problem(Path file) {
    String problem = FileCheck.problem(file);
    if (problem != null) {
      return problem;
    }
    try {
      return problem(Files.readAllBytes(file));
    } catch (IOException e) {
      return "cannot be read";
    }
  }

  /**
   * What is wrong with an image that cannot be decoded.
   *
   * @param content the bytes of its file
   * @return the end of a sentence about it
   */
  public static String problem(byte[] content) {
    String problem =
        FileCheck.problem(Arrays.copyOf(content, Math.min(content.length, ImageHeader.LENGTH)));
    if (problem != null) {
      return problem;
    }
    ImageHeader header = new ImageHeader(content);
    String refusal = header.refusal();
    if (refusal != null) {
      return refusal;
    }
    if (header.isJpeg() || header.isPng()) {
      boolean whole = endsWith(content, header.isJpeg() ? END_OF_JPEG : END_OF_PNG);
      return whole ? "is damaged" : "is cut off";
    }
    return "is damaged or cut off";
  }

  // Some programs write zeros behind the end.
  private static boolean endsWith(byte[] bytes, int[] mark) {
    int end = bytes.length;
    while (end > 0 && bytes[end - 1] == 0) {
      end--;
    }
    if (end < mark.length) {
      return false;
    }
    for (int i = 0; i < mark.length; i++) {
      if ((bytes[end - mark.length + i] & 0xff) != mark[i]) {
        return false;
      }
    }
    return true;
  }
}
