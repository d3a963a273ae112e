package dev.leaven.runtime.data;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * Images that belong together.
 *
 * @param names of the groups, sorted
 * @param members for each group the positions of its images, ascending
 */
record Groups(List<String> names, List<int[]> members) {

  static Groups of(List<String> groupOfEach) {
    TreeMap<String, List<Integer>> members = new TreeMap<>();
    for (int i = 0; i < groupOfEach.size(); i++) {
      members.computeIfAbsent(groupOfEach.get(i), name -> new ArrayList<>()).add(i);
    }
    return new Groups(
        List.copyOf(members.keySet()),
        members.values().stream()
            .map(list -> list.stream().mapToInt(Integer::intValue).toArray())
            .toList());
  }
}
