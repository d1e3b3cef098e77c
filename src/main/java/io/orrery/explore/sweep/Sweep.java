package io.orrery.explore.sweep;

import io.orrery.explore.coverage.Names;
import io.orrery.explore.coverage.Watch;
import io.orrery.explore.sweep.SweepResult.End;
import io.orrery.model.DaemonThreads;
import io.orrery.scenario.Run;
import io.orrery.scenario.Scenario;
import io.orrery.scenario.ScenarioRunner;
import io.orrery.simulation.Simulation;
import io.orrery.simulation.WorldObserver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicReference;

/** Plays a scenario in many worlds, each with the next seed, and judges each. To be run once. */
public final class Sweep {
    /** How long a world under way is waited for when somebody ends the sweep. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final SweepPlan plan;
    private final Assembly assembly;
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private volatile boolean isInterrupted;

    public Sweep(SweepPlan plan) {
        this.plan = plan;
        this.assembly = new Assembly(plan);
    }

    /** Has no further world begin, and the result be what there is. Callable from any thread. */
    public void interrupt() {
        isInterrupted = true;
        assembly.end(End.INTERRUPTED);
    }

    /** How many worlds are judged so far. Callable from any thread. */
    public long worlds() {
        return assembly.added();
    }

    /** How many kinds of findings there are so far. Callable from any thread. */
    public int findings() {
        return assembly.findings();
    }

    /**
     * Plays until the plan or somebody ends it.
     *
     * @throws IllegalStateException if a world cannot be played for a reason that is no finding, such as too little memory
     */
    public SweepResult run() throws InterruptedException {
        long began = System.nanoTime();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < plan.threads(); i++) {
            threads.add(DaemonThreads.start("sweep-" + i, this::work));
        }
        await(threads, began);
        if (failure.get() != null) {
            throw new IllegalStateException("the sweep failed: " + failure.get(), failure.get());
        }
        List<Tally> tallies = assembly.close();
        return new SweepResult(plan, tallies, assembly.why(), Duration.ofNanos(System.nanoTime() - began));
    }

    private void await(List<Thread> threads, long began) throws InterruptedException {
        long patience = PATIENCE.toNanos();
        for (Thread thread : threads) {
            while (thread.isAlive()) {
                long left = plan.time()
                        .map(time -> time.toNanos() - (System.nanoTime() - began))
                        .orElse(Long.MAX_VALUE);
                if (left <= 0) {
                    assembly.end(End.TIME);
                }
                long from = System.nanoTime();
                thread.join(left <= 0 ? 100 : Math.max(1, Math.min(100, left / 1_000_000)));
                if (isInterrupted && (patience -= System.nanoTime() - from) <= 0) {
                    return;
                }
            }
        }
    }

    private void work() {
        Player player = new Player(plan);
        try {
            for (OptionalLong number = assembly.take(); number.isPresent(); number = assembly.take()) {
                long it = number.getAsLong();
                assembly.put(it, player.play(plan.scenarios().get(assembly.scenarioOf(it)), assembly.turn(it)));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException | Error e) {
            failure.compareAndSet(null, e);
            assembly.end(End.INTERRUPTED);
        } finally {
            player.close();
        }
    }

    /** Plays worlds one after the other. */
    private static final class Player implements AutoCloseable {
        private final boolean isWatching;
        private final Names names = new Names();
        private Simulation simulation;

        Player(SweepPlan plan) {
            isWatching = plan.coverage() || plan.isGuided();
        }

        Played play(Scenario scenario, Turn turn) {
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
                        watch.isPresent() ? watch.get() : WorldObserver.NONE,
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
}
