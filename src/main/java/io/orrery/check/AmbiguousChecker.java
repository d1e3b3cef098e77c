package io.orrery.check;

import io.orrery.history.Op;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Judges a history with ambiguous reads, because values repeat, or with a cas; by all models except linearizability,
 * which has its own checker.
 */
final class AmbiguousChecker {
    private static final int CORE_STATES = 50_000;
    private static final int KEY_STATES = 10_000;

    private final ReadsFrom reads;
    private final CheckOptions checkOptions;
    private final BudgetMeter budgetMeter;
    private final boolean versions;

    AmbiguousChecker(ReadsFrom reads, CheckOptions checkOptions, BudgetMeter budgetMeter) {
        this.reads = reads;
        this.checkOptions = checkOptions;
        this.budgetMeter = budgetMeter;
        versions = reads.keys.stream().anyMatch(facts -> facts.carriesVersions);
    }

    Verdict sequential() {
        return hasCas() || !versions ? Checker.verdict(noOrder(budgetMeter)) : check(new SequentialFinder());
    }

    /** Judges by what does not depend on how reads are matched with writes, and then by every way to match them. */
    Verdict check(BadPattern.Finder finder) {
        boolean sequential = finder instanceof SequentialFinder;
        try {
            Supplier<Witness> noOrder = noOrder(little());
            if (noOrder == null || sequential) {
                return Checker.verdict(noOrder);
            }
        } catch (BudgetMeter.Spent e) {
            budgetMeter.look();
        }
        Supplier<Witness> always = soon(() -> violation(Execution.withoutAmbiguous(reads), finder));
        if (always != null) {
            return new Verdict.Violated(always.get());
        }
        BadPattern.Finder quick = sequential ? SequentialFinder.withoutSearch() : finder;
        // Each try costs as much as there are operations, and there are as many tries as ambiguous reads at least.
        Verdict verdict = finder.looksAtEachKeyAlone() ? ofOtherKeys(finder) : Verdict.HOLDS;
        for (ReadsFrom part : finder.looksAtEachKeyAlone() ? reads.ofAmbiguousKeys() : List.of(reads)) {
            Verdict found = match(part, quick, finder);
            if (found instanceof Verdict.Violated) {
                return found;
            }
            verdict = found.equals(Verdict.HOLDS) ? verdict : found;
        }
        return verdict;
    }

    /** Of the keys whose reads are all matched; where they violate the model, that has been found. */
    private Verdict ofOtherKeys(BadPattern.Finder finder) {
        try {
            return Checker.verdict(violation(Execution.of(reads.ofOtherKeys()), finder));
        } catch (BudgetMeter.Spent e) {
            return e.verdict();
        }
    }

    private Verdict match(ReadsFrom part, BadPattern.Finder quick, BadPattern.Finder finder) {
        int[] open = part.ambiguousReads();
        try {
            return Checker.verdict(new Matchings(part, open, part.ops.size())
                    .violation(
                            some -> violation(Execution.withoutAmbiguous(some), quick),
                            all -> violation(Execution.of(all), finder),
                            budgetMeter));
        } catch (BudgetMeter.Spent e) {
            return e.cause() == Verdict.Cause.SCOPE ? e.verdict() : new ReadsFromText(part).ambiguity(open[0], e);
        }
    }

    private Supplier<Witness> violation(Execution execution, BadPattern.Finder finder) {
        return Checker.violation(execution, finder, budgetMeter);
    }

    /** The result of a search within its budget of states; null if there is none. */
    private static Supplier<Witness> soon(Supplier<Supplier<Witness>> search) {
        try {
            return search.get();
        } catch (BudgetMeter.Spent e) {
            return null;
        }
    }

    private BudgetMeter little() {
        return budgetMeter.little(reads.ops.size());
    }

