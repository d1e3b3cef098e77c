package io.orrery.check;

import io.orrery.history.History;
import io.orrery.history.Op;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Judges one history by several models, one after another. A verdict on one model implies verdicts on weaker or
 * stronger ones, so stronger models should come first.
 */
public final class Judgement {
    private final History history;
    private final CheckOptions checkOptions;
    private final Map<Model, Verdict> known = new EnumMap<>(Model.class);
    /** The first cas, or null. */
    private final Op cas;

    private ReadsFrom reads;

    public Judgement(History history, CheckOptions checkOptions) {
        this.history = history;
        this.checkOptions = checkOptions;
        cas = history.ops().stream()
                .filter(op -> op.isCas() && !op.isFailed())
                .findFirst()
                .orElse(null);
    }

    /**
     * Judges by a model within the budgets of the options, of which each model has its own. Called again for an
     * undecided model, it uses what later verdicts on other models imply, at no cost.
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

    /** The verdict that other verdicts imply, or null. */
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
                    model + " is judged from what the replicas hold at the end, which a history does not contain");
        }
        BudgetMeter budgetMeter = new BudgetMeter(checkOptions);
        Verdict verdict = guarded(() -> judge(model, budgetMeter));
        if (verdict instanceof Verdict.Undecided && !budgetMeter.isOver()) {
            Verdict byWeaker = byWeaker(model, budgetMeter);
            return byWeaker == null ? verdict : byWeaker;
        }
        return verdict;
    }

    private static Verdict guarded(Supplier<Verdict> judge) {
        try {
            return judge.get();
        } catch (BudgetMeter.Spent e) {
            return e.verdict();
        } catch (OutOfMemoryError e) {
            // The memory of the search is garbage now.
            return new Verdict.Undecided(
                    Verdict.Cause.MEMORY,
                    "it needs more memory than the heap of "
                            + (Runtime.getRuntime().maxMemory() >> 20) + " MiB");
        }
    }

    private Verdict judge(Model model, BudgetMeter budgetMeter) {
        ReadsFrom found = reads();
        int[] shared = found.sharedVersion();
        if (shared != null) {
            return new Verdict.Violated(new ReadsFromText(found).sharedVersion(shared));
        }
        int[] thinAir = found.thinAirReads();
        if (thinAir.length > 0) {
            return new Verdict.Violated(new ReadsFromText(found).thinAir(thinAir[0], history));
        }
        if (!isAbout(model)) {
            return new Verdict.Undecided(
                    Verdict.Cause.SCOPE, model + " is defined for reads and writes, not for a cas, and " + cas.words());
        }
        if (model == Model.LINEARIZABLE) {
            return new LinearizableChecker(found.copy(), checkOptions, budgetMeter).check();
        }
        if (!known.containsKey(Model.LINEARIZABLE)
                && new LinearizableChecker(found.copy(), checkOptions, budgetMeter.little(found.ops.size())).holds()) {
            // Linearizability is checked first: it is quick if it holds, and implies all other models.
            known.put(Model.LINEARIZABLE, Verdict.HOLDS);
            return Verdict.HOLDS;
        }
        if (cas == null && found.ambiguousReads().length == 0) {
            return Checker.verdict(Checker.violation(Execution.of(found), Checker.finder(model), budgetMeter));
        }
        AmbiguousChecker ambiguous = new AmbiguousChecker(found, checkOptions, budgetMeter);
        return model == Model.SEQUENTIAL ? ambiguous.sequential() : ambiguous.check(Checker.finder(model));
    }

    /** A violation of a weaker model, if one is found soon; otherwise null. */
    private Verdict byWeaker(Model model, BudgetMeter budgetMeter) {
        for (Model weaker : Model.values()) {
            if (model.implies(weaker) && !known.containsKey(weaker) && isAbout(weaker)) {
                Verdict verdict = guarded(
                        () -> judge(weaker, budgetMeter.little(reads().ops.size())));
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
            reads = ReadsFrom.of(history, checkOptions);
        }
        return reads;
    }

    /** Whether the model says something of all operations of the history. */
    private boolean isAbout(Model model) {
        return model == Model.LINEARIZABLE || model == Model.SEQUENTIAL || cas == null;
    }
}
