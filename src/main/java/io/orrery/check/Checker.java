package io.orrery.check;

import io.orrery.history.History;
import io.orrery.history.Op;
import java.util.Collection;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Judges histories. In a history an operation that failed did not happen; one that nobody knows of (a time-out, a crash)
 * may have taken effect at any time since it began, or never. Only {@code linearizable} looks at real time: for all other
 * models only the order inside each process counts.
 *
 * <p>Which write a read saw is told by its version, or else by its value. Where that leaves more than one write, every way
 * to match reads with writes is tried, and where there are too many, what does not depend on that is told; {@code
 * linearizable} and {@code sequential} search instead then, and where there is a cas. The writes to a key whose versions
 * are known come in the order of their versions, for all models that speak of one order that all agree on (linearizable,
 * sequential, causal-ccv) and for the session guarantees; a write whose version is not known may stand anywhere between
 * them. No two writes to a key make one version: a history in which they do satisfies no model.
 */
public final class Checker {
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
            int[] shared = reads.sharedVersion();
            if (shared != null) {
                return new Verdict.Violated(new ReadsFromWords(reads).sharedVersion(shared));
            }
            int[] thinAir = reads.thinAirReads();
            if (thinAir.length > 0) {
                return new Verdict.Violated(new ReadsFromWords(reads).thinAir(thinAir[0], history));
            }
            if (model == Model.LINEARIZABLE) {
                return new LinearizableChecker(reads, options, meter).check();
            }
            Op cas = history.ops().stream()
                    .filter(op -> op.isCas() && !op.isFailed())
                    .findFirst()
                    .orElse(null);
            if (cas == null && reads.ambiguousReads().length == 0) {
                return verdict(violation(Execution.of(reads), finder(model), options, meter));
            }
            AmbiguousChecker ambiguous = new AmbiguousChecker(reads, options, meter);
            if (model == Model.SEQUENTIAL) {
                return ambiguous.sequential(cas != null);
            }
            return cas == null
                    ? ambiguous.check(finder(model))
                    : new Verdict.Undecided(
                            Verdict.Cause.SCOPE,
                            model + " is about reads and writes and says nothing of a cas, and " + cas.words());
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

    /** What a finder finds; null where it finds nothing. */
    static Supplier<Witness> violation(Execution execution, Finding.Finder finder, Options options, Meter meter) {
        Finding found = finder.find(execution, meter);
        return found == null ? null : () -> new Shrinker(finder, options).shrink(execution, found);
    }

    static Verdict verdict(Supplier<Witness> violation) {
        return violation == null ? Verdict.HOLDS : new Verdict.Violated(violation.get());
    }
}