    /** The witness that no order of all operations exists; null if one exists. */
    private Supplier<Witness> noOrder(BudgetMeter budget) {
        if (hasCas()) {
            return SequentialSearch.hasOrder(steps(), List.of(), budget) ? null : this::core;
        }
        Execution named = Execution.withoutAmbiguous(reads);
        BadPattern badPattern = SequentialFinder.withoutSearch().find(named, budget);
        if (badPattern != null) {
            return () -> new Shrinker(SequentialFinder.withoutSearch(), budgetMeter).shrink(named, badPattern);
        }
        Supplier<Witness> ofOneKey = noOrderOfOneKey(budget);
        if (ofOneKey != null) {
            return ofOneKey;
        }
        // What has to come before what leads the search for an order of all.
        Execution all = Execution.of(reads);
        SequentialFinder.Forced forced = new SequentialFinder.Forced(all, budget);
        return forced.cycle() == null && hasOrder(all, forced, budget) ? null : this::core;
    }

    /** The same for the operations of one key; null if each key has an order, or it is not soon clear. */
    private Supplier<Witness> noOrderOfOneKey(BudgetMeter budget) {
        for (ReadsFrom part : reads.keys.size() == 1 ? List.<ReadsFrom>of() : reads.ofAmbiguousKeys()) {
            AmbiguousChecker alone = new AmbiguousChecker(part, checkOptions, budgetMeter);
            Supplier<Witness> found = soon(() -> alone.noOrder(budget.within(KEY_STATES)));
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    private boolean hasOrder(Execution all, SequentialFinder.Forced forced, BudgetMeter budget) {
        Map<Op, Integer> step = new IdentityHashMap<>();
        for (int i = 0; i < reads.ops.size(); i++) {
            step.put(reads.ops.get(i), i);
        }
        List<int[]> pairs = forced.pairs().stream()
                .map(pair -> new int[] {step.get(all.op[pair[0]]), step.get(all.op[pair[1]])})
                .toList();
        return SequentialSearch.hasOrder(steps(), pairs, budget);
    }

    private SearchSteps steps() {
        SearchSteps searchSteps = new SearchSteps(reads, reads.all(), null);
        for (int source : reads.source) {
            if (source >= 0) {
                // It was read, so it happened.
                searchSteps.required[source] = true;
            }
        }
        return searchSteps;
    }

    private boolean hasCas() {
        return reads.keys.stream().anyMatch(facts -> facts.hasCas);
    }

    /** A few operations that have no order: by values alone, if that suffices. */
    private Witness core() {
        boolean byValues = !versions || hasNoOrder(reads.ops, checkOptions.withoutVersions());
        CheckOptions judged = byValues ? checkOptions.withoutVersions() : checkOptions;
        OrderCore orderCore = new OrderCore(reads.ops, OrderCore.Order.PROCESS, budgetMeter);
        List<Op> small = orderCore.shrink(List.of(), ops -> hasNoOrder(ops, judged));
        ReadsFrom few = ReadsFrom.of(small, judged);
        BadPattern cycle = new AmbiguousChecker(few, judged, budgetMeter).hasCas() || few.ambiguousReads().length > 0
                ? null
                : new SequentialFinder.Forced(Execution.of(few), budgetMeter).find();
        return Witness.of(
                cycle == null ? "NoSequentialOrder" : cycle.pattern(),
                (cycle == null
                                ? DeadEnds.words(small, OrderCore.Order.PROCESS, judged)
                                : cycle.words().get())
                        + OrderCore.note(orderCore.leftOut(small)),
                small);
    }

    private boolean hasNoOrder(List<Op> ops, CheckOptions judged) {
        ReadsFrom few = ReadsFrom.of(ops, judged);
        try {
            return few.thinAirReads().length == 0
                    && new AmbiguousChecker(few, judged, budgetMeter).noOrder(budgetMeter.within(CORE_STATES)) != null;
        } catch (BudgetMeter.Spent e) {
            return false;
        }
    }
}
