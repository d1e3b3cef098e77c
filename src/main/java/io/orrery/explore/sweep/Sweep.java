package io.orrery.explore.sweep;

import io.orrery.explore.sweep.SweepResult.End;
import io.orrery.model.DaemonThreads;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicReference;

/** Plays a scenario in many worlds, each with the next seed, and judges each. To be run once. */
public final class Sweep extends SweepRun {
    /** How long a world under way is waited for when somebody ends the sweep. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final AtomicReference<Throwable> failure = new AtomicReference<>();

    public Sweep(SweepPlan plan) {
        super(plan);
    }

    @Override
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
                if (isInterrupted() && (patience -= System.nanoTime() - from) <= 0) {
                    return;
                }
            }
        }
    }

    private void work() {
        try (WorldPlayer player = new WorldPlayer(plan.coverage() || plan.isGuided())) {
            for (OptionalLong number = assembly.take(); number.isPresent(); number = assembly.take()) {
                long it = number.getAsLong();
                assembly.put(it, player.play(plan.scenarios().get(assembly.scenarioOf(it)), assembly.turn(it)));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException | Error e) {
            failure.compareAndSet(null, e);
            assembly.end(End.INTERRUPTED);
        }
    }
}
