package dev.leaven.runtime.models;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Leaven's architectures by their usual names. */
public final class Models {

  private static final Map<String, Architecture> BY_NAME = new LinkedHashMap<>();

  static {
    for (int depth : new int[] {18, 34, 50, 101}) {
      BY_NAME.put("xresnet" + depth, new XResNet(depth));
    }
    for (int depth : new int[] {18, 34, 50, 101, 152}) {
      BY_NAME.put("resnet" + depth, new ResNet(depth));
    }
    BY_NAME.put("resnext50", ResNet.resnext50());
    BY_NAME.put("mobilenet-v2", new MobileNetV2());
    BY_NAME.put("convnext-tiny", new ConvNeXtTiny());
  }

  private Models() {}

  /**
   * The names.
   *
   * @return for instance {@code xresnet50}
   */
  public static List<String> names() {
    return List.copyOf(BY_NAME.keySet());
  }

  /**
   * An architecture with its defaults.
   *
   * @param name one of {@link #names()}, in small or large letters
   * @return the architecture
   * @throws IllegalArgumentException when there is none of that name
   */
  public static Architecture named(String name) {
    Architecture model = BY_NAME.get(name.toLowerCase(Locale.ROOT));
    if (model == null) {
      throw new IllegalArgumentException(
          "there is no model %s; there are %s".formatted(name, String.join(", ", names())));
    }
    return model;
  }
}
