package io.orrery.check;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Searches for a linearization of the operations on one register: Wing and Gong, "Testing and verifying concurrent
 * objects", 1993, with the linked list and the memory of seen states of Lowe, "Testing for linearizability", 2017.
 *
 * <p>What keeps it small:
 * <ul>
 *   <li>A read (or a cas that did not match) that fits the present value is taken at once and never reconsidered: it
 *       changes nothing, so whatever linearization there is, it may stand here. One that would tell the version of the
 *       present write is a choice like any other: another write may have made that version.
 *   <li>An operation that may not have happened is tried last, only when somebody could still see its effect, and only if
 *       what follows sees it: otherwise it can as well be left out. Of equal ones the first invoked goes first.
 *   <li>A value that is written once only is not overwritten before all that has to find it.
 * </ul>
 */
final class RegisterSearch {
    /** Makes the second fingerprint differ from the first. */
    private static final long SALT = 0x5DEECE66DL << 20;

    private final SearchSteps ops;
    private final boolean lookahead;
    private final BudgetMeter budgetMeter;
    private final VersionOrder versionOrder;
    private final FingerprintSet seen = new FingerprintSet();

    // Invocations and completions of required operations, in the order of the history: entry 2i is the invocation of
    // operation i, 2i + 1 its completion. The last entry is the head of the list.
    private final int head;
    private final int[] next;
    private final int[] previous;
    // Invocations of the others, which never have to complete.
    private final int openHead;
    private final int[] openNext;
    private final int[] openPrevious;
    /** For each operation that may not have happened the last earlier one that does the same, or -1. */
    private final int[] twin;

    private final boolean[] taken;
    /** For each value how many operations are left that would see it. */
    private final int[] observers;
    /** The same, without those that may not have happened. */
    private final int[] requiredObservers;

    private int mismatchesLeft;
    private int requiredLeft;
    private int state;
    /** Whether the last step was a write that may not have happened, and nothing has seen it yet. */
    private boolean unseen;

    private long fingerprint1;
    private long fingerprint2;

    // The steps so far, with what each replaced.
    private final int[] step;
    private final int[] stateBefore;
    private final boolean[] unseenBefore;
    private final boolean[] forced;
    private int depth;

    private final int[] best;
    private int bestDepth = -1;
    private int sharedWithBest;
    private int stuckAt = -1;
    private int furthest;

    /**
     * @param lookahead whether to leave off as soon as a value is overwritten that is still to be found: faster, and the
     *     longest order that it meets is shorter
     */
    RegisterSearch(SearchSteps ops, boolean lookahead, BudgetMeter budgetMeter) {
        this.lookahead = lookahead;
        this.ops = ops;
        versionOrder = new VersionOrder(ops);
        this.budgetMeter = budgetMeter;
        int n = ops.size();
        head = 2 * n;
        next = new int[2 * n + 1];
        previous = new int[2 * n + 1];
        openHead = n;
        openNext = new int[n + 1];
        openPrevious = new int[n + 1];
        twin = new int[n];
        taken = new boolean[n];
        observers = new int[ops.values];
        requiredObservers = new int[ops.values];
        step = new int[n];
        stateBefore = new int[n];
        unseenBefore = new boolean[n];
        forced = new boolean[n];
        best = new int[n];
        state = ops.initial[0];
        link();
    }

    private void link() {
        int[] open = new int[ops.size()];
        int opened = 0;
        // The last operation so far of each kind, value and comparison.
        Map<List<Integer>, Integer> last = new HashMap<>();
        int[] entries = new int[2 * ops.size()];
        int size = 0;
        long[] byPlace = new long[2 * ops.size()];
        for (int i = 0; i < ops.size(); i++) {
            observe(i, 1);
            if (ops.required[i]) {
                requiredLeft++;
                byPlace[size++] = (long) ops.op[i].invokedAt() << 32 | 2 * i;
                byPlace[size++] = (long) ops.op[i].completedAt() << 32 | 2 * i + 1;
            } else {
                Integer same = last.put(List.of((int) ops.kind[i], ops.value[i], ops.expected[i]), i);
                twin[i] = same == null ? -1 : same;
                open[opened++] = i;
            }
        }
        Arrays.sort(byPlace, 0, size);
        for (int e = 0; e < size; e++) {
            entries[e] = (int) byPlace[e];
        }
        chain(entries, size, head, next, previous);
        chain(open, opened, openHead, openNext, openPrevious);
    }

    private static void chain(int[] entries, int size, int head, int[] next, int[] previous) {
        int last = head;
        for (int e = 0; e < size; e++) {
            next[last] = entries[e];
            previous[entries[e]] = last;
            last = entries[e];
        }
        next[last] = head;
        previous[head] = last;
    }

    /**
     * Searches to the end.
     *
     * @return whether there is a linearization
     * @throws BudgetMeter.Spent when a budget is spent; what was found so far can be asked for
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
                remember();
                while (depth > 0 && forced[depth - 1]) {
                    untake();
                }
                if (depth == 0) {
                    return false;
                }
                after = untake();
            }
        }
        remember();
        return true;
    }

    /** Takes every read that fits. */
    private void takeForced() {
        for (int e = next[head]; e != head && (e & 1) == 0; ) {
            int i = e >> 1;
            if (finds(i) && versionOrder.isThere(i)) {
                take(i, true);
                e = next[head];
            } else {
                e = next[e];
            }
        }
    }

