package dev.leaven.runtime.data.catalogue;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The data sets that Leaven knows. Sizes and MD5 sums are those that the authors or torchvision
 * publish. Where there is none, or sources disagree as they do for Imagewoof, the entry has none.
 */
final class Catalogue {

  private static final String TORONTO = "https://www.cs.toronto.edu/~kriz/";
  private static final String OSSCI = "https://ossci-datasets.s3.amazonaws.com/mnist/";
  private static final String ZALANDO =
      "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/";
  private static final String PETS = "https://www.robots.ox.ac.uk/~vgg/data/pets/data/";
  private static final String FLOWERS = "https://www.robots.ox.ac.uk/~vgg/data/flowers/102/";

  private static final String IMAGENETTE_LABELS =
      """
      n01440764,tench
      n02102040,English springer
      n02979186,cassette player
      n03000684,chain saw
      n03028079,church
      n03394916,French horn
      n03417042,garbage truck
      n03425413,gas pump
      n03445777,golf ball
      n03888257,parachute
      """;

  private static final String IMAGEWOOF_LABELS =
      """
      n02086240,Shih-Tzu
      n02087394,Rhodesian ridgeback
      n02088364,beagle
      n02089973,English foxhound
      n02093754,Border terrier
      n02096294,Australian terrier
      n02099601,golden retriever
      n02105641,Old English sheepdog
      n02111889,Samoyed
      n02115641,dingo
      """;

  private static final String FASHION_CLASSES =
      """
      T-shirt/top
      Trouser
      Pullover
      Dress
      Coat
      Sandal
      Shirt
      Sneaker
      Bag
      Ankle boot
      """;

  static final List<CatalogueEntry> ENTRIES =
      List.of(
          imagenette("160", "-160", "e793b78cc4c9e9a4ccc0c1155377a412"),
          imagenette("320", "-320", "3df6f0d01a2c9592104656642f5e78a3"),
          imagenette("full", "", "fe2fc210e6bb7c5664d602c3cd71e612"),
          imagewoof("160", "-160"),
          imagewoof("320", "-320"),
          imagewoof("full", ""),
          cifar("10", 170_052_171, "c32a1d4ab5d03f1284b67883e8d87530", "cifar-10-batches-bin"),
          cifar("100", 168_513_733, "03b5dce01913d631647c71ecec9e9cb8", "cifar-100-binary"),
          new CatalogueEntry(
              "mnist",
              "70,000 handwritten digits, grey, 28 px",
              List.of(
                  plain(
                      "mnist/train-images-idx3-ubyte.gz",
                      OSSCI,
                      9_912_422,
                      "f68b3c2dcbeaaa9fbdd348bbdeb94873"),
                  plain(
                      "mnist/train-labels-idx1-ubyte.gz",
                      OSSCI,
                      28_881,
                      "d53e105ee54ea40749a09fcbcd1e9432"),
                  plain(
                      "mnist/t10k-images-idx3-ubyte.gz",
                      OSSCI,
                      1_648_877,
                      "9fb629c4189551a2d022fa330f9573f3"),
                  plain(
                      "mnist/t10k-labels-idx1-ubyte.gz",
                      OSSCI,
                      4_542,
                      "ec29112dd5afa0611ce80d1b7f02629c")),
              "",
              Layout.IDX,
              "uncertain: CC BY-SA 3.0 according to Keras and PyMVPA",
              "http://yann.lecun.com/exdb/mnist/",
              Map.of()),
          new CatalogueEntry(
              "fashion-mnist",
              "70,000 pictures of clothes, grey, 28 px, 10 classes",
              List.of(
                  plain(
                      "fashion-mnist/train-images-idx3-ubyte.gz",
                      ZALANDO,
                      26_421_880,
                      "8d4fb7e6c68d591d4c3dfef9ec88bf0d"),
                  plain(
                      "fashion-mnist/train-labels-idx1-ubyte.gz",
                      ZALANDO,
                      29_515,
                      "25c81989df183df01b3e8a0aad5dffbe"),
                  plain(
                      "fashion-mnist/t10k-images-idx3-ubyte.gz",
                      ZALANDO,
                      4_422_102,
                      "bef4ecab320f06d8554ea6380940ec79"),
                  plain(
                      "fashion-mnist/t10k-labels-idx1-ubyte.gz",
                      ZALANDO,
                      5_148,
                      "bb300cfdad3c16e7a12a480ee83cd310")),
              "",
              Layout.IDX,
              "MIT",
              "https://github.com/zalandoresearch/fashion-mnist",
              Map.of("classes.txt", FASHION_CLASSES)),
          new CatalogueEntry(
              "oxford-pets",
              "7,349 photographs of cats and dogs, 37 breeds",
              List.of(
                  archive(
                      "oxford-pets/images.tar.gz",
                      PETS,
                      OptionalLong.of(791_918_971),
                      Optional.of("5c4f3ee8e5d25df40f4fd59a7f44e54c")),
                  archive(
                      "oxford-pets/annotations.tar.gz",
                      PETS,
                      OptionalLong.of(19_173_078),
                      Optional.of("95a8c909bbe2e81eed6a22bccdf3f68f"))),
              "",
              Layout.PETS,
              "CC BY-SA 4.0; the photographs remain their owners'",
              "https://www.robots.ox.ac.uk/~vgg/data/pets/",
              Map.of()),
          new CatalogueEntry(
              "flowers102",
              "8,189 photographs of flowers, 102 classes",
              List.of(
                  archive(
                      "flowers102/102flowers.tgz",
                      FLOWERS,
                      OptionalLong.of(344_862_509),
                      Optional.of("52808999861908f626f3c1f4e79d11fa")),
                  plain(
                      "flowers102/imagelabels.mat",
                      FLOWERS,
                      502,
                      "e0620be6f572b9609742df49c70aed4d"),
                  plain(
                      "flowers102/setid.mat", FLOWERS, 14_989, "a5357ecc9cb78c4bef273ce3793fc85c")),
              "",
              Layout.FLOWERS,
              "none stated",
              FLOWERS,
              Map.of()));

