package dev.leaven.dsl;

import dev.leaven.runtime.Check;
import dev.leaven.runtime.optimize.GroupRates;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * What a stage says of its model's parameter groups, before it is known how many there are.
 *
 * @param frozen how many groups, counted from the images, are frozen; {@link #BODY} for all but the
 *     last
 * @param freezeNorms whether their norms are frozen too
 * @param lowest the first group's share of the last group's learning rate, above 0 and at most 1
 * @param evenly whether rates grow from group to group; if not, all but the last have the lowest
 */
record GroupSpec(int frozen, boolean freezeNorms, double lowest, boolean evenly) {

  static final int BODY = -1;

  static final GroupSpec ALIKE = new GroupSpec(0, false, 1, true);

  GroupSpec {
    if (frozen != BODY) {
      Check.atLeast("freeze", "groups", frozen, 0);
    }
    Check.positive("discriminative", "lowest share", lowest);
    Check.range("discriminative", "lowest share", lowest, 0, 1);
  }

  GroupSpec frozen(int groups) {
    return new GroupSpec(groups, freezeNorms, lowest, evenly);
  }

  GroupSpec lowest(double share) {
    return new GroupSpec(frozen, freezeNorms, share, true);
  }

  GroupRates of(int groups) {
    List<Double> factors = new ArrayList<>(Collections.nCopies(groups - 1, lowest));
    factors.add(1.0);
    return new GroupRates(
        frozen == BODY ? groups - 1 : frozen,
        freezeNorms,
        evenly ? GroupRates.evenly(groups, lowest) : factors);
  }
}
