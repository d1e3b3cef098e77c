package io.orrery.check;

import io.orrery.history.History;
import io.orrery.history.Op;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * One history judged by several models, one after another. What is known of one model says something of those that it
 * implies and of those that imply it; so the stronger models had better come first.
 */
public final class Judgement {
    private final History history;
    private final Options options;
    private final Map<Model, Verdict> known = new EnumMap<>(Model.class);
    /** The first cas, or null. */
    private final Op cas;

    private ReadsFrom reads;

    public Judgement(History history, Options options) {
        this.history = history;
        this.options = options;
        cas = history.ops().stream()
                .filter(op -> op.isCas() && !op.isFailed())
                .findFirst()
                .orElse(null);
    }

    /**
     * Judges by a model within the budgets of the options, of which each model has its own. Asked again of a model that was
     * undecided, this says what the verdicts by other models since then tell of it, and spends nothing.
     */
    public Verdict by(Model model) {
        Verdict verdict = known.get(model);
        if (verdict == null || verdict instanceof Verdict.Undecided) {
            Verdict implied = implied(model);
            verdict = implied != null ? implied : verdict != null ? verdict : judge(model);
            known.put(model, verdict);
        }
        return verdict;
    }

    /** What other verdicts tell of a model, or null. */
    private Verdict implied(Model model) {
        for (Map.Entry<Model, Verdict> other : known.entrySet()) {
            Verdict verdict = other.getValue();
            if (verdict instanceof Verdict.Holds && other.getKey().implies(model) && isAbout(model)) {
                return verdict;
            }
            if (verdict instanceof Verdict.Violated violated && model.implies(other.getKey())) {
                return violated.passedOn(other.getKey());
            }
        }
        return null;
    }

    private Verdict judge(Model model) {
        if (!model.judgesHistories()) {
            return new Verdict.Undecided(
                    Verdict.Cause.SCOPE,
                    model + " is judged from what the replicas hold at the end, which a history does not tell");
        }
        Meter meter = new Meter(options);
        Verdict verdict = guarded(() -> judge(model, meter));
        if (verdict instanceof Verdict.Undecided && !meter.isOver()) {
            Verdict byWeaker = byWeaker(model, meter);
            return byWeaker == null ? verdict : byWeaker;
        }
        return verdict;
    }

    private static Verdict guarded(Supplier<Verdict> judge) {
        try {
            return judge.get();
        } catch (Meter.Spent e) {
            return e.verdict();
        } catch (OutOfMemoryError e) {
            // What filled the heap is garbage now.
            return new Verdict.Undecided(
                    Verdict.Cause.MEMORY,
                    "it needs more memory than the heap of "
                            + (Runtime.getRuntime().maxMemory() >> 20) + " MiB");
        }
    }

    private Verdict judge(Model model, Meter meter) {
        ReadsFrom found = reads();
        int[] shared = found.sharedVersion();
        if (shared != null) {
            return new Verdict.Violated(new ReadsFromWords(found).sharedVersion(shared));
        }
        int[] thinAir = found.thinAirReads();
        if (thinAir.length > 0) {
            return new Verdict.Violated(new ReadsFromWords(found).thinAir(thinAir[0], history));
        }
        if (!isAbout(model)) {
            return new Verdict.Undecided(
                    Verdict.Cause.SCOPE,
                    model + " is about reads and writes and says nothing of a cas, and " + cas.words());
        }
        if (model == Model.LINEARIZABLE) {
            return new LinearizableChecker(found.copy(), options, meter).check();
        }
        if (!known.containsKey(Model.LINEARIZABLE)
                && new LinearizableChecker(found.copy(), options, meter.little(found.ops.size())).holds()) {
            // This is soon seen where it is so, and then all other models hold.
            known.put(Model.LINEARIZABLE, Verdict.HOLDS);
            return Verdict.HOLDS;
        }
        if (cas == null && found.ambiguousReads().length == 0) {
            return Checker.verdict(Checker.violation(Execution.of(found), Checker.finder(model), meter));
        }
        AmbiguousChecker ambiguous = new AmbiguousChecker(found, options, meter);
        return model == Model.SEQUENTIAL ? ambiguous.sequential() : ambiguous.check(Checker.finder(model));
    }

    /** A violation of a weaker model, where one is soon found; else null. */
    private Verdict byWeaker(Model model, Meter meter) {
        for (Model weaker : Model.values()) {
            if (model.implies(weaker) && !known.containsKey(weaker) && isAbout(weaker)) {
                Verdict verdict =
                        guarded(() -> judge(weaker, meter.little(reads().ops.size())));
                if (verdict instanceof Verdict.Violated violated) {
                    known.put(weaker, verdict);
                    return violated.passedOn(weaker);
                }
            }
        }
        return null;
    }

    private ReadsFrom reads() {
        if (reads == null) {
            reads = ReadsFrom.of(history, options);
        }
        return reads;
    }

    /** Whether the model says something of all operations of the history. */
    private boolean isAbout(Model model) {
        return model == Model.LINEARIZABLE || model == Model.SEQUENTIAL || cas == null;
    }
}
