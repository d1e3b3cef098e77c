package io.orrery.explore.sweep;

import io.orrery.check.Model;
import io.orrery.explore.Finding;
import io.orrery.explore.Kind;
import io.orrery.explore.coverage.Coverage;
import io.orrery.scenario.RandomFaults;
import io.orrery.scenario.Run;
import io.orrery.scenario.Scenario;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/** The sums over the worlds of one scenario, in the order of their seeds. Its size does not depend on how many there are. */
public final class Tally {
    private final Scenario scenario;
    private final Map<Kind, Row> rows = new TreeMap<>();
    private final Map<Kind, Finding> findings = new TreeMap<>();
    private final Map<RandomFaults.Kind, Faults> faults = new TreeMap<>();
    private final Optional<Coverage> coverage;
    private long worlds;

    Tally(Scenario scenario, boolean coverage) {
        this.scenario = scenario;
        this.coverage = coverage ? Optional.of(new Coverage()) : Optional.empty();
        scenario.random().ifPresent(random -> random.kinds().forEach(kind -> faults.put(kind, new Faults(kind, 0, 0))));
    }

    /**
     * Random faults of one kind in all worlds together: {@link Run.FaultCount}.
     *
     * @param planned how many there were in the plans
     * @param fired how many of them had an effect
     */
    public record Faults(RandomFaults.Kind kind, long planned, long fired) {
        private Faults plus(Run.FaultCount more) {
            return new Faults(kind, planned + more.planned(), fired + more.fired());
        }
    }

    /** In how many worlds something held, was violated, or was neither. */
    public static final class Row {
        private final Kind kind;
        private final Optional<Boolean> expected;
        private long held;
        private long violated;
        private long undecided;
        private OptionalLong firstViolated = OptionalLong.empty();

        private Row(Kind kind, Optional<Boolean> expected) {
            this.kind = kind;
            this.expected = expected;
        }

        private void add(long number, Played.Answer answer) {
            if (answer == Played.Answer.HELD) {
                held++;
            } else if (answer == Played.Answer.UNDECIDED) {
                undecided++;
            } else {
                violated++;
                if (firstViolated.isEmpty()) {
                    firstViolated = OptionalLong.of(number);
                }
            }
        }

        /** What held or not: a model, an invariant, an expectation of a step; of a failure, that there was none. */
        public Kind kind() {
            return kind;
        }

        /** Whether it should hold. */
        public boolean isExpectedToHold() {
            return expected.orElse(true);
        }

        public long held() {
            return held;
        }

        public long violated() {
            return violated;
        }

        public long undecided() {
            return undecided;
        }

        /**
         * The lowest seed with which it did not hold. Of a guided sweep, in which several worlds may have one seed, the number of
         * the world, counted from the first seed on.
         */
        public OptionalLong firstViolated() {
            return firstViolated;
        }
    }

    /** @param number of the world, counted from the first seed on */
    void add(long number, Played played) {
        worlds++;
        played.answers().forEach((kind, answer) -> row(kind).add(number, answer));
        coverage.ifPresent(sum -> played.footprint().ifPresent(sum::add));
        played.findings().forEach(finding -> findings.putIfAbsent(finding.kind(), finding));
        for (Run.FaultCount count : played.faults()) {
            faults.computeIfPresent(count.kind(), (kind, sum) -> sum.plus(count));
        }
    }

    private Row row(Kind kind) {
        return rows.computeIfAbsent(kind, added -> new Row(added, expected(added)));
    }

    private Optional<Boolean> expected(Kind kind) {
        return kind.sort() == Kind.Sort.MODEL
                ? Optional.ofNullable(scenario.expected().verdicts().get(Model.parse(kind.name())))
                : Optional.empty();
    }

    public Scenario scenario() {
        return scenario;
    }

    /** How many worlds there were. */
    public long worlds() {
        return worlds;
    }

    /** Models first, failures last, each by name. */
    public Collection<Row> rows() {
        return List.copyOf(rows.values());
    }

    /** Of each kind the one with the lowest seed, in the order of the kinds. */
    public List<Finding> findings() {
        return List.copyOf(findings.values());
    }

    /** How many random faults of each kind all worlds together had. */
    public List<Faults> faults() {
        return List.copyOf(faults.values());
    }

    /** The kinds of random faults that were asked for, and had an effect in no world. */
    public List<Faults> neverFired() {
        return faults.values().stream().filter(sum -> sum.fired() == 0).toList();
    }

    /** What the worlds covered, if that was asked for. */
    public Optional<Coverage> coverage() {
        return coverage;
    }

    /** Whether something undecided may hide what was not expected. */
    public boolean isUndecided() {
        return rows.values().stream().anyMatch(row -> row.undecided > 0);
    }
}
