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
        int[] open = Arrays.stream(members)
                .filter(i -> reads.source[i] == ReadsFrom.AMBIGUOUS)
                .toArray();
        if (open.length == 0) {
            return reads.keys.get(reads.key[members[0]]).hasCas ? search(members) : zones(members);
        }
        int[] found = narrow(members, open);
        if (found == null) {
            return search(members);
        }
        return reads.match(open, found, members) ? zones(members) : reads.unmatchedWitness(open);
    }

    private Witness zones(int[] members) {
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

    /** The writes of ambiguous reads by real time; null where they stay ambiguous, or the key has a cas. */
    private int[] narrow(int[] members, int[] open) {
        if (reads.keys.get(reads.key[members[0]]).hasCas) {
            return null;
        }
        Narrowing narrowing = new Narrowing(reads, members);
        int[] found = new int[open.length];
        for (int i = 0; i < open.length; i++) {
            found[i] = narrowing.source(open[i]);
            if (found[i] == ReadsFrom.AMBIGUOUS || found[i] == ReadsFrom.THIN_AIR) {
                return null;
            }
        }
        return found;
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