    /** The next choice after the given one that leads to a state not seen before, or -1. */
    private int choose(int after) {
        int firstCompletion = head;
        boolean fromOpen = after >= 0 && !ops.required[after];
        for (int e = fromOpen || after < 0 ? next[head] : next[2 * after]; e != head; e = next[e]) {
            if ((e & 1) == 1) {
                firstCompletion = e;
                break;
            }
            if (!fromOpen && fits(e >> 1) && isNew(e >> 1)) {
                return e >> 1;
            }
        }
        int until = firstCompletion == head ? Integer.MAX_VALUE : ops.op[firstCompletion >> 1].completedAt();
        for (int i = fromOpen ? openNext[after] : openNext[openHead]; i != openHead; i = openNext[i]) {
            if (ops.op[i].invokedAt() > until) {
                break;
            }
            if (fits(i) && isUseful(i) && isNew(i)) {
                return i;
            }
        }
        return -1;
    }

    /** Whether a read (or a cas that did not match) fits the present value. */
    private boolean finds(int i) {
        return ops.kind[i] == SearchSteps.READ && ops.value[i] == state
                || ops.kind[i] == SearchSteps.MISMATCH && ops.expected[i] != state;
    }

    private boolean fits(int i) {
        if (!ops.writes(i)) {
            return finds(i) && versionOrder.tells(i);
        }
        int itself = ops.required[i] && ops.finds(i) == state ? 1 : 0;
        if (lookahead && ops.once[state] && requiredObservers[state] > itself) {
            return false;
        }
        return versionOrder.allows(i) && (ops.kind[i] == SearchSteps.WRITE ? !unseen : ops.expected[i] == state);
    }

    /** Whether an operation that may not have happened could be seen by anything, and is the first of its equals. */
    private boolean isUseful(int i) {
        return (observers[ops.value[i]] > 0 || mismatchesLeft > 0)
                && (ops.value[i] != state || versionOrder.matter())
                && (twin[i] < 0 || taken[twin[i]]);
    }

    private boolean isNew(int i) {
        budgetMeter.state();
        int value = ops.writes(i) ? ops.value[i] : state;
        long then = FingerprintSet.mix(versionOrder.after(i)) + value * 2L + (ops.required[i] ? 0 : 1);
        return seen.add(
                FingerprintSet.mix(fingerprint1 ^ FingerprintSet.mix(i) ^ then * SALT),
                FingerprintSet.mix(fingerprint2 ^ FingerprintSet.mix(i ^ SALT) + then));
    }

    private void take(int i, boolean isForced) {
        step[depth] = i;
        stateBefore[depth] = state;
        unseenBefore[depth] = unseen;
        forced[depth++] = isForced;
        taken[i] = true;
        fingerprint1 ^= FingerprintSet.mix(i);
        fingerprint2 ^= FingerprintSet.mix(i ^ SALT);
        observe(i, -1);
        versionOrder.take(i);
        if (ops.writes(i)) {
            state = ops.value[i];
        }
        unseen = !ops.required[i];
        if (ops.required[i]) {
            requiredLeft--;
            unlink(2 * i, next, previous);
            unlink(2 * i + 1, next, previous);
        } else {
            unlink(i, openNext, openPrevious);
        }
    }

    private int untake() {
        int i = step[--depth];
        sharedWithBest = Math.min(sharedWithBest, depth);
        if (ops.required[i]) {
            requiredLeft++;
            relink(2 * i + 1, next, previous);
            relink(2 * i, next, previous);
        } else {
            relink(i, openNext, openPrevious);
        }
        observe(i, 1);
        versionOrder.untake(i);
        fingerprint1 ^= FingerprintSet.mix(i);
        fingerprint2 ^= FingerprintSet.mix(i ^ SALT);
        taken[i] = false;
        state = stateBefore[depth];
        unseen = unseenBefore[depth];
        return i;
    }

    private void observe(int i, int change) {
        if (ops.finds(i) >= 0) {
            observers[ops.finds(i)] += change;
            requiredObservers[ops.finds(i)] += ops.required[i] ? change : 0;
        } else if (ops.kind[i] == SearchSteps.MISMATCH) {
            mismatchesLeft += change;
        }
    }

    private static void unlink(int e, int[] next, int[] previous) {
        next[previous[e]] = next[e];
        previous[next[e]] = previous[e];
    }

    private static void relink(int e, int[] next, int[] previous) {
        next[previous[e]] = e;
        previous[next[e]] = e;
    }

    /** Keeps the longest order so far, and what had to complete next. */
    private void remember() {
        int due = due();
        furthest = Math.max(furthest, due < 0 ? 0 : ops.op[due].completedAt());
        if (depth <= bestDepth) {
            return;
        }
        System.arraycopy(step, sharedWithBest, best, sharedWithBest, depth - sharedWithBest);
        bestDepth = depth;
        sharedWithBest = depth;
        stuckAt = due;
    }

    /** Of the required operations that are left the one that completes first, or -1. */
    private int due() {
        int e = next[head];
        while (e != head && (e & 1) == 0) {
            e = next[e];
        }
        return e == head ? -1 : e >> 1;
    }

    /** The event that no order got past; without looking ahead, what was invoked before it has no linearization either. */
    int furthest() {
        return furthest;
    }

    SearchSteps steps() {
        return ops;
    }

    /** The longest order that was found. */
    int[] longest() {
        remember();
        return Arrays.copyOf(best, bestDepth);
    }

    /** The operation that completes first of those that the longest order has no place for; -1 where it has all. */
    int unplaced() {
        remember();
        return stuckAt;
    }
}
