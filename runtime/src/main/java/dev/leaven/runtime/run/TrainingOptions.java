package dev.leaven.runtime.run;

import dev.leaven.runtime.Check;

/**
 * The files that a run writes while it trains. Nothing here changes a number of the run, so it is
 * no part of a recipe, and a resumed run may have other options than before.
 *
 * <pre>{@code
 * TrainingOptions.usual().checkpointEvery(500).keep(3).tensorBoard()
 * }</pre>
 *
 * @param checkpointSteps steps after which a checkpoint is written within an epoch, counted from
 *     the epoch's beginning; 0 for none
 * @param checkpointMinutes minutes after the last checkpoint when the next one is written within an
 *     epoch; 0 for none
 * @param keep the number of best epochs that are kept in {@code kept/}, next to {@code last/} and
 *     {@code best/}; each takes the space of a checkpoint
 * @param tensorBoardSteps steps between two points of the loss in the event files for TensorBoard,
 *     in {@code tensorboard/}; 0 for no such files
 */
public record TrainingOptions(
    int checkpointSteps, double checkpointMinutes, int keep, int tensorBoardSteps) {

  private static final int USUAL_TENSOR_BOARD_STEPS = 10;

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException when a value is below 0
   */
  public TrainingOptions {
    Check.atLeast("checkpointEvery", "steps", checkpointSteps, 0);
    Check.range("checkpointMinutes", "minutes", checkpointMinutes, 0, Double.MAX_VALUE);
    Check.atLeast("keep", "epochs", keep, 0);
    Check.atLeast("tensorBoard", "steps", tensorBoardSteps, 0);
  }

  /**
   * A checkpoint after each epoch; the last and the best one are kept.
   *
   * @return the defaults
   */
  public static TrainingOptions usual() {
    return new TrainingOptions(0, 0, 0, 0);
  }

  /**
   * Writes checkpoints within an epoch, by steps. A checkpoint takes the time to write three times
   * the size of the model: its weights and the optimizer's memory.
   *
   * @param steps between two checkpoints; 0 for none
   * @return new options
   * @throws IllegalArgumentException when it is below 0
   */
  public TrainingOptions checkpointEvery(int steps) {
    return new TrainingOptions(steps, checkpointMinutes, keep, tensorBoardSteps);
  }

  /**
   * Writes checkpoints within an epoch, by the clock.
   *
   * @param minutes between two checkpoints; 0 for none
   * @return new options
   * @throws IllegalArgumentException when it is below 0
   */
  public TrainingOptions checkpointMinutes(double minutes) {
    return new TrainingOptions(checkpointSteps, minutes, keep, tensorBoardSteps);
  }

  /**
   * Keeps the best epochs in {@code kept/epoch-003/} and so on: those with the best scores by the
   * task's first metric, and by loss among equals.
   *
   * @param epochs the number of epochs to keep; 0 for none
   * @return new options
   * @throws IllegalArgumentException when it is below 0
   */
  public TrainingOptions keep(int epochs) {
    return new TrainingOptions(checkpointSteps, checkpointMinutes, epochs, tensorBoardSteps);
  }

  /**
   * Writes event files for TensorBoard, with the loss of every tenth step.
   *
   * @return new options
   */
  public TrainingOptions tensorBoard() {
    return tensorBoard(USUAL_TENSOR_BOARD_STEPS);
  }

  /**
   * Writes event files for TensorBoard: the scores of every epoch, and the loss of some steps.
   *
   * @param steps between two points of the loss; 0 for no event files
   * @return new options
   * @throws IllegalArgumentException when it is below 0
   */
  public TrainingOptions tensorBoard(int steps) {
    return new TrainingOptions(checkpointSteps, checkpointMinutes, keep, steps);
  }
}
