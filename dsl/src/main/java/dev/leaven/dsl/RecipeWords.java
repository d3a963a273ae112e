package dev.leaven.dsl;

/**
 * All words for a whole run. The words for one stage are {@link StageWords}.
 *
 * @param <R> what a word returns: the changed value, or nothing in a Kotlin block
 */
@CheckReturnValue
public interface RecipeWords<R>
    extends ImageWords<R>, TargetWords<R>, TrainingWords<R>, EvaluationWords<R> {}
