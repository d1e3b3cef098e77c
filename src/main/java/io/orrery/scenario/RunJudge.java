package io.orrery.scenario;

import io.orrery.check.CheckOptions;
import io.orrery.check.Checker;
import io.orrery.check.Model;
import io.orrery.check.Verdict;
import io.orrery.history.History;
import io.orrery.model.Durations;
import io.orrery.simulation.oracle.Breach;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Judges runs by models, and compares the verdicts with those expected. */
final class RunJudge {
    /** More states than most runs need; a run that needs more is better judged by the command check. */
    private static final CheckOptions OPTIONS = CheckOptions.DEFAULT.withStates(1_000_000);

    private RunJudge() {}

    /** Judges by the models that have an expectation, and by others. */
    static Map<Model, Verdict> judge(
            Scenario.Expected expected, Collection<Model> others, History history, Verdict converged) {
        Set<Model> models = new TreeSet<>(expected.verdicts().keySet());
        models.addAll(others);
        Map<Model, Verdict> verdicts = new TreeMap<>();
        for (Model model : models) {
            verdicts.put(model, model.judgesHistories() ? Checker.check(history, model, OPTIONS) : converged);
        }
        return verdicts;
    }

    /** One check where all invariants held, else one for each that broke. */
    static List<Run.Check> compare(Scenario.Expected expected, List<Breach> breaches) {
        OptionalInt line =
                expected.invariantsLine() == 0 ? OptionalInt.empty() : OptionalInt.of(expected.invariantsLine());
        if (breaches.isEmpty()) {
            return List.of(new Run.Check(line, Optional.empty(), "invariants", Run.Result.MET, ""));
        }
        return breaches.stream()
                .map(breach -> new Run.Check(
                        line,
                        Optional.empty(),
                        "invariant " + breach.invariant(),
                        Run.Result.UNMET,
                        "broken at " + Durations.format(breach.at()) + ": " + breach.what() + ". "
                                + breach.invariant().sentence()))
                .toList();
    }

    static List<Run.Check> compare(Scenario.Expected expected, Map<Model, Verdict> verdicts) {
        List<Run.Check> checks = new ArrayList<>();
        expected.verdicts().forEach((model, holds) -> {
            Integer line = expected.lines().get(model);
            OptionalInt where = line == null ? OptionalInt.empty() : OptionalInt.of(line);
            Optional<String> problem = problem(holds, verdicts.get(model));
            boolean undecided = verdicts.get(model) instanceof Verdict.Undecided;
            checks.add(new Run.Check(
                    where,
                    Optional.of(model),
                    (holds ? "" : "not ") + model,
                    undecided ? Run.Result.UNDECIDED : problem.isEmpty() ? Run.Result.MET : Run.Result.UNMET,
                    problem.orElse("")));
        });
        return checks;
    }

    private static Optional<String> problem(boolean expectedToHold, Verdict verdict) {
        if (verdict instanceof Verdict.Undecided undecided) {
            return Optional.of("undecided: " + undecided.reason());
        }
        if (verdict instanceof Verdict.Violated violated) {
            return expectedToHold
                    ? Optional.of("violated (" + violated.witness().pattern() + "): "
                            + violated.witness().explanation())
                    : Optional.empty();
        }
        return expectedToHold ? Optional.empty() : Optional.of("it holds");
    }
}
