package io.orrery.check;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Searches for one order of all operations that keeps the order of each process and explains all reads (Lamport, "How to
 * make a multiprocessor computer that correctly executes multiprocess programs", 1979), with a memory of seen states. As
 * in {@link RegisterSearch}, a read that fits is taken at once, unless it would tell a version.
 *
 * <p>A step that may not have happened is the last of its process: it is only taken where what comes next sees it, and of
 * equal ones that can come next the first stands for all.
 */
final class SequentialSearch {
    private static final long SALT = 0x5DEECE66DL << 20;
    private static final int FEW_STATES = 1_000;
    private static final int FEW_STATES_PER_STEP = 4;
    /** After this many attempts the budget doubles. */
    private static final int ATTEMPTS_OF_A_KIND = 8;

    private final SearchSteps searchSteps;
    /** Whether what may not have happened comes before what surely did. */
    private final boolean optionalFirst;

    private final int[] preference;
    private final BudgetMeter budgetMeter;
    private final VersionOrder versionOrder;
    private final FingerprintSet seen = new FingerprintSet();
    private final int[][] timeline;
    private final int[] process;
    private final int[] frontier;
    private final int[] now;
    /** For each value how many operations are left that have to find it. */
    private final int[] observers;
    /** For each value how many operations are left that write it. */
    private final int[] producers;

    /** Steps that have to come before each step, in other processes: how many are left. */
    private final int[] waits;

    private final int[][] releases;
    /** For each step that may not have happened the number of what it does: equal ones have one number. */
    private final int[] twins;
    /** How many of those with the same number have been taken. */
    private final int[] twinsTaken;

    // For one choice: the values that a process finds next. What was noted for another choice has another
    // stamp.
    private final int[] sought;
    private final int[] soughtOtherThan;
    private int stamp;

    /** The key of an optional step that was just taken and that nothing has seen yet; else -1. */
    private int unseen = -1;

    private final int[] unseenBefore;
    private final int[] taken;
    private final int[] replaced;
    private final boolean[] forced;
    private int depth;
    private int requiredLeft;
    private long fingerprint1;
    private long fingerprint2;

    /**
     * Searches to the end. A search that chose wrongly early may never end although another one succeeds at once; so
     * several searches with different preferences and small budgets run first (restarts).
     *
     * @param before pairs of steps, the first of which has to come before the second
     * @return whether there is an order
     * @throws BudgetMeter.Spent when a budget is spent
     */
    static boolean hasOrder(SearchSteps searchSteps, List<int[]> before, BudgetMeter budgetMeter) {
        long patience = FEW_STATES + (long) FEW_STATES_PER_STEP * searchSteps.size();
        for (int attempt = 0; budgetMeter.allows(patience); attempt++) {
            try {
                return new SequentialSearch(searchSteps, before, attempt, budgetMeter.within(patience)).run();
            } catch (BudgetMeter.Spent e) {
                if (e.cause() != Verdict.Cause.STATES) {
                    throw e;
                }
                patience += attempt % ATTEMPTS_OF_A_KIND == 0 ? patience : 0;
            }
        }
        return new SequentialSearch(searchSteps, before, 0, budgetMeter).run();
    }

    private SequentialSearch(SearchSteps searchSteps, List<int[]> before, int attempt, BudgetMeter budgetMeter) {
        this.searchSteps = searchSteps;
        optionalFirst = attempt % 2 == 0;
        preference = preference(searchSteps.size(), attempt);
        this.budgetMeter = budgetMeter;
        versionOrder = new VersionOrder(searchSteps);
        int n = searchSteps.size();
        process = new int[n];
        timeline = timelines();
        frontier = new int[timeline.length];
        now = searchSteps.initial.clone();
        observers = new int[searchSteps.values];
        producers = new int[searchSteps.values];
        waits = new int[n];
        releases = new int[n][];
        twins = twins();
        twinsTaken = new int[n];
        sought = new int[searchSteps.values];
        soughtOtherThan = new int[searchSteps.initial.length];
        unseenBefore = new int[n];
        taken = new int[n];
        replaced = new int[n];
        forced = new boolean[n];
        for (int i = 0; i < n; i++) {
            observe(i, 1);
            requiredLeft += searchSteps.required[i] ? 1 : 0;
        }
        Map<Integer, List<Integer>> after = new HashMap<>();
        for (int[] pair : before) {
            waits[pair[1]]++;
            after.computeIfAbsent(pair[0], i -> new ArrayList<>()).add(pair[1]);
        }
        after.forEach((i, all) ->
                releases[i] = all.stream().mapToInt(Integer::intValue).toArray());
    }

    private int[] twins() {
        int[] numbers = new int[searchSteps.size()];
        Map<List<Integer>, Integer> known = new HashMap<>();
        for (int i = 0; i < numbers.length; i++) {
            if (!searchSteps.required[i]) {
                numbers[i] = known.computeIfAbsent(
                        List.of((int) searchSteps.kind[i], searchSteps.value[i], searchSteps.expected[i]),
                        it -> known.size());
            }
        }
        return numbers;
    }

    /** The place of each step in an order that is that of invocation, more or less. */
    private static int[] preference(int size, int attempt) {
        SplittableRandom random = new SplittableRandom(attempt);
        int most = attempt == 0 ? 1 : 2 << attempt % 8;
        long[] shuffled = new long[size];
        for (int i = 0; i < size; i++) {
            shuffled[i] = (long) (i + random.nextInt(most)) << 32 | i;
        }
        Arrays.sort(shuffled);
        int[] places = new int[size];
        for (int place = 0; place < size; place++) {
            places[(int) shuffled[place]] = place;
        }
        return places;
    }

    private int[][] timelines() {
        Map<String, Integer> names = new HashMap<>();
        for (int i = 0; i < searchSteps.size(); i++) {
            process[i] = names.computeIfAbsent(searchSteps.op[i].process(), name -> names.size());
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

    private boolean run() {
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
                while (i >= 0 && waits[i] == 0 && isMatchingRead(i) && versionOrder.isThere(i)) {
                    take(i, true);
                    more = true;
                    i = next(p);
                }
            }
        }
    }

    private boolean isMatchingRead(int i) {
        int value = now[searchSteps.key[i]];
        return searchSteps.kind[i] == SearchSteps.READ && searchSteps.value[i] == value
                || searchSteps.kind[i] == SearchSteps.MISMATCH && searchSteps.expected[i] != value;
    }

    /** The next operation of a process, or -1. */
    private int next(int p) {
        return frontier[p] < timeline[p].length ? timeline[p][frontier[p]] : -1;
    }

    /**
     * The next choice after the given one that leads to a state not seen before, or -1. Every second attempt takes what may
     * not have happened as soon as something sees it: most often there is more of it than anybody needs, and who waits
     * for it holds up all that comes after. The others keep it for last. Then the order is that of the preference.
     */
    private int choose(int after) {
        look();
        int least = after < 0 ? -1 : rank(after);
        while (true) {
            int best = -1;
            for (int p = 0; p < timeline.length; p++) {
                int i = next(p);
                if (i >= 0
                        && rank(i) > least
                        && (best < 0 || rank(i) < rank(best))
                        && waits[i] == 0
                        && fits(i)
                        && (searchSteps.required[i] || isUseful(i))) {
                    best = i;
                }
            }
            if (best < 0 || isNew(best)) {
                return best;
            }
            least = rank(best);
        }
    }

    private int rank(int i) {
        return (searchSteps.required[i] == optionalFirst ? searchSteps.size() : 0) + preference[i];
    }

    /** Notes what processes find next. */
    private void look() {
        stamp++;
        for (int p = 0; p < timeline.length; p++) {
            int i = next(p);
            if (i < 0 || waits[i] > 0) {
                continue;
            }
            if (searchSteps.finds(i) >= 0) {
                sought[searchSteps.finds(i)] = stamp;
            } else if (searchSteps.kind[i] == SearchSteps.MISMATCH) {
                soughtOtherThan[searchSteps.key[i]] = stamp;
            }
        }
    }

    /** Whether a step that may not have happened is seen by what comes next, and is the first of its twins. */
    private boolean isUseful(int i) {
        boolean seen = sought[searchSteps.value[i]] == stamp || soughtOtherThan[searchSteps.key[i]] == stamp;
        if (!seen || searchSteps.value[i] == now[searchSteps.key[i]] && !versionOrder.matter()) {
            return false;
        }
        for (int p = 0; p < timeline.length; p++) {
            int other = next(p);
            if (other >= 0
                    && other < i
                    && !searchSteps.required[other]
                    && twins[other] == twins[i]
                    && waits[other] == 0) {
                return false;
            }
        }
        return true;
    }

    private boolean fits(int i) {
        if (!searchSteps.writes(i)) {
            return isMatchingRead(i) && versionOrder.tells(i) && (unseen < 0 || searchSteps.key[i] == unseen);
        }
        int value = now[searchSteps.key[i]];
        int itself = searchSteps.required[i] && searchSteps.finds(i) == value ? 1 : 0;
        boolean goes = producers[value] == 0 && searchSteps.value[i] != value;
        if (goes && observers[value] > itself) {
            return false;
        }
        if (unseen >= 0 && (searchSteps.key[i] != unseen || searchSteps.kind[i] != SearchSteps.CAS)) {
            return false;
        }
        return versionOrder.allows(i) && (searchSteps.kind[i] == SearchSteps.WRITE || searchSteps.expected[i] == value);
    }

    private boolean isNew(int i) {
        budgetMeter.state();
        int k = searchSteps.key[i];
        int value = searchSteps.writes(i) ? searchSteps.value[i] : now[k];
        long before = present(k);
        long after = cell(value, versionOrder.after(i));
        // What nothing has seen yet narrows what may come next.
        long then = searchSteps.required[i] ? 0 : SALT;
        return seen.add(
                FingerprintSet.mix(fingerprint1 ^ token(i, 0) ^ at(k, before, 0) ^ at(k, after, 0) ^ then),
                FingerprintSet.mix(fingerprint2 ^ token(i, SALT) ^ at(k, before, SALT) ^ at(k, after, SALT)));
    }

    /** Stands for the step in a fingerprint: which of equal ones were taken makes no difference, but how many does. */
    private long token(int i, long salt) {
        long name = searchSteps.required[i] ? i : ~((long) twins[i] << 32 | twinsTaken[twins[i]]);
        return FingerprintSet.mix(name ^ salt);
    }

    /** What a key holds at present. */
    private long present(int key) {
        return cell(now[key], versionOrder.now(key));
    }

    private static long cell(int value, int version) {
        return (long) version << 32 | value;
    }

    private static long at(int key, long cell, long salt) {
        return FingerprintSet.mix(FingerprintSet.mix(~cell ^ salt) + key);
    }

    private void take(int i, boolean isForced) {
        int k = searchSteps.key[i];
        long before = present(k);
        taken[depth] = i;
        replaced[depth] = now[k];
        forced[depth++] = isForced;
        frontier[process[i]]++;
        requiredLeft -= searchSteps.required[i] ? 1 : 0;
        observe(i, -1);
        wait(i, -1);
        if (searchSteps.writes(i)) {
            now[k] = searchSteps.value[i];
        }
        versionOrder.take(i);
        fingerprint(i, k, before, present(k));
        unseenBefore[depth - 1] = unseen;
        if (!searchSteps.required[i]) {
            twinsTaken[twins[i]]++;
            unseen = k;
        } else if (k == unseen) {
            unseen = -1;
        }
    }

    private int untake() {
        int i = taken[--depth];
        int k = searchSteps.key[i];
        unseen = unseenBefore[depth];
        if (!searchSteps.required[i]) {
            twinsTaken[twins[i]]--;
        }
        long before = present(k);
        now[k] = replaced[depth];
        versionOrder.untake(i);
        fingerprint(i, k, before, present(k));
        wait(i, 1);
        observe(i, 1);
        requiredLeft += searchSteps.required[i] ? 1 : 0;
        frontier[process[i]]--;
        return i;
    }

    private void fingerprint(int i, int key, long from, long to) {
        fingerprint1 ^= token(i, 0) ^ at(key, from, 0) ^ at(key, to, 0);
        fingerprint2 ^= token(i, SALT) ^ at(key, from, SALT) ^ at(key, to, SALT);
    }

    private void observe(int i, int change) {
        if (searchSteps.required[i] && searchSteps.finds(i) >= 0) {
            observers[searchSteps.finds(i)] += change;
        }
        if (searchSteps.writes(i)) {
            producers[searchSteps.value[i]] += change;
        }
    }

    private void wait(int i, int change) {
        if (releases[i] != null) {
            for (int j : releases[i]) {
                waits[j] += change;
            }
        }
    }
}
