///usr/bin/env jbang "$0" "$@" ; exit $?
// The recipe of fashion.recipe.kts as one file of Java that brings its libraries along.
// In this folder: jbang Fashion.java
// On other machines than Linux with x86-64 the last library is linux-arm64, macosx-arm64 or windows-x86_64.
//REPOS mavencentral,mavenlocal
//JAVA 17+
//DEPS dev.leaven:leaven-dsl:0.1.0-SNAPSHOT
//DEPS org.slf4j:slf4j-nop:2.0.18
//DEPS org.tensorflow:tensorflow-core-native:1.1.0:linux-x86_64

import static dev.leaven.dsl.Recipe.resize;

import dev.leaven.dsl.Recipe;
import dev.leaven.runtime.data.DataSource;
import dev.leaven.runtime.data.IdxFolder;
import dev.leaven.runtime.models.XResNet;

/** Trains on a part of Fashion-MNIST; the working directory is this file's. */
public class Fashion {

  static final Recipe RECIPE =
      resize(20)
          .epochs(3)
          .then(24)
          .epochs(5)
          .learningRate(2e-3)
          .model(new XResNet(18))
          .labelSmoothing(0.1)
          .tta(4);

  public static void main(String[] arguments) {
    DataSource clothes = IdxFolder.of("../data/fashion-mnist");
    System.out.println(RECIPE.explain(clothes));
    RECIPE.train(clothes);
  }
}
