package dev.leaven.runtime.data.catalogue;

/** The sizes in which Imagenette and Imagewoof are published: the shorter side of each picture. */
public enum ImagenetteSize {
  /** 160 pixels: for images of up to 128 pixels, and for first tries. */
  PX160,
  /** 320 pixels: for images of up to 256 pixels. */
  PX320,
  /** As in ImageNet, mostly 500 by 375 pixels. */
  FULL;

  /**
   * The size with so many pixels.
   *
   * @param pixels 160 or 320
   * @return the size
   * @throws IllegalArgumentException when there is no such size
   */
  public static ImagenetteSize of(int pixels) {
    return switch (pixels) {
      case 160 -> PX160;
      case 320 -> PX320;
      default ->
          throw new IllegalArgumentException(
              "ImagenetteSize: pixels must be 160 or 320, but is %d; FULL has them all"
                  .formatted(pixels));
    };
  }
}
