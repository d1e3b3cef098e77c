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
    private final Options options;
    private final Meter meter;
    private final boolean versions;

    AmbiguousChecker(ReadsFrom reads, Options options, Meter meter) {
        this.reads = reads;
        this.options = options;
        this.meter = meter;
        versions = reads.keys.stream().anyMatch(facts -> facts.carriesVersions);
    }

    Verdict sequential() {
        return hasCas() || !versions ? Checker.verdict(noOrder(meter)) : check(new SequentialFinder());
    }

    /** Judges by what does not depend on how reads are matched with writes, and then by every way to match them. */
    Verdict check(Finding.Finder finder) {
        boolean sequential = finder instanceof SequentialFinder;
        try {
            Supplier<Witness> noOrder = noOrder(little());
            if (noOrder == null || sequential) {
                return Checker.verdict(noOrder);
            }
        } catch (Meter.Spent e) {
            meter.look();
        }
        Supplier<Witness> always = soon(() -> violation(Execution.withoutAmbiguous(reads), finder));
        if (always != null) {
            return new Verdict.Violated(always.get());
        }
        Finding.Finder quick = sequential ? SequentialFinder.withoutSearch() : finder;
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
    private Verdict ofOtherKeys(Finding.Finder finder) {
        try {
            return Checker.verdict(violation(Execution.of(reads.ofOtherKeys()), finder));
        } catch (Meter.Spent e) {
            return e.verdict();
        }
    }

    private Verdict match(ReadsFrom part, Finding.Finder quick, Finding.Finder finder) {
        int[] open = part.ambiguousReads();
        try {
            return Checker.verdict(new Matchings(part, open, part.ops.size())
                    .violation(
                            some -> violation(Execution.withoutAmbiguous(some), quick),
                            all -> violation(Execution.of(all), finder),
                            meter));
        } catch (Meter.Spent e) {
            return e.cause() == Verdict.Cause.SCOPE ? e.verdict() : new ReadsFromWords(part).ambiguity(open[0], e);
        }
    }

    private Supplier<Witness> violation(Execution execution, Finding.Finder finder) {
        return Checker.violation(execution, finder, meter);
    }

    /** The result of a search within its budget of states; null if there is none. */
    private static Supplier<Witness> soon(Supplier<Supplier<Witness>> search) {
        try {
            return search.get();
        } catch (Meter.Spent e) {
            return null;
        }
    }

    private Meter little() {
        return meter.little(reads.ops.size());
    }

    /** The witness that no order of all operations exists; null if one exists. */
    private Supplier<Witness> noOrder(Meter budget) {
        if (hasCas()) {
            return SequentialSearch.hasOrder(steps(), List.of(), budget) ? null : this::core;
        }
        Execution named = Execution.withoutAmbiguous(reads);
        Finding finding = SequentialFinder.withoutSearch().find(named, budget);
        if (finding != null) {
            return () -> new Shrinker(SequentialFinder.withoutSearch(), meter).shrink(named, finding);
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
    private Supplier<Witness> noOrderOfOneKey(Meter budget) {
        for (ReadsFrom part : reads.keys.size() == 1 ? List.<ReadsFrom>of() : reads.ofAmbiguousKeys()) {
            AmbiguousChecker alone = new AmbiguousChecker(part, options, meter);
            Supplier<Witness> found = soon(() -> alone.noOrder(budget.within(KEY_STATES)));
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    private boolean hasOrder(Execution all, SequentialFinder.Forced forced, Meter budget) {
        Map<Op, Integer> step = new IdentityHashMap<>();
        for (int i = 0; i < reads.ops.size(); i++) {
            step.put(reads.ops.get(i), i);
        }
        List<int[]> pairs = forced.pairs().stream()
                .map(pair -> new int[] {step.get(all.op[pair[0]]), step.get(all.op[pair[1]])})
                .toList();
        return SequentialSearch.hasOrder(steps(), pairs, budget);
    }

    private Steps steps() {
        Steps steps = new Steps(reads, reads.all(), null);
        for (int source : reads.source) {
            if (source >= 0) {
                // It was read, so it happened.
                steps.required[source] = true;
            }
        }
        return steps;
    }

    private boolean hasCas() {
        return reads.keys.stream().anyMatch(facts -> facts.hasCas);
    }

    /** A few operations that have no order: by values alone, if that suffices. */
    private Witness core() {
        boolean byValues = !versions || hasNoOrder(reads.ops, options.withoutVersions());
        Options judged = byValues ? options.withoutVersions() : options;
        Core core = new Core(reads.ops, Core.Order.PROCESS, meter);
        List<Op> small = core.shrink(List.of(), ops -> hasNoOrder(ops, judged));
        ReadsFrom few = ReadsFrom.of(small, judged);
        Finding cycle = new AmbiguousChecker(few, judged, meter).hasCas() || few.ambiguousReads().length > 0
                ? null
                : new SequentialFinder.Forced(Execution.of(few), meter).find();
        return Witness.of(
                cycle == null ? "NoSequentialOrder" : cycle.pattern(),
                (cycle == null
                                ? DeadEnds.words(small, Core.Order.PROCESS, judged)
                                : cycle.words().get())
                        + Core.note(core.leftOut(small)),
                small);
    }

    private boolean hasNoOrder(List<Op> ops, Options judged) {
        ReadsFrom few = ReadsFrom.of(ops, judged);
        try {
            return few.thinAirReads().length == 0
                    && new AmbiguousChecker(few, judged, meter).noOrder(meter.within(CORE_STATES)) != null;
        } catch (Meter.Spent e) {
            return false;
        }
    }
}
