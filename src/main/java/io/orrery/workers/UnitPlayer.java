package io.orrery.workers;

import io.orrery.explore.sweep.Turn;
import io.orrery.explore.sweep.WorldPlayer;
import io.orrery.loop.Strategy;
import io.orrery.scenario.Scenario;
import io.orrery.workers.WorkerMessage.Part;
import io.orrery.workers.WorkerMessage.Unit;
import java.util.List;
import java.util.concurrent.CancellationException;

/** Plays units, one after the other. For one thread, but for {@link #leave}. */
final class UnitPlayer implements AutoCloseable {
    private final List<Scenario> scenarios;
    private final Strategy strategy;
    private final WorldPlayer player = new WorldPlayer(false);
    private volatile boolean isOver;

    UnitPlayer(List<Scenario> scenarios, Strategy strategy) {
        this.scenarios = scenarios;
        this.strategy = strategy;
    }

    /**
     * @param self who plays it
     * @throws CancellationException when it is left
     */
    List<Part> play(Unit unit, String self) {
        long began = System.nanoTime();
        PartWriter writer = new PartWriter(self, unit.world());
        for (int i = 0; i < unit.worlds(); i++) {
            if (isOver) {
                throw new CancellationException();
            }
            int place = unit.scenario() + i;
            Scenario scenario = scenarios.get(place % scenarios.size());
            writer.add(
                    place % scenarios.size(),
                    player.play(scenario, Turn.fresh(unit.seed() + place / scenarios.size(), strategy)));
        }
        return writer.parts((System.nanoTime() - began) / unit.worlds());
    }

    /** Has the unit under way be left after its present world. */
    void leave() {
        isOver = true;
    }

    @Override
    public void close() {
        player.close();
    }
}
