package io.orrery.check;

import io.orrery.history.History;
import io.orrery.history.Op;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * Judges histories. In a history an operation that failed did not happen; one that nobody knows of (a time-out, a crash)
 * may have taken effect at any time since it began, or never. Only {@code linearizable} looks at real time: for all other
 * models only the order inside each process counts.
 *
 * <p>Which write a read saw is told by its version, or else by its value. Where that leaves more than one write, every way
 * to match reads with writes is tried, and where there are too many there is no verdict; without versions, and where there
 * is a cas, {@code linearizable} and {@code sequential} search instead, by values alone. Where versions are known of all
 * writes to a key that took effect, they also are the order of these writes, for all models that speak of one order
 * that all agree on (linearizable, sequential, causal-ccv) and for the session guarantees.
 */
public final class Checker {
    private static final long SHRINK_NANOS = TimeUnit.SECONDS.toNanos(2);
    private static final int SHRINK_STATES = 50_000;

    private Checker() {}

    /** Judges a history by a model within the budgets of the options. */
    public static Verdict check(History history, Model model, Options options) {
        if (!model.judgesHistories()) {
            return new Verdict.Undecided(
                    Verdict.Cause.SCOPE,
                    model + " is judged from what the replicas hold at the end, which a history does not tell");
        }
        Meter meter = new Meter(options);
        try {
            ReadsFrom reads = ReadsFrom.of(history, options);
            int[] thinAir = reads.thinAirReads();
            if (thinAir.length > 0) {
                return new Verdict.Violated(new ReadsFromWords(reads).thinAir(thinAir[0]));
            }
            if (model == Model.LINEARIZABLE) {
                return new LinearizableChecker(reads, options, meter).check();
            }
            Op cas = history.ops().stream()
                    .filter(op -> op.isCas() && !op.isFailed())
                    .findFirst()
                    .orElse(null);
            boolean known = cas == null && reads.ambiguousReads().length == 0;
            if (!known && model == Model.SEQUENTIAL && (cas != null || !reads.carriesVersions())) {
                return searchSequential(reads, options, meter);
            }
            if (cas != null) {
                return new Verdict.Undecided(
                        Verdict.Cause.SCOPE,
                        model + " is about reads and writes and says nothing of a cas, and " + cas.words());
            }
            return known
                    ? verdict(violation(Execution.of(reads), finder(model), options, meter))
                    : matched(reads, model, options, meter);
        } catch (Meter.Spent e) {
            return e.verdict();
        }
    }

    /** Judges a history by several models, each within the budgets of the options. */
    public static Map<Model, Verdict> check(History history, Collection<Model> models, Options options) {
        Map<Model, Verdict> verdicts = new EnumMap<>(Model.class);
        for (Model model : models) {
            verdicts.put(model, check(history, model, options));
        }
        return verdicts;
    }

    private static Finding.Finder finder(Model model) {
        return switch (model) {
            case SEQUENTIAL -> new SequentialFinder();
            case CAUSAL_CC -> CausalFinder.consistency();
            case CAUSAL_CM -> ViewFinder.causalMemory();
            case CAUSAL_CCV -> CausalFinder.convergence();
            case PRAM -> ViewFinder.pram();
            case READ_YOUR_WRITES, MONOTONIC_READS, MONOTONIC_WRITES, WRITES_FOLLOW_READS -> new SessionFinder(model);
            case LINEARIZABLE, CONVERGED -> throw new IllegalStateException(model + " has a checker of its own");
        };
    }

    private static Supplier<Witness> violation(
            Execution execution, Finding.Finder finder, Options options, Meter meter) {
        Finding found = finder.find(execution, meter);
        return found == null ? null : () -> new Shrinker(finder, options).shrink(execution, found);
    }

    private static Verdict verdict(Supplier<Witness> violation) {
        return violation == null ? Verdict.HOLDS : new Verdict.Violated(violation.get());
    }

    /** Where it is not known of all reads what they saw. */
    private static Verdict matched(ReadsFrom reads, Model model, Options options, Meter meter) {
        int[] open = reads.ambiguousReads();
        Finding.Finder finder = finder(model);
        Matchings ways = new Matchings(reads, reads.all(), open);
        if (!ways.areTooMany()) {
            return verdict(ways.violation(matched -> violation(Execution.of(matched), finder, options, meter)));
        }
        // The search looks at no versions: what holds for it may be violated by them.
        if (model == Model.SEQUENTIAL && searchSequential(reads, options, meter) instanceof Verdict.Violated violated) {
            return violated;
        }
        return new ReadsFromWords(reads).ambiguity(open[0]);
    }

    private static Verdict searchSequential(ReadsFrom reads, Options options, Meter meter) {
        int[] all = IntStream.range(0, reads.ops.size()).toArray();
        Steps steps = new Steps(reads, all, null);
        if (new SequentialSearch(steps, List.of(), meter).run()) {
            return Verdict.HOLDS;
        }
        Steps small = steps.shrink(
                fewer -> {
                    try {
                        Meter little = new Meter(options.withStates(SHRINK_STATES));
                        return !new SequentialSearch(fewer, List.of(), little).run();
                    } catch (Meter.Spent e) {
                        return false;
                    }
                },
                SHRINK_NANOS);
        return new Verdict.Violated(Witness.of(
                "NoSequentialOrder",
                "No order of these operations that keeps the order of each process explains every read and every cas.",
                List.of(small.op)));
    }
}
