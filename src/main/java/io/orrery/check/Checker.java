package io.orrery.check;

import io.orrery.history.History;
import java.util.Collection;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Judges histories. A failed operation did not happen; one with unknown outcome (a timeout, a crash) may have taken
 * effect at any time since it began, or never. Only {@code linearizable} looks at real time: for all other models only
 * the order inside each process counts.
 *
 * <p>The version of a read, or otherwise its value, tells which write it saw. If that leaves more than one write, every
 * way to match reads with writes is tried while the budget lasts, after what does not depend on that; {@code
 * linearizable} and {@code sequential} search for an order first, and do nothing else without versions or where there
 * is a cas. The writes to a key whose versions are known come in the order of their versions, for all models that speak
 * of one order that all agree on (linearizable, sequential, causal-ccv) and for the session guarantees; a write whose
 * version is not known may stand anywhere between them. No two writes to a key make one version: a history in which
 * they do satisfies no model.
 */
public final class Checker {
    private Checker() {}

    /** Judges a history by a model within the budgets of the options, the search for a small witness included. */
    public static Verdict check(History history, Model model, CheckOptions checkOptions) {
        return new Judgement(history, checkOptions).by(model);
    }

    /**
     * Judges a history by several models, each within its own budget; verdicts on some models imply verdicts on others.
     */
    public static Map<Model, Verdict> check(History history, Collection<Model> models, CheckOptions checkOptions) {
        Judgement judgement = new Judgement(history, checkOptions);
        Map<Model, Verdict> verdicts = new EnumMap<>(Model.class);
        models.stream().sorted().forEach(judgement::by);
        models.forEach(model -> verdicts.put(model, judgement.by(model)));
        return verdicts;
    }

    static BadPattern.Finder finder(Model model) {
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

    /** The witness of what a finder finds; null if it finds nothing. */
    static Supplier<Witness> violation(Execution execution, BadPattern.Finder finder, BudgetMeter budgetMeter) {
        BadPattern found = finder.find(execution, budgetMeter);
        return found == null ? null : () -> new Shrinker(finder, budgetMeter).shrink(execution, found);
    }

    static Verdict verdict(Supplier<Witness> violation) {
        return violation == null ? Verdict.HOLDS : new Verdict.Violated(violation.get());
    }
}
