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
    private final CheckOptions checkOptions;
    private final BudgetMeter budgetMeter;
    private final Zones.Scratch scratch;

    LinearizableChecker(ReadsFrom reads, CheckOptions checkOptions, BudgetMeter budgetMeter) {
        this(reads, checkOptions, budgetMeter, new Zones.Scratch(reads.ops.size()));
    }

    private LinearizableChecker(
            ReadsFrom reads, CheckOptions checkOptions, BudgetMeter budgetMeter, Zones.Scratch scratch) {
        this.reads = reads;
        this.checkOptions = checkOptions;
        this.budgetMeter = budgetMeter;
        this.scratch = scratch;
    }

    /** Looks at each key for a little while first: a violation may be on one that is soon judged. */
    Verdict check() {
        List<int[]> open = new ArrayList<>();
        Verdict.Undecided undecided = null;
        for (int[] members : byKey()) {
            try {
                Supplier<Witness> violation =
                        with(budgetMeter.little(members.length)).violation(members);
                if (violation != null) {
                    return new Verdict.Violated(violation.get());
                }
            } catch (BudgetMeter.Spent e) {
                open.add(members);
            }
        }
        for (int[] members : open) {
            try {
                Supplier<Witness> violation =
                        with(budgetMeter.within(checkOptions.states())).violation(members);
                if (violation != null) {
                    return new Verdict.Violated(violation.get());
                }
            } catch (BudgetMeter.Spent e) {
                undecided = new Verdict.Undecided(
                        e.cause(),
                        e.getMessage() + " on key " + reads.ops.get(members[0]).key());
            }
        }
        return undecided == null ? Verdict.HOLDS : undecided;
    }

    private LinearizableChecker with(BudgetMeter budget) {
        return new LinearizableChecker(reads, checkOptions, budget, scratch);
    }

    /** Whether it can be shown within the budget that the history is linearizable. */
    boolean holds() {
        try {
            return byKey().stream().allMatch(members -> violation(members) == null);
        } catch (BudgetMeter.Spent e) {
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
        budgetMeter.look();
        ReadsFrom.KeyFacts facts = reads.keys.get(reads.key[members[0]]);
        if (facts.hasCas) {
            return search(members, budgetMeter);
        }
        int[] repeated = ambiguous(members);
        if (repeated.length > 0 && !narrow(members, repeated)) {
            return () -> new ReadsFromText(reads).unmatched(repeated);
        }
        int[] open = ambiguous(members);
        if (open.length == 0) {
            return zones(reads, members);
        }
        return facts.carriesVersions ? byVersions(members, open) : search(members, budgetMeter);
    }

    /** Looks at what does not depend on how reads are matched with writes, for an order, and then at every way to match. */
    private Supplier<Witness> byVersions(int[] members, int[] open) {
        Supplier<Witness> always = namedZones(reads, members);
        if (always != null) {
            return always;
        }
        try {
            return search(members, budgetMeter.little(members.length));
        } catch (BudgetMeter.Spent e) {
            budgetMeter.look();
        }
        try {
            return new Matchings(reads, open, members.length)
                    .violation(some -> namedZones(some, members), matched -> zones(matched, members), budgetMeter);
        } catch (BudgetMeter.Spent e) {
            Verdict.Undecided undecided = new ReadsFromText(reads).ambiguity(open[0], e);
            throw new BudgetMeter.Spent(undecided.cause(), undecided.reason());
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
        RealTimeNarrowing realTimeNarrowing = new RealTimeNarrowing(reads, members, budgetMeter);
        int[] found = Arrays.stream(open).map(realTimeNarrowing::source).toArray();
        int[] told = IntStream.range(0, open.length)
                .filter(i -> found[i] != ReadsFrom.AMBIGUOUS && found[i] != ReadsFrom.THIN_AIR)
                .toArray();
        return reads.match(
                IntStream.of(told).map(i -> open[i]).toArray(),
                IntStream.of(told).map(i -> found[i]).toArray());
    }

    private Supplier<Witness> zones(ReadsFrom known, int[] members) {
        Witness witness = Zones.check(known, members, scratch);
        return witness == null ? null : () -> withLongestOrder(witness, new SearchSteps(known, members, known.source));
    }

    private Witness withLongestOrder(Witness witness, SearchSteps searchSteps) {
        RegisterSearch search = longestOrder(searchSteps);
        return new Witness(
                witness.pattern(),
                witness.explanation(),
                witness.operations(),
                ops(searchSteps, search.longest()),
                search.unplaced() < 0 ? null : searchSteps.op[search.unplaced()]);
    }

    /** How far an order gets where there is none for all operations. */
    private RegisterSearch longestOrder(SearchSteps searchSteps) {
        RegisterSearch search = new RegisterSearch(searchSteps, false, budgetMeter.within(LONGEST_ORDER_STATES));
        try {
            search.run();
        } catch (BudgetMeter.Spent e) {
            // The longest so far is good enough: that there is none for all operations is known.
            return search;
        }
        return search;
    }

    private Supplier<Witness> search(int[] members, BudgetMeter budget) {
        SearchSteps searchSteps = new SearchSteps(reads, members, null);
        return new RegisterSearch(searchSteps, true, budget).run() ? null : () -> noLinearization(members, searchSteps);
    }

    private Witness noLinearization(int[] members, SearchSteps searchSteps) {
        RegisterSearch longest = longestOrder(searchSteps);
        List<Op> all = List.of(searchSteps.op);
        // By values alone, where that shows it.
        boolean byValues = !reads.keys.get(reads.key[members[0]]).carriesVersions
                || isImpossible(all, checkOptions.withoutVersions());
        CheckOptions judged = byValues ? checkOptions.withoutVersions() : checkOptions;
        OrderCore orderCore = new OrderCore(all, OrderCore.Order.TIME, budgetMeter);
        List<Op> small = orderCore.shrink(until(longest.furthest(), all), ops -> isImpossible(ops, judged));
        Witness shown = new LinearizableChecker(ReadsFrom.of(small, judged), judged, budgetMeter).core(small);
        return new Witness(
                shown.pattern(),
                shown.explanation() + OrderCore.note(orderCore.leftOut(small)),
                small,
                ops(searchSteps, longest.longest()),
                searchSteps.op[longest.unplaced()]);
    }

    /** What was invoked before an event, but only those observations that had completed. */
    private static List<Op> until(int event, List<Op> all) {
        return all.stream()
                .filter(op ->
                        op.invokedAt() < event && (op.completedAt() <= event || OrderCore.writes(op) && !op.isCas()))
                .toList();
    }

    private boolean isImpossible(List<Op> ops, CheckOptions judged) {
        ReadsFrom some = ReadsFrom.of(ops, judged);
        if (some.thinAirReads().length > 0) {
            // It would be true, but say less than with the write that had been overwritten.
            return false;
        }
        try {
            return new LinearizableChecker(some, judged, budgetMeter.within(SHRINK_STATES)).violation(some.all())
                    != null;
        } catch (BudgetMeter.Spent e) {
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
                : Witness.of("NoLinearization", DeadEnds.words(small, OrderCore.Order.TIME, checkOptions), small);
    }

    private static List<Op> ops(SearchSteps searchSteps, int[] order) {
        return IntStream.of(order).mapToObj(i -> searchSteps.op[i]).toList();
    }
}
