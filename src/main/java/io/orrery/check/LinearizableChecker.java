package io.orrery.check;

import io.orrery.history.Op;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/**
 * Linearizability, key by key, since it is local (Herlihy and Wing 1990, theorem 1). A key whose reads name their writes
 * is decided by {@link Zones}; one where values repeat (and neither versions nor real time tell them apart) or that has a
 * cas, by {@link RegisterSearch}.
 */
final class LinearizableChecker {
    private static final long SHRINK_NANOS = TimeUnit.SECONDS.toNanos(2);
    private static final int SHRINK_STATES = 50_000;
    private static final int LONGEST_ORDER_STATES = 200_000;

    private final ReadsFrom reads;
    private final Options options;
    private final Meter meter;
    private final Zones.Scratch scratch;

    LinearizableChecker(ReadsFrom reads, Options options, Meter meter) {
        this.reads = reads;
        this.options = options;
        this.meter = meter;
        scratch = new Zones.Scratch(reads.ops.size());
    }

    Verdict check() {
        Verdict.Undecided undecided = null;
        for (int[] members : byKey()) {
            try {
                Witness witness = checkKey(members);
                if (witness != null) {
                    return new Verdict.Violated(witness);
                }
            } catch (Meter.Spent e) {
                undecided = new Verdict.Undecided(
                        e.cause(),
                        e.getMessage() + " on key " + reads.ops.get(members[0]).key());
            }
        }
        return undecided == null ? Verdict.HOLDS : undecided;
    }

    private List<int[]> byKey() {
        int[] count = new int[reads.keys.size()];
        for (int k : reads.key) {
            count[k]++;
        }
        List<int[]> members = new ArrayList<>();
        for (int c : count) {
            members.add(new int[c]);
        }
        Arrays.fill(count, 0);
        for (int i = 0; i < reads.key.length; i++) {
            members.get(reads.key[i])[count[reads.key[i]]++] = i;
        }
        return members;
    }

    private Witness checkKey(int[] members) {
        meter.look();
        if (reads.keys.get(reads.key[members[0]]).hasCas || !narrow(members)) {
            return search(members);
        }
        Witness witness = Zones.check(reads, members, scratch);
        if (witness == null) {
            return null;
        }
        RegisterSearch search = longestOrder(new Steps(reads, members, reads.source));
        return new Witness(
                witness.pattern(),
                witness.explanation(),
                witness.operations(),
                ops(search.steps(), search.longest()),
                search.unplaced() < 0 ? null : search.steps().op[search.unplaced()]);
    }

    /** Finds the writes of ambiguous reads by real time; false where some stay ambiguous. */
    private boolean narrow(int[] members) {
        if (Arrays.stream(members).noneMatch(i -> reads.source[i] == ReadsFrom.AMBIGUOUS)) {
            return true;
        }
        Narrowing narrowing = new Narrowing(reads, members);
        for (int i : members) {
            if (reads.source[i] == ReadsFrom.AMBIGUOUS) {
                int source = narrowing.source(i);
                if (source == ReadsFrom.AMBIGUOUS || source == ReadsFrom.THIN_AIR) {
                    return false;
                }
                reads.source[i] = source;
            }
        }
        return true;
    }

    /** How far an order gets where there is none for all operations. */
    private RegisterSearch longestOrder(Steps steps) {
        Meter little = new Meter(options.withStates(Math.min(options.states(), LONGEST_ORDER_STATES)));
        RegisterSearch search = new RegisterSearch(steps, false, little);
        try {
            search.run();
        } catch (Meter.Spent e) {
            // The longest so far is good enough: that there is none for all operations is known.
            return search;
        }
        return search;
    }

    private Witness search(int[] members) {
        Steps steps = new Steps(reads, members, null);
        if (new RegisterSearch(steps, true, meter).run()) {
            return null;
        }
        RegisterSearch longest = longestOrder(steps);
        Op unplaced = steps.op[longest.unplaced()];
        List<Op> partial = ops(steps, longest.longest());
        Steps start = steps.until(longest.furthest());
        Steps small = (isImpossible(start) ? start : steps).shrink(this::isImpossible, SHRINK_NANOS);
        Op last = partial.isEmpty() ? null : partial.get(partial.size() - 1);
        String explanation = "No order of the operations on " + unplaced.key() + " fits: after the longest that was "
                + "found (" + partial.size() + " operations"
                + (last == null ? "" : ", the last \"" + last.words() + "\"")
                + ") \"" + unplaced.words() + "\" has no place.";
        return new Witness("NoLinearization", explanation, List.of(small.op), partial, unplaced);
    }

    private boolean isImpossible(Steps steps) {
        try {
            return !new RegisterSearch(steps, true, new Meter(options.withStates(SHRINK_STATES))).run();
        } catch (Meter.Spent e) {
            return false;
        }
    }

    private static List<Op> ops(Steps steps, int[] order) {
        return IntStream.of(order).mapToObj(i -> steps.op[i]).toList();
    }
}
