package io.orrery.explore.sweep;

import io.orrery.explore.coverage.Names;
import io.orrery.explore.coverage.Watch;
import io.orrery.scenario.Run;
import io.orrery.scenario.Scenario;
import io.orrery.scenario.ScenarioRunner;
import io.orrery.simulation.Simulation;
import io.orrery.simulation.WorldObserver;
import java.util.List;
import java.util.Optional;

/** Plays worlds one after the other, and judges each. For one thread. */
public final class WorldPlayer implements AutoCloseable {
    private final boolean isWatching;
    private final Names names = new Names();
    private Simulation simulation;

    /** @param isWatching whether it is also told what a world covered */
    public WorldPlayer(boolean isWatching) {
        this.isWatching = isWatching;
    }

    /** Plays one world. A replica that fails in it is a finding. */
    public Played play(Scenario scenario, Turn turn) {
        return play(scenario, turn, WorldObserver.NONE);
    }

    /** @param observer sees what happens */
    public Played play(Scenario scenario, Turn turn, WorldObserver observer) {
        if (simulation == null) {
            simulation = Simulation.startSilently();
        }
        Optional<Watch> watch = isWatching ? Optional.of(new Watch(scenario, names)) : Optional.empty();
        try {
            Run run = ScenarioRunner.run(
                    simulation,
                    scenario,
                    turn.seed(),
                    turn.schedule().chooser(turn.seed()),
                    watch.isPresent() ? WorldObserver.all(watch.get(), observer) : observer,
                    List.of(),
                    type -> watch.map(it -> it.watched(type)).orElse(type));
            return Played.of(scenario, turn, run, watch.map(Watch::footprint));
        } catch (RuntimeException e) {
            // What is left of the world where a replica failed must not reach the next one.
            close();
            return Played.failed(scenario, turn, e);
        }
    }

    @Override
    public void close() {
        if (simulation != null) {
            simulation.close();
            simulation = null;
        }
    }
}
