package dev.leaven.dsl;

import static dev.leaven.dsl.Recipe.resize;

/** The sentence as Java says it, for the other languages to compare with theirs. */
public final class SaidInJava {

  /** The README's first recipe. */
  public static final Recipe SENTENCE = resize(128).then(224).mixup().labelSmoothing(0.1).tta(4);

  private SaidInJava() {}
}
