package io.orrery.workers;

import io.orrery.check.Model;
import io.orrery.explore.Finding;
import io.orrery.explore.Kind;
import io.orrery.explore.sweep.Assembly;
import io.orrery.explore.sweep.Played;
import io.orrery.explore.sweep.SweepPlan;
import io.orrery.explore.sweep.Turn;
import io.orrery.scenario.Scenario;
import io.orrery.workers.WorkerMessage.Part;
import io.orrery.workers.WorkerMessage.Unit;
import io.orrery.workers.WorkerMessage.World;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Makes units of the worlds of a sweep, and takes in what they came to. For one thread at a time. */
final class HandOut {
    /** How long a unit should take: long against its way over the network, short against the wait for the last one. */
    private static final long UNIT_NANOS = 100_000_000;

    private static final int MOST_WORLDS = 256;

    private final SweepPlan plan;
    private final Assembly assembly;
    /** How long a world takes; 0 as long as that is not known. */
    private long worldNanos;

    HandOut(SweepPlan plan, Assembly assembly) {
        this.plan = plan;
        this.assembly = assembly;
    }

    /** The next unit; empty if there is none now. */
    Optional<Unit> next() {
        return assembly.take(worlds())
                .map(span -> new Unit(
                        span.first(), assembly.seedOf(span.first()), assembly.scenarioOf(span.first()), span.count()));
    }

    private int worlds() {
        return worldNanos == 0 ? 1 : (int) Math.max(1, Math.min(MOST_WORLDS, UNIT_NANOS / worldNanos));
    }

    /**
     * Takes in what worlds came to, which may have been said before.
     *
     * @throws IllegalArgumentException when no world can have come to that
     */
    void take(Part part) {
        if (part.world() < 0 || part.nanos() < 0) {
            throw new IllegalArgumentException("it has no such world");
        }
        for (Kind kind : part.kinds()) {
            if (kind.sort() == Kind.Sort.MODEL) {
                Model.parse(kind.name());
            }
        }
        worldNanos = Math.max(1, worldNanos == 0 ? part.nanos() : (3 * worldNanos + part.nanos()) / 4);
        for (int i = 0; i < part.worlds().size(); i++) {
            long number = part.world() + i;
            assembly.put(number, played(number, part.kinds(), part.worlds().get(i)));
        }
    }

    private Played played(long number, List<Kind> kinds, World world) {
        Scenario scenario = plan.scenarios().get(assembly.scenarioOf(number));
        Turn turn = assembly.turn(number);
        Map<Kind, Played.Answer> answers = new LinkedHashMap<>();
        world.held().forEach(place -> answers.put(kind(kinds, place), Played.Answer.HELD));
        world.violated().forEach(place -> answers.put(kind(kinds, place), Played.Answer.VIOLATED));
        world.undecided().forEach(place -> answers.put(kind(kinds, place), Played.Answer.UNDECIDED));
        List<Finding> findings = world.findings().stream()
                .map(found -> new Finding(
                        kind(kinds, found.kind()), scenario, turn.seed(), turn.schedule(), found.sentence()))
                .toList();
        return new Played(turn, answers, findings, world.faults(), Optional.empty());
    }

    private static Kind kind(List<Kind> kinds, int place) {
        if (place < 0 || place >= kinds.size()) {
            throw new IllegalArgumentException("it names a kind that it has not told");
        }
        return kinds.get(place);
    }
}
