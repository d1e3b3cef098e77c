package io.orrery.explore.sweep;

import io.orrery.loop.Choices;
import io.orrery.loop.Schedule;
import io.orrery.loop.Strategy;
import io.orrery.scenario.Scenario;
import io.orrery.scenario.ScenarioRunner;
import io.orrery.simulation.Simulation;
import io.orrery.simulation.WorldObserver;
import java.util.List;

/** Plays worlds one after the other, and judges each. For one thread. */
public final class WorldPlayer implements AutoCloseable {
    private final Schedule schedule;
    private Simulation simulation;

    public WorldPlayer(Strategy strategy) {
        schedule = new Schedule(strategy, Choices.NONE);
    }

    /** Plays one world. A replica that fails in it is a finding. */
    public Played play(Scenario scenario, long seed) {
        return play(scenario, seed, WorldObserver.NONE);
    }

    /** @param observer sees what happens */
    public Played play(Scenario scenario, long seed, WorldObserver observer) {
        if (simulation == null) {
            simulation = Simulation.startSilently();
        }
        try {
            return Played.of(
                    scenario,
                    seed,
                    schedule,
                    ScenarioRunner.run(simulation, scenario, seed, schedule.chooser(seed), observer, List.of()));
        } catch (RuntimeException e) {
            // What is left of the world where a replica failed must not reach the next one.
            close();
            return Played.failed(scenario, seed, schedule, e);
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
