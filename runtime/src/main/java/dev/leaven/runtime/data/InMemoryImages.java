package dev.leaven.runtime.data;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.annotation.JsonSerialize;
import com.fasterxml.jackson.databind.jsontype.TypeSerializer;
import java.util.List;
import java.util.Map;

/**
 * Images that a program made or read itself, for tests and for formats that Leaven does not know.
 *
 * <p>It has no JSON form, because the pixels are nowhere to be found again: {@link
 * dev.leaven.runtime.TechniqueJson#write} refuses it. Two are equal only if they are the same.
 */
@JsonSerialize(using = InMemoryImages.NoJson.class)
public final class InMemoryImages implements DataSource {

  private final Samples.Pixels train;
  private final Samples.Pixels valid;
  private final List<String> classNames;

  private InMemoryImages(Samples.Pixels train, Samples.Pixels valid, List<String> classNames) {
    this.train = train;
    this.valid = valid;
    this.classNames = List.copyOf(classNames);
  }

  /**
   * Images for training and for validation. They are not copied and must not change any more.
   *
   * @param train the training part
   * @param valid the validation part, with as many channels
   * @param classNames the classes in the order of their numbers, at least two
   * @throws DataException when the channels differ or a label has no class
   */
  public static InMemoryImages of(
      Samples.Pixels train, Samples.Pixels valid, List<String> classNames) {
    if (train.channels() != valid.channels()) {
      throw new DataException(
          ("InMemoryImages: training images have %d channels, but validation images %d;"
                  + " give both the same")
              .formatted(train.channels(), valid.channels()));
    }
    refuseUnknown("training", train.labels(), classNames.size());
    refuseUnknown("validation", valid.labels(), classNames.size());
    return new InMemoryImages(train, valid, classNames);
  }

  /**
   * The images as they were given.
   *
   * @param seed of no effect, since they are split already
   * @throws DataException when there are fewer than two classes or a part is empty
   */
  @Override
  public ImageData load(long seed) {
    return new ImageData(this, classNames, train.channels(), train, valid, Map.of());
  }

  @Override
  public String describe() {
    return "InMemoryImages: %d images for training, %d for validation"
        .formatted(train.size(), valid.size());
  }

  @Override
  public String toString() {
    return "InMemoryImages[train=%d, valid=%d, classNames=%s]"
        .formatted(train.size(), valid.size(), classNames);
  }

  private static void refuseUnknown(String part, int[] labels, int classes) {
    for (int i = 0; i < labels.length; i++) {
      if (labels[i] < 0 || labels[i] >= classes) {
        throw new DataException(
            ("InMemoryImages: %s image %d has label %d, but there are %d classes from 0;"
                    + " name every class")
                .formatted(part, i, labels[i], classes));
      }
    }
  }

  /** Stands in the way of Jackson, which would write every pixel. */
  static final class NoJson extends JsonSerializer<InMemoryImages> {

    @Override
    public void serialize(InMemoryImages images, JsonGenerator json, SerializerProvider context)
        throws JsonMappingException {
      throw JsonMappingException.from(
          json, "images in memory cannot be found again; save them as files");
    }

    @Override
    public void serializeWithType(
        InMemoryImages images, JsonGenerator json, SerializerProvider context, TypeSerializer type)
        throws JsonMappingException {
      serialize(images, json, context);
    }
  }
}
