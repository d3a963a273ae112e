package dev.leaven.runtime.export;

import dev.leaven.runtime.Check;
import dev.leaven.runtime.data.FileDamage;
import dev.leaven.runtime.internal.tensorflow.TensorFlowErrors;
import dev.leaven.runtime.internal.tensorflow.Values;
import dev.leaven.runtime.machine.Machine;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import org.tensorflow.SavedModelBundle;
import org.tensorflow.exceptions.TFResourceExhaustedException;
import org.tensorflow.ndarray.NdArrays;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.proto.GPUOptions;
import org.tensorflow.proto.SignatureDef;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TString;

/**
 * Predicts images with an exported model. Threads may share it: requests that arrive while a batch
 * is computed form the next batch.
 *
 * <pre>{@code
 * try (Predictor predictor = Predictor.load(Path.of("models/pets/1"))) {
 *   Prediction prediction = predictor.predict(Path.of("tom.jpg"));
 *   System.out.println(prediction.top().name());
 * }
 * }</pre>
 *
 * <p>Files may be JPEG, PNG, GIF (the first frame) or BMP, of any size.
 */
public final class Predictor implements AutoCloseable {

  private static final int USUAL_BATCH = 32;
  private static final int LARGEST_BATCH = 1024;
  private static final long LARGEST_FILE = 1L << 28;

  private final Loaded loaded;
  private final boolean tta;

  private Predictor(Loaded loaded, boolean tta) {
    this.loaded = loaded;
    this.tta = tta;
  }

  /** The state that predictors with and without test-time augmentation share. */
  private static final class Loaded {

    private final ModelInfo info;
    private final SavedModelBundle bundle;
    private final Batching batching;

    Loaded(ModelInfo info, SavedModelBundle bundle, int most) {
      this.info = info;
      this.bundle = bundle;
      batching =
          new Batching(
              this::answers,
              kind -> kind == Batching.Kind.TTA ? Math.max(1, most / info.views()) : most);
    }

    private float[][] answers(Batching.Kind kind, List<byte[]> images) {
      SignatureDef signature =
          bundle
              .metaGraphDef()
              .getSignatureDefOrThrow(
                  switch (kind) {
                    case PLAIN -> ServedGraph.FILES;
                    case TTA -> ServedGraph.TTA_FILES;
                    case EMBEDDING -> ServedGraph.EMBEDDINGS;
                  });
      String output =
          kind == Batching.Kind.EMBEDDING
              ? "embeddings"
              : signature.containsOutputs("values") ? "values" : "probabilities";
      try (TString content =
              TString.tensorOfBytes(NdArrays.vectorOfObjects(images.toArray(byte[][]::new)));
          var result =
              bundle
                  .session()
                  .runner()
                  .feed(signature.getInputsOrThrow("image_bytes").getName(), content)
                  .fetch(signature.getOutputsOrThrow(output).getName())
                  .run()) {
        return Values.rows((TFloat32) result.get(0));
      }
    }
  }

  /**
   * Loads a model.
   *
   * @param directory as {@link Export#to} wrote it
   * @return a predictor that must be closed
   * @throws ModelException when it is not a model, is of a newer version, or is damaged
   */
  public static Predictor load(Path directory) {
    return load(directory, USUAL_BATCH);
  }

  /**
   * Loads a model for batches of another size.
   *
   * @param directory as {@link Export#to} wrote it
   * @param batch the most images that are computed at once, from 1 to 1024; default 32
   * @return a predictor that must be closed
   * @throws ModelException when it is not a model, is of a newer version, or is damaged
   */
  public static Predictor load(Path directory, int batch) {
    Check.range("predictor", "batch", batch, 1, LARGEST_BATCH);
    ModelInfo info = ModelDirectory.read(directory);
    Machine.ofProcess().use();
    ConfigProto config =
        ConfigProto.newBuilder()
            .setGpuOptions(GPUOptions.newBuilder().setAllowGrowth(true))
            .setAllowSoftPlacement(true)
            .build();
    try {
      SavedModelBundle bundle =
          SavedModelBundle.loader(directory.toString()).withConfigProto(config).load();
      return new Predictor(new Loaded(info, bundle, batch), false);
    } catch (RuntimeException e) {
      if (!TensorFlowErrors.isOne(e)) {
        throw e;
      }
      throw new ModelException("%s cannot be loaded: %s".formatted(directory, e.getMessage()), e);
    }
  }

