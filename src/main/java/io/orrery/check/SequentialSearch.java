package io.orrery.check;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Searches for one order of all operations that keeps the order of each process and explains all reads (Lamport, "How to
 * make a multiprocessor computer that correctly executes multiprocess programs", 1979), with a memory of seen states. As
 * in {@link RegisterSearch}, a read that fits is taken at once, unless it would tell a version.
 */
final class SequentialSearch {
    private static final long SALT = 0x5DEECE66DL << 20;

    private final Steps steps;
    private final Meter meter;
    private final Versions versions;
    private final FingerprintSet seen = new FingerprintSet();
    private final int[][] timeline;
    private final int[] process;
    private final int[] frontier;
    private final int[] now;
    /** For each value how many operations are left that have to find it. */
    private final int[] observers;

    /** Steps that have to come before each step, in other processes: how many are left. */
    private final int[] waits;

    private final int[][] releases;
    private final int[] taken;
    private final int[] replaced;
    private final boolean[] forced;
    private int depth;
    private int requiredLeft;
    private long fingerprint1;
    private long fingerprint2;

    /** @param before pairs of steps, the first of which has to come before the second */
    SequentialSearch(Steps steps, List<int[]> before, Meter meter) {
        this.steps = steps;
        this.meter = meter;
        versions = new Versions(steps);
        int n = steps.size();
        process = new int[n];
        timeline = timelines();
        frontier = new int[timeline.length];
        now = steps.initial.clone();
        observers = new int[steps.values];
        waits = new int[n];
        releases = new int[n][];
        taken = new int[n];
        replaced = new int[n];
        forced = new boolean[n];
        for (int i = 0; i < n; i++) {
            observe(i, 1);
            requiredLeft += steps.required[i] ? 1 : 0;
        }
        Map<Integer, List<Integer>> after = new HashMap<>();
        for (int[] pair : before) {
            waits[pair[1]]++;
            after.computeIfAbsent(pair[0], i -> new ArrayList<>()).add(pair[1]);
        }
        after.forEach((i, all) ->
                releases[i] = all.stream().mapToInt(Integer::intValue).toArray());
    }

    private int[][] timelines() {
        Map<String, Integer> names = new HashMap<>();
        for (int i = 0; i < steps.size(); i++) {
            process[i] = names.computeIfAbsent(steps.op[i].process(), name -> names.size());
        }
        int[] length = new int[names.size()];
        for (int p : process) {
            length[p]++;
        }
        int[][] lines = new int[names.size()][];
        for (int p = 0; p < lines.length; p++) {
            lines[p] = new int[length[p]];
        }
        Arrays.fill(length, 0);
        for (int i = 0; i < process.length; i++) {
            lines[process[i]][length[process[i]]++] = i;
        }
        return lines;
    }

    /**
     * Searches to the end.
     *
     * @return whether there is an order
     * @throws Meter.Spent when a budget is spent
     */
    boolean run() {
        takeForced();
        int after = -1;
        while (requiredLeft > 0) {
            int choice = choose(after);
            if (choice >= 0) {
                take(choice, false);
                takeForced();
                after = -1;
            } else {
                while (depth > 0 && forced[depth - 1]) {
                    untake();
                }
                if (depth == 0) {
                    return false;
                }
                after = untake();
            }
        }
        return true;
    }

    private void takeForced() {
        for (boolean more = true; more; ) {
            more = false;
            for (int p = 0; p < timeline.length; p++) {
                int i = next(p);
                while (i >= 0 && waits[i] == 0 && isMatchingRead(i) && versions.isThere(i)) {
                    take(i, true);
                    more = true;
                    i = next(p);
                }
            }
        }
    }

    private boolean isMatchingRead(int i) {
        int value = now[steps.key[i]];
        return steps.kind[i] == Steps.READ && steps.value[i] == value
                || steps.kind[i] == Steps.MISMATCH && steps.expected[i] != value;
    }

    /** The next operation of a process, or -1. */
    private int next(int p) {
        return frontier[p] < timeline[p].length ? timeline[p][frontier[p]] : -1;
    }

    /** The next choice after the given one, in the order of invocation, that leads to a state not seen before. */
    private int choose(int after) {
        int least = after;
        while (true) {
            int best = Integer.MAX_VALUE;
            for (int p = 0; p < timeline.length; p++) {
                int i = next(p);
                if (i > least && i < best && waits[i] == 0 && fits(i)) {
                    best = i;
                }
            }
            if (best == Integer.MAX_VALUE) {
                return -1;
            }
            if (isNew(best)) {
                return best;
            }
            least = best;
        }
    }

    private boolean fits(int i) {
        if (!steps.writes(i)) {
            return isMatchingRead(i) && versions.tells(i);
        }
        int value = now[steps.key[i]];
        int itself = steps.required[i] && steps.finds(i) == value ? 1 : 0;
        if (steps.once[value] && observers[value] > itself) {
            return false;
        }
        return versions.allows(i) && (steps.kind[i] == Steps.WRITE || steps.expected[i] == value);
    }

    private boolean isNew(int i) {
        meter.state();
        int k = steps.key[i];
        int value = steps.writes(i) ? steps.value[i] : now[k];
        long before = present(k);
        long after = cell(value, versions.after(i));
        return seen.add(
                FingerprintSet.mix(fingerprint1 ^ FingerprintSet.mix(i) ^ at(k, before, 0) ^ at(k, after, 0)),
                FingerprintSet.mix(
                        fingerprint2 ^ FingerprintSet.mix(i ^ SALT) ^ at(k, before, SALT) ^ at(k, after, SALT)));
    }

    /** What a key holds at present. */
    private long present(int key) {
        return cell(now[key], versions.now(key));
    }

    private static long cell(int value, int version) {
        return (long) version << 32 | value;
    }

    private static long at(int key, long cell, long salt) {
        return FingerprintSet.mix(FingerprintSet.mix(~cell ^ salt) + key);
    }

    private void take(int i, boolean isForced) {
        int k = steps.key[i];
        long before = present(k);
        taken[depth] = i;
        replaced[depth] = now[k];
        forced[depth++] = isForced;
        frontier[process[i]]++;
        requiredLeft -= steps.required[i] ? 1 : 0;
        observe(i, -1);
        wait(i, -1);
        if (steps.writes(i)) {
            now[k] = steps.value[i];
        }
        versions.take(i);
        fingerprint(i, k, before, present(k));
    }

    private int untake() {
        int i = taken[--depth];
        int k = steps.key[i];
        long before = present(k);
        now[k] = replaced[depth];
        versions.untake(i);
        fingerprint(i, k, before, present(k));
        wait(i, 1);
        observe(i, 1);
        requiredLeft += steps.required[i] ? 1 : 0;
        frontier[process[i]]--;
        return i;
    }

    private void fingerprint(int i, int key, long from, long to) {
        fingerprint1 ^= FingerprintSet.mix(i) ^ at(key, from, 0) ^ at(key, to, 0);
        fingerprint2 ^= FingerprintSet.mix(i ^ SALT) ^ at(key, from, SALT) ^ at(key, to, SALT);
    }

    private void observe(int i, int change) {
        if (steps.required[i] && steps.finds(i) >= 0) {
            observers[steps.finds(i)] += change;
        }
    }

    private void wait(int i, int change) {
        if (releases[i] != null) {
            for (int j : releases[i]) {
                waits[j] += change;
            }
        }
    }

    /** The order that was found, or the last one that was tried. */
    int[] order() {
        return Arrays.copyOf(taken, depth);
    }
}
