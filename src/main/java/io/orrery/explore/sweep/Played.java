package io.orrery.explore.sweep;

import io.orrery.check.Verdict;
import io.orrery.explore.Finding;
import io.orrery.explore.Kind;
import io.orrery.explore.coverage.Footprint;
import io.orrery.scenario.Run;
import io.orrery.scenario.Scenario;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What one world came to: as little as its sweep needs of it.
 *
 * @param turn what was played
 * @param answers for each model, invariant and expectation whether it held; empty where a replica failed
 * @param footprint what it covered, where that was asked for and no replica failed
 */
public record Played(
        Turn turn,
        Map<Kind, Answer> answers,
        List<Finding> findings,
        List<Run.FaultCount> faults,
        Optional<Footprint> footprint) {
    /** What the one check of all invariants expects, where all held. */
    private static final String ALL_INVARIANTS = "invariants";

    /** Whether something held in a world. */
    public enum Answer {
        HELD,
        VIOLATED,
        UNDECIDED
    }

    /** What a run came to. */
    static Played of(Scenario scenario, Turn turn, Run run, Optional<Footprint> footprint) {
        List<Finding> findings = Finding.of(scenario, turn.seed(), turn.schedule(), run);
        Map<Kind, Answer> answers = new LinkedHashMap<>();
        run.verdicts().forEach((model, verdict) -> answers.put(Kind.of(model), answer(verdict)));
        scenario.expected().invariants().forEach(it -> answers.put(new Kind(Kind.Sort.INVARIANT, it), Answer.HELD));
        for (Run.Check check : run.checks()) {
            Kind kind = Kind.of(run, check);
            boolean isOfStep = check.model().isEmpty()
                    && kind.sort() == Kind.Sort.EXPECTATION
                    && !check.expected().equals(ALL_INVARIANTS);
            if (isOfStep) {
                answers.putIfAbsent(kind, Answer.HELD);
            }
        }
        for (Finding finding : findings) {
            if (answers.containsKey(finding.kind())) {
                answers.put(finding.kind(), Answer.VIOLATED);
            }
        }
        return new Played(turn, answers, findings, run.faults(), footprint);
    }

    static Played failed(Scenario scenario, Turn turn, RuntimeException failure) {
        Finding finding = Finding.of(scenario, turn.seed(), turn.schedule(), failure);
        return new Played(turn, Map.of(finding.kind(), Answer.VIOLATED), List.of(finding), List.of(), Optional.empty());
    }

    private static Answer answer(Verdict verdict) {
        return verdict instanceof Verdict.Holds
                ? Answer.HELD
                : verdict instanceof Verdict.Violated ? Answer.VIOLATED : Answer.UNDECIDED;
    }
}