  /**
   * Loads the model of a run without exporting it to a directory first. Cost: some seconds, as for
   * an export.
   *
   * @param export the run and the export options
   * @return a predictor that must be closed
   * @throws ModelException when the model cannot be written to the folder for temporary files
   */
  public static Predictor of(Export export) {
    Path temporary;
    try {
      temporary = Files.createTempDirectory("leaven-model");
    } catch (IOException e) {
      throw new ModelException("the folder for temporary files cannot be written to", e);
    }
    try {
      return load(export.to(temporary.resolve("model")));
    } finally {
      ModelDirectory.delete(temporary);
    }
  }

  /**
   * The same model with test-time augmentation: it predicts from several views of each image. Both
   * are one predictor, and closing one closes the other.
   *
   * @return a predictor that shares all resources with this one
   */
  public Predictor tta() {
    return new Predictor(loaded, true);
  }

  /**
   * The model's metadata.
   *
   * @return its classes, its image size and more
   */
  public ModelInfo model() {
    return loaded.info;
  }

  /**
   * Predicts for a file.
   *
   * @param file an image
   * @return the prediction
   * @throws ModelException when it cannot be read, or is no image
   * @throws IllegalStateException when the predictor is closed
   */
  public Prediction predict(Path file) {
    return join(submit(file));
  }

  /**
   * Predicts for a file's content.
   *
   * @param content the bytes of an image file
   * @return the prediction
   * @throws ModelException when it is no image
   * @throws IllegalStateException when the predictor is closed
   */
  public Prediction predict(byte[] content) {
    return join(submit(content));
  }

  /**
   * Predicts for an image in memory.
   *
   * @param image an image of any type; grey is taken as it is, transparency is ignored
   * @return the prediction
   * @throws IllegalStateException when the predictor is closed
   */
  public Prediction predict(BufferedImage image) {
    return predict(Bitmap.of(image));
  }

  /**
   * Predicts for files together, which is faster than one by one.
   *
   * @param files at least one
   * @return a prediction for each, in order
   * @throws ModelException when there is none, or one cannot be read or is no image
   */
  public List<Prediction> predictFiles(List<Path> files) {
    return all(files, this::submit);
  }

  /**
   * Predicts for files' contents together, which is faster than one by one.
   *
   * @param contents at least one
   * @return a prediction for each, in order
   * @throws ModelException when there is none, or one is no image
   */
  public List<Prediction> predictBytes(List<byte[]> contents) {
    List<byte[]> all = List.copyOf(contents);
    List<CompletableFuture<Prediction>> answers = new ArrayList<>();
    for (int i = 0; i < all.size(); i++) {
      answers.add(submit("image %d of %d".formatted(i + 1, all.size()), all.get(i)));
    }
    return all(answers, Function.identity());
  }

  /**
   * Predicts for images in memory together, which is faster than one by one.
   *
   * @param images at least one
   * @return a prediction for each, in order
   * @throws ModelException when there is none
   */
  public List<Prediction> predictImages(List<BufferedImage> images) {
    return all(images, image -> submit(Bitmap.of(image)));
  }

