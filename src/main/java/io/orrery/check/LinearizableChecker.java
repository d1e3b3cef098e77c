package io.orrery.check;

import io.orrery.history.Op;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * Linearizability, key by key, since it is local (Herlihy and Wing 1990, theorem 1). A key whose reads name their writes
 * is decided by {@link Zones}. Where values repeat and neither versions nor real time tell them apart, that is done for each
 * way to match them if there are versions and a {@link RegisterSearch} does not soon find whether there is an order; else
 * that search goes on to the end, as it does where there is a cas.
 */
final class LinearizableChecker {
    private static final int SHRINK_STATES = 50_000;
    private static final int LONGEST_ORDER_STATES = 200_000;

    private final ReadsFrom reads;
    private final Options options;
    private final Meter meter;
    private final Zones.Scratch scratch;

    LinearizableChecker(ReadsFrom reads, Options options, Meter meter) {
        this(reads, options, meter, new Zones.Scratch(reads.ops.size()));
    }

    private LinearizableChecker(ReadsFrom reads, Options options, Meter meter, Zones.Scratch scratch) {
        this.reads = reads;
        this.options = options;
        this.meter = meter;
        this.scratch = scratch;
    }

    /** Looks at each key for a little while first: a violation may be on one that is soon judged. */
    Verdict check() {
        List<int[]> open = new ArrayList<>();
        Verdict.Undecided undecided = null;
        for (int[] members : byKey()) {
            try {
                Supplier<Witness> violation = with(meter.little(members.length)).violation(members);
                if (violation != null) {
                    return new Verdict.Violated(violation.get());
                }
            } catch (Meter.Spent e) {
                open.add(members);
            }
        }
        for (int[] members : open) {
            try {
                Supplier<Witness> violation =
                        with(meter.within(options.states())).violation(members);
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

    private LinearizableChecker with(Meter budget) {
        return new LinearizableChecker(reads, options, budget, scratch);
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
            return search(members, meter);
        }
        int[] repeated = ambiguous(members);
        if (repeated.length > 0 && !narrow(members, repeated)) {
            return () -> new ReadsFromWords(reads).unmatched(repeated);
        }
        int[] open = ambiguous(members);
        if (open.length == 0) {
            return zones(reads, members);
        }
        return facts.carriesVersions ? byVersions(members, open) : search(members, meter);
    }

    /** Looks at what does not depend on how reads are matched with writes, for an order, and then at every way to match. */
    private Supplier<Witness> byVersions(int[] members, int[] open) {
        Supplier<Witness> always = namedZones(reads, members);
        if (always != null) {
            return always;
        }
        try {
            return search(members, meter.little(members.length));
        } catch (Meter.Spent e) {
            meter.look();
        }
        try {
            return new Matchings(reads, open, members.length)
                    .violation(some -> namedZones(some, members), matched -> zones(matched, members), meter);
        } catch (Meter.Spent e) {
            Verdict.Undecided undecided = new ReadsFromWords(reads).ambiguity(open[0], e);
            throw new Meter.Spent(undecided.cause(), undecided.reason());
        }
    }

    /** What is wrong however the ambiguous reads are matched; null where nothing is. */
    private Supplier<Witness> namedZones(ReadsFrom known, int[] members) {
        return zones(
                known,
                IntStream.of(members)
                        .filter(i -> known.source[i] != ReadsFrom.AMBIGUOUS)
                        .toArray());
    }

    private int[] ambiguous(int[] members) {
        return Arrays.stream(members)
                .filter(i -> reads.source[i] == ReadsFrom.AMBIGUOUS)
                .toArray();
    }

    /** Finds the writes of ambiguous reads by real time, where it leaves one; false where versions then do not fit. */
    private boolean narrow(int[] members, int[] open) {
        Narrowing narrowing = new Narrowing(reads, members, meter);
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
        RegisterSearch search = new RegisterSearch(steps, false, meter.within(LONGEST_ORDER_STATES));
        try {
            search.run();
        } catch (Meter.Spent e) {
            // The longest so far is good enough: that there is none for all operations is known.
            return search;
        }
        return search;
    }

    private Supplier<Witness> search(int[] members, Meter budget) {
        Steps steps = new Steps(reads, members, null);
        return new RegisterSearch(steps, true, budget).run() ? null : () -> noLinearization(members, steps);
    }

    private Witness noLinearization(int[] members, Steps steps) {
        RegisterSearch longest = longestOrder(steps);
        List<Op> all = List.of(steps.op);
        // By values alone, where that shows it.
        boolean byValues =
                !reads.keys.get(reads.key[members[0]]).carriesVersions || isImpossible(all, options.withoutVersions());
        Options judged = byValues ? options.withoutVersions() : options;
        Core core = new Core(all, Core.Order.TIME, meter);
        List<Op> small = core.shrink(until(longest.furthest(), all), ops -> isImpossible(ops, judged));
        Witness shown = new LinearizableChecker(ReadsFrom.of(small, judged), judged, meter).core(small);
        return new Witness(
                shown.pattern(),
                shown.explanation() + Core.note(core.leftOut(small)),
                small,
                ops(steps, longest.longest()),
                steps.op[longest.unplaced()]);
    }

    /** What was invoked before an event, but only those observations that had completed. */
    private static List<Op> until(int event, List<Op> all) {
        return all.stream()
                .filter(op -> op.invokedAt() < event && (op.completedAt() <= event || Core.writes(op) && !op.isCas()))
                .toList();
    }

    private boolean isImpossible(List<Op> ops, Options judged) {
        ReadsFrom some = ReadsFrom.of(ops, judged);
        if (some.thinAirReads().length > 0) {
            // It would be true, but say less than with the write that had been overwritten.
            return false;
        }
        try {
            return new LinearizableChecker(some, judged, meter.within(SHRINK_STATES)).violation(some.all()) != null;
        } catch (Meter.Spent e) {
            return false;
        }
    }

    /** Why these operations on one key, of which nothing can be left out, have no order. */
    private Witness core(List<Op> small) {
        int[] members = reads.all();
        boolean named = !reads.keys.get(0).hasCas
                && reads.thinAirReads().length == 0
                && narrow(members, ambiguous(members))
                && ambiguous(members).length == 0;
        Witness zones = named ? Zones.check(reads, members, scratch) : null;
        return zones != null
                ? zones
                : Witness.of("NoLinearization", DeadEnds.words(small, Core.Order.TIME, options), small);
    }

    private static List<Op> ops(Steps steps, int[] order) {
        return IntStream.of(order).mapToObj(i -> steps.op[i]).toList();
    }
}
