package dev.leaven.dsl;

import dev.leaven.runtime.Check;
import dev.leaven.runtime.optimize.FrozenNorms;
import dev.leaven.runtime.optimize.GroupRates;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The settings of a stage for its model's parameter groups, before their number is known.
 *
 * @param frozen the number of frozen groups, counted from the images; {@link #BODY} for all but the
 *     last
 * @param norms which batch norms are frozen
 * @param lowest the first group's learning rate as a fraction of the last group's, above 0 and at
 *     most 1
 * @param evenly whether rates grow from group to group; if not, all but the last have the lowest
 */
record GroupSpec(int frozen, FrozenNorms norms, double lowest, boolean evenly) {

  static final int BODY = -1;

  static final GroupSpec ALIKE = new GroupSpec(0, FrozenNorms.NONE, 1, true);

  GroupSpec {
    if (frozen != BODY) {
      Check.atLeast("freeze", "groups", frozen, 0);
    }
    Check.positive("discriminative", "lowest share", lowest);
    Check.range("discriminative", "lowest share", lowest, 0, 1);
  }

  GroupSpec frozen(int groups) {
    return new GroupSpec(groups, norms, lowest, evenly);
  }

  GroupSpec norms(FrozenNorms frozenOnes) {
    return new GroupSpec(frozen, frozenOnes, lowest, evenly);
  }

  GroupSpec lowest(double share) {
    return new GroupSpec(frozen, norms, share, true);
  }

  GroupRates of(int groups) {
    if (norms == FrozenNorms.IN_FROZEN_GROUPS && frozen == 0) {
      throw new IllegalArgumentException(
          "freezeNorms: no parameter group is frozen whose norms it could freeze; say freeze(1), or"
              + " freezeAllNorms() for all norms of the model");
    }
    List<Double> factors = new ArrayList<>(Collections.nCopies(groups - 1, lowest));
    factors.add(1.0);
    return new GroupRates(
        frozen == BODY ? groups - 1 : frozen,
        norms,
        evenly ? GroupRates.evenly(groups, lowest) : factors);
  }
}