  /**
   * Requests the prediction for a file and does not wait.
   *
   * @param file an image
   * @return its prediction, or what {@link #predict(Path)} throws
   * @throws IllegalStateException when the predictor is closed already
   */
  public CompletableFuture<Prediction> submit(Path file) {
    try {
      return submit(file.toString(), content(file));
    } catch (ModelException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  /**
   * Requests the prediction for a file's content and does not wait.
   *
   * @param content the bytes of an image file
   * @return its prediction, or what {@link #predict(byte[])} throws
   * @throws IllegalStateException when the predictor is closed already
   */
  public CompletableFuture<Prediction> submit(byte[] content) {
    return submit("the image", content);
  }

  private CompletableFuture<Prediction> submit(String name, byte[] content) {
    Batching.Kind kind = tta ? Batching.Kind.TTA : Batching.Kind.PLAIN;
    return ask(kind, name, content).thenApply(values -> Prediction.of(loaded.info, values));
  }

  /**
   * The input of the model's last layer: images that look alike to the model have vectors with a
   * small angle between them.
   *
   * @param file an image
   * @return as many numbers as the model's features
   * @throws ModelException when the file is no image, or the model does not end in a dense layer
   */
  public float[] embedding(Path file) {
    return join(embed(file.toString(), content(file)));
  }

  /**
   * The input of the model's last layer, for a file's content.
   *
   * @param content the bytes of an image file
   * @return as many numbers as the model's features
   * @throws ModelException when it is no image, or the model does not end in a dense layer
   */
  public float[] embedding(byte[] content) {
    return join(embed("the image", content));
  }

  private CompletableFuture<float[]> embed(String name, byte[] content) {
    if (loaded.info.embedding() == 0) {
      throw new ModelException(
          "%s has no embeddings: it does not end in a dense layer"
              .formatted(loaded.info.architecture()),
          null);
    }
    return ask(Batching.Kind.EMBEDDING, name, content);
  }

  /**
   * The number of images that wait or are being computed.
   *
   * @return at least 0
   */
  public int pending() {
    return loaded.batching.pending();
  }

  private CompletableFuture<float[]> ask(Batching.Kind kind, String name, byte[] content) {
    return loaded
        .batching
        .ask(kind, content)
        .exceptionally(
            failure -> {
              throw explained(name, content, failure);
            });
  }

  private static RuntimeException explained(String name, byte[] content, Throwable failure) {
    if (failure instanceof TFResourceExhaustedException) {
      return new IllegalStateException(
          "%s needs more memory than there is; use a smaller image or batch".formatted(name),
          failure);
    }
    if (failure instanceof RuntimeException e && TensorFlowErrors.isOne(e)) {
      return new ModelException("%s %s".formatted(name, FileDamage.of(content)), e);
    }
    return failure instanceof RuntimeException e ? e : new IllegalStateException(failure);
  }

  private static byte[] content(Path file) {
    try {
      if (Files.isDirectory(file)) {
        throw new ModelException("%s is a folder, not an image".formatted(file), null);
      }
      if (!Files.exists(file)) {
        throw new ModelException("%s does not exist".formatted(file), null);
      }
      if (Files.size(file) > LARGEST_FILE) {
        throw new ModelException(
            "%s has %d bytes, more than the %d of the largest file that is read"
                .formatted(file, Files.size(file), LARGEST_FILE),
            null);
      }
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new ModelException("%s cannot be read: %s".formatted(file, e.getMessage()), e);
    }
  }

  private static <T> List<Prediction> all(
      List<T> images, Function<T, CompletableFuture<Prediction>> submit) {
    if (images.isEmpty()) {
      throw new ModelException("predict: there are no images; give at least one", null);
    }
    return images.stream().map(submit).toList().stream().map(Predictor::join).toList();
  }

  private static <T> T join(CompletableFuture<T> answer) {
    try {
      return answer.join();
    } catch (CompletionException e) {
      Throwable cause = e.getCause();
      if (cause instanceof RuntimeException failure) {
        throw failure;
      }
      throw e;
    }
  }

  /** Finishes the batch that is being computed, fails what waits, and frees the model's memory. */
  @Override
  public void close() {
    loaded.batching.close();
    loaded.bundle.close();
  }
}
