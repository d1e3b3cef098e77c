package io.orrery.check;

import java.util.Arrays;
import java.util.function.IntPredicate;

/** The writes of each key, by process and then in the order of that process. */
final class WriteIndex {
    private final Execution execution;
    private final IntPredicate which;
    /** Where the groups of a key begin: a group is the writes of one process to one key. */
    private final int[] groupsFrom;

    private final int[] groupProcess;
    private final int[] groupFrom;
    private final int[] writes;

    WriteIndex(Execution execution) {
        this(execution, execution::isWrite);
    }

    /** @param which operations to take instead of writes */
    WriteIndex(Execution execution, IntPredicate which) {
        this.execution = execution;
        this.which = which;
        int[] count = new int[execution.keys + 1];
        int[] groups = new int[execution.keys + 1];
        int[] lastProcess = new int[execution.keys];
        Arrays.fill(lastProcess, -1);
        for (int[] timeline : execution.timeline) {
            for (int i : timeline) {
                if (which.test(i)) {
                    int k = execution.key[i];
                    count[k + 1]++;
                    if (lastProcess[k] != execution.process[i]) {
                        lastProcess[k] = execution.process[i];
                        groups[k + 1]++;
                    }
                }
            }
        }
        for (int k = 0; k < execution.keys; k++) {
            count[k + 1] += count[k];
            groups[k + 1] += groups[k];
        }
        groupsFrom = groups;
        groupProcess = new int[groups[execution.keys]];
        groupFrom = new int[groups[execution.keys] + 1];
        writes = new int[count[execution.keys]];
        fill(count, lastProcess);
    }

    private void fill(int[] count, int[] lastProcess) {
        int[] nextWrite = Arrays.copyOf(count, execution.keys);
        int[] nextGroup = Arrays.copyOf(groupsFrom, execution.keys);
        Arrays.fill(lastProcess, -1);
        for (int[] timeline : execution.timeline) {
            for (int i : timeline) {
                if (which.test(i)) {
                    int k = execution.key[i];
                    if (lastProcess[k] != execution.process[i]) {
                        lastProcess[k] = execution.process[i];
                        groupProcess[nextGroup[k]] = execution.process[i];
                        groupFrom[nextGroup[k]++] = nextWrite[k];
                    }
                    writes[nextWrite[k]++] = i;
                }
            }
        }
        groupFrom[groupProcess.length] = writes.length;
    }

    /** The first group of a key; its groups end where those of the next key begin. */
    int groupsFrom(int key) {
        return groupsFrom[key];
    }

    /** Whose writes a group holds. */
    int process(int group) {
        return groupProcess[group];
    }

    /** How many writes a group holds. */
    int size(int group) {
        return groupFrom[group + 1] - groupFrom[group];
    }

    /** A write of a group, in the order of its process. */
    int get(int group, int index) {
        return writes[groupFrom[group] + index];
    }

    /** The last write of the group among the first {@code bound} operations of its process, or -1. */
    int last(int group, int bound) {
        int low = groupFrom[group];
        int high = groupFrom[group + 1];
        int first = low;
        while (low < high) {
            int middle = low + high >>> 1;
            if (execution.seq[writes[middle]] < bound) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low == first ? -1 : writes[low - 1];
    }
}
