package io.orrery.check;

import io.orrery.history.Op;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * Linearizability, key by key, since it is local (Herlihy and Wing 1990, theorem 1). A key whose reads name their writes
 * is decided by {@link Zones}. Where values repeat and neither versions nor real time tell them apart, that is done for each
 * way to match them if there are versions and not too many ways; else a {@link RegisterSearch} looks for an order, as it
 * does where there is a cas.
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
                Supplier<Witness> violation = violation(members);
                if (violation != null) {
                    return new Verdict.Violated(violation.get());
                }
            } catch (Meter.Spent e) {
                undecided = new Verdict.Undecided(
                        e.cause(),
                        e.getMessage() + " on key " + reads.ops.get(members[0]).key());
            }
        }
        return undecided == null ? Verdict.HOLDS : undecided;
    }

    /** Whether it can be shown within the budget that the history is linearizable. */
    boolean holds() {
        try {
            return byKey().stream().allMatch(members -> violation(members) == null);
        } catch (Meter.Spent e) {
            return false;
        }
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

    /** What is wrong on a key; null where nothing is. */
    private Supplier<Witness> violation(int[] members) {
        meter.look();
        ReadsFrom.KeyFacts facts = reads.keys.get(reads.key[members[0]]);
        if (facts.hasCas) {
            return search(members);
        }
        int[] repeated = ambiguous(members);
        if (repeated.length > 0 && !narrow(members, repeated)) {
            return () -> new ReadsFromWords(reads).unmatched(repeated);
        }
        int[] open = ambiguous(members);
        if (open.length == 0) {
            return zones(reads, members);
        }
        if (!facts.carriesVersions) {
            return search(members);
        }
        Matchings ways = new Matchings(reads, open);
        if (!ways.areTooMany()) {
            return ways.violation(matched -> zones(matched, members));
        }
        int[] told = IntStream.of(members)
                .filter(i -> reads.source[i] != ReadsFrom.AMBIGUOUS)
                .toArray();
        Supplier<Witness> withoutThem = zones(reads, told);
        if (withoutThem != null) {
            return withoutThem;
        }
        return holdsFromTheStart(members, open) ? null : search(members);
    }

    /** Whether the key is linearizable where each read that may have seen the start did. */
    private boolean holdsFromTheStart(int[] members, int[] open) {
        ReadsFrom start = reads.fromTheStart(open);
        if (start == null) {
            return false;
        }
        int[] left = IntStream.of(open)
                .filter(i -> start.source[i] == ReadsFrom.AMBIGUOUS)
                .toArray();
        Matchings ways = new Matchings(start, left);
        return !ways.areTooMany() && ways.violation(matched -> zones(matched, members)) == null;
    }

    private int[] ambiguous(int[] members) {
        return Arrays.stream(members)
                .filter(i -> reads.source[i] == ReadsFrom.AMBIGUOUS)
                .toArray();
    }

    /** Finds the writes of ambiguous reads by real time, where it leaves one; false where versions then do not fit. */
    private boolean narrow(int[] members, int[] open) {
        Narrowing narrowing = new Narrowing(reads, members);
        int[] found = Arrays.stream(open).map(narrowing::source).toArray();
        int[] told = IntStream.range(0, open.length)
                .filter(i -> found[i] != ReadsFrom.AMBIGUOUS && found[i] != ReadsFrom.THIN_AIR)
                .toArray();
        return reads.match(
                IntStream.of(told).map(i -> open[i]).toArray(),
                IntStream.of(told).map(i -> found[i]).toArray());
    }

    private Supplier<Witness> zones(ReadsFrom known, int[] members) {
        Witness witness = Zones.check(known, members, scratch);
        return witness == null ? null : () -> withLongestOrder(witness, new Steps(known, members, known.source));
    }

    private Witness withLongestOrder(Witness witness, Steps steps) {
        RegisterSearch search = longestOrder(steps);
        return new Witness(
                witness.pattern(),
                witness.explanation(),
                witness.operations(),
                ops(steps, search.longest()),
                search.unplaced() < 0 ? null : steps.op[search.unplaced()]);
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

    private Supplier<Witness> search(int[] members) {
        Steps steps = new Steps(reads, members, null);
        return new RegisterSearch(steps, true, meter).run() ? null : () -> noLinearization(steps);
    }

    private Witness noLinearization(Steps steps) {
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