  private Catalogue() {}

  private static CatalogueEntry imagenette(String size, String suffix, String md5) {
    return fastAi(
        "imagenette", size, suffix, Optional.of(md5), "10 easy classes", IMAGENETTE_LABELS);
  }

  private static CatalogueEntry imagewoof(String size, String suffix) {
    return fastAi(
        "imagewoof", size, suffix, Optional.empty(), "10 breeds of dogs", IMAGEWOOF_LABELS);
  }

  private static CatalogueEntry fastAi(
      String name,
      String size,
      String suffix,
      Optional<String> md5,
      String classes,
      String labels) {
    String folder = name + "2" + suffix;
    return new CatalogueEntry(
        name + "-" + size,
        "photographs, %s, %s".formatted(classes, suffix.isEmpty() ? "full size" : size + " px"),
        List.of(
            archive(
                folder + ".tgz",
                "https://s3.amazonaws.com/fast-ai-imageclas/",
                OptionalLong.empty(),
                md5)),
        folder,
        Layout.IMAGE_FOLDER,
        "Apache-2.0; ImageNet's photographs are for non-commercial research and teaching only",
        "https://github.com/fastai/imagenette",
        Map.of("labels.csv", labels));
  }

  private static CatalogueEntry cifar(String classes, long size, String md5, String folder) {
    return new CatalogueEntry(
        "cifar" + classes,
        "60,000 pictures, colour, 32 px, %s classes".formatted(classes),
        List.of(
            archive(
                "cifar-%s-binary.tar.gz".formatted(classes),
                TORONTO,
                OptionalLong.of(size),
                Optional.of(md5))),
        folder,
        Layout.CIFAR,
        "none stated; the authors ask to be cited",
        TORONTO + "cifar.html",
        Map.of());
  }

  private static RemoteFile archive(
      String name, String base, OptionalLong size, Optional<String> md5) {
    return new RemoteFile(name, url(base, name), size, md5.map(Checksum::md5), ArchiveKind.TGZ);
  }

  private static RemoteFile plain(String name, String base, long size, String md5) {
    return new RemoteFile(
        name,
        url(base, name),
        OptionalLong.of(size),
        Optional.of(Checksum.md5(md5)),
        ArchiveKind.NONE);
  }

  private static URI url(String base, String name) {
    return URI.create(base + name.substring(name.lastIndexOf('/') + 1));
  }
}
