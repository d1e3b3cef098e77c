package io.orrery.report.diagram;

import io.orrery.check.Model;
import io.orrery.check.Verdict;
import io.orrery.check.Witness;
import io.orrery.history.Op;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** The verdicts on a run or a history, with the operations of their witnesses. */
final class RunVerdicts {
    private RunVerdicts() {}

    /**
     * @param expected of some models whether they hold
     * @param endings the final states if they differ
     */
    static List<Diagram.Finding> of(
            Map<Model, Verdict> verdicts, Map<Model, Boolean> expected, Supplier<List<Diagram.Ending>> endings) {
        List<Diagram.Finding> findings = new ArrayList<>();
        verdicts.forEach((model, verdict) -> findings.add(new Diagram.Finding(
                model.id(),
                model.description(),
                verdict.word(),
                Optional.ofNullable(expected.get(model)),
                why(verdict),
                operations(verdict),
                model == Model.CONVERGED && verdict instanceof Verdict.Violated ? endings.get() : List.of())));
        return findings;
    }

    private static String why(Verdict verdict) {
        if (verdict instanceof Verdict.Violated violated) {
            return violated.witness().pattern() + ": " + violated.witness().explanation();
        }
        return verdict instanceof Verdict.Undecided undecided ? undecided.reason() : "";
    }

    private static List<Integer> operations(Verdict verdict) {
        if (!(verdict instanceof Verdict.Violated violated)) {
            return List.of();
        }
        Witness witness = violated.witness();
        return Stream.concat(witness.operations().stream(), Stream.ofNullable(witness.unplaced()))
                .map(Op::number)
                .distinct()
                .sorted()
                .toList();
    }
}
