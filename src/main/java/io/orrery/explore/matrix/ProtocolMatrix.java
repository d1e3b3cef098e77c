package io.orrery.explore.matrix;

import io.orrery.check.Model;
import io.orrery.explore.Finding;
import io.orrery.explore.Kind;
import io.orrery.explore.sweep.SweepResult;
import io.orrery.explore.sweep.Tally;
import io.orrery.protocol.ProtocolType;
import io.orrery.scenario.Scenario;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Which models held in all worlds of one story, protocols down and models across.
 *
 * @param title of the story
 * @param rows in the order in which the protocols were named
 */
public record ProtocolMatrix(String title, long worlds, List<Row> rows) {
    public ProtocolMatrix {
        rows = List.copyOf(rows);
    }

    /** What is known of one model under one protocol. */
    public enum Answer {
        /** It held in all worlds. */
        HOLDS,
        /** It was violated in a world. */
        VIOLATED,
        /** It was violated in none, and undecided in some, or there were none. */
        UNDECIDED
    }

    /**
     * @param violated in how many worlds
     * @param finding the first violation; empty where there is none
     */
    public record Cell(Answer answer, long violated, Optional<Finding> finding) {}

    /**
     * @param promised what the protocol promises to the clients of this story
     * @param failures of replicas, which are no matter of a model
     */
    public record Row(ProtocolType protocol, Set<Model> promised, Map<Model, Cell> cells, List<Finding> failures) {
        private boolean isPromised(Answer answer) {
            return promised.stream().map(cells::get).anyMatch(cell -> cell != null && cell.answer() == answer);
        }
    }

    /** The scenario for a sweep that makes a row: all models are expected of it. */
    public static Scenario judgedByAll(Scenario scenario) {
        Map<Model, Boolean> all = new TreeMap<>();
        for (Model model : Model.values()) {
            all.put(model, true);
        }
        return scenario.expecting(new Scenario.Expected(all, Map.of()));
    }

    /** @param sweep of scenarios that are {@linkplain #judgedByAll judged by all models}, one for each protocol */
    public static ProtocolMatrix of(SweepResult sweep) {
        List<Row> rows = new ArrayList<>();
        for (Tally tally : sweep.tallies()) {
            Map<Model, Cell> cells = new TreeMap<>();
            for (Tally.Row row : tally.rows()) {
                if (row.kind().sort() == Kind.Sort.MODEL) {
                    boolean isUndecided = row.undecided() > 0 || row.held() == 0;
                    Answer answer =
                            row.violated() > 0 ? Answer.VIOLATED : isUndecided ? Answer.UNDECIDED : Answer.HOLDS;
                    Optional<Finding> finding = tally.findings().stream()
                            .filter(it -> it.kind().equals(row.kind()))
                            .findFirst();
                    cells.put(Model.parse(row.kind().name()), new Cell(answer, row.violated(), finding));
                }
            }
            List<Finding> failures = tally.findings().stream()
                    .filter(it -> it.kind().sort() == Kind.Sort.FAILURE)
                    .toList();
            rows.add(new Row(tally.scenario().protocol(), tally.scenario().promised(), cells, failures));
        }
        return new ProtocolMatrix(
                sweep.plan().scenarios().get(0).title(), sweep.worlds() / Math.max(1, rows.size()), rows);
    }

    /** The first violation of each cell that is violated. */
    public List<Finding> findings() {
        return rows.stream()
                .flatMap(row -> row.cells().values().stream())
                .flatMap(cell -> cell.finding().stream())
                .toList();
    }

    /** Whether a protocol broke what it promises, or a replica failed. */
    public boolean breaksAPromise() {
        return rows.stream().anyMatch(row -> !row.failures().isEmpty() || row.isPromised(Answer.VIOLATED));
    }

    /** Whether nobody knows if a protocol kept what it promises. */
    public boolean isUndecided() {
        return rows.stream().anyMatch(row -> row.isPromised(Answer.UNDECIDED));
    }
}
