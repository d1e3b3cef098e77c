package io.orrery.bench.experiment;

import io.orrery.check.CheckOptions;
import io.orrery.check.Checker;
import io.orrery.check.Model;
import io.orrery.check.Verdict;
import io.orrery.history.History;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Which models have held in all histories so far. A model that was violated once is not checked again. */
public final class PromiseTable {
    /** From strong to weak: no model implies an earlier one. */
    private static final List<Model> ORDER = List.of(
            Model.LINEARIZABLE,
            Model.SEQUENTIAL,
            Model.CAUSAL_CCV,
            Model.CAUSAL_CM,
            Model.CAUSAL_CC,
            Model.PRAM,
            Model.READ_YOUR_WRITES,
            Model.MONOTONIC_READS,
            Model.MONOTONIC_WRITES,
            Model.WRITES_FOLLOW_READS,
            Model.CONVERGED);

    private static final CheckOptions OPTIONS = CheckOptions.DEFAULT.withStates(1_000_000);

    private final Map<Model, Long> violatedBy = new EnumMap<>(Model.class);
    private final Map<Model, Long> undecidedIn = new EnumMap<>(Model.class);

    /** The models that a model implies. */
    private static Set<Model> impliedBy(Model model) {
        return ORDER.stream().filter(model::implies).collect(Collectors.toSet());
    }

    /**
     * Judges another history.
     *
     * @param seed the seed of its run
     * @param converged whether the replicas held the same at the end
     */
    void judge(long seed, History history, Verdict converged) {
        Set<Model> implied = EnumSet.noneOf(Model.class);
        for (Model model : ORDER) {
            if (violatedBy.containsKey(model) || implied.contains(model)) {
                continue;
            }
            Verdict verdict = model.judgesHistories() ? Checker.check(history, model, OPTIONS) : converged;
            if (verdict instanceof Verdict.Violated) {
                violatedBy.put(model, seed);
            } else if (verdict instanceof Verdict.Undecided) {
                undecidedIn.putIfAbsent(model, seed);
            } else {
                implied.addAll(impliedBy(model));
            }
        }
    }

    private boolean holds(Model model) {
        return !violatedBy.containsKey(model) && !undecidedIn.containsKey(model);
    }

    /** Whether the replicas held the same at the end of every run. */
    public boolean hasConverged() {
        return holds(Model.CONVERGED);
    }

    /** The models that held in every history, without those that another one of them implies; from strong to weak. */
    public List<Model> strongest() {
        List<Model> strongest = new ArrayList<>();
        Set<Model> implied = EnumSet.noneOf(Model.class);
        for (Model model : ORDER) {
            if (model.judgesHistories() && holds(model) && !implied.contains(model)) {
                strongest.add(model);
                implied.addAll(impliedBy(model));
            }
        }
        return strongest;
    }

    /** The position of the strongest model that holds: 0 for the strongest of all. */
    int rank() {
        return (int) ORDER.stream().takeWhile(model -> !holds(model)).count();
    }

    /** The strongest model that did not hold, with the seed of the first history that shows it; empty if all held. */
    public String firstLost() {
        return ORDER.stream()
                .filter(model -> !holds(model))
                .findFirst()
                .map(model -> violatedBy.containsKey(model)
                        ? model + " (seed " + violatedBy.get(model) + ")"
                        : model + " (undecided, seed " + undecidedIn.get(model) + ")")
                .orElse("");
    }

    /** The strongest models that held; without any, whether the replicas converged. */
    @Override
    public String toString() {
        return strongest().isEmpty()
                ? hasConverged() ? "convergence alone" : "nothing"
                : strongest().stream().map(Model::id).collect(Collectors.joining(", "));
    }
}
