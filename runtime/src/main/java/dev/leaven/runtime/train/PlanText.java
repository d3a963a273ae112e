package dev.leaven.runtime.train;

/** Says a plan in words. */
public final class PlanText {
  private PlanText() {}

  /**
   * The plan as text.
   *
   * @param plan any plan
   * @return lines
   */
  public static String of(Plan plan) {
    return plan.toString();
  }
}
