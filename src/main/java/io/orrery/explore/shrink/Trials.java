package io.orrery.explore.shrink;

import io.orrery.explore.Finding;
import io.orrery.explore.Kind;
import io.orrery.loop.Chooser;
import io.orrery.loop.Schedule;
import io.orrery.model.Value;
import io.orrery.network.Fault;
import io.orrery.scenario.Run;
import io.orrery.scenario.Scenario;
import io.orrery.scenario.ScenarioRunner;
import io.orrery.scenario.Step;
import io.orrery.simulation.Simulation;
import io.orrery.simulation.WorldObserver;
import io.orrery.simulation.oracle.Repair;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;

/**
 * Tries scenarios in parallel, each thread with a simulation of its own. Of several that show the wrong the first counts, so
 * that the result does not depend on the number of threads.
 */
final class Trials implements AutoCloseable {
    private final Kind kind;
    private final int threads;
    private final ExecutorService pool;
    private final ThreadLocal<Simulation> simulations = new ThreadLocal<>();
    private final BooleanSupplier isToEnd;
    /** What does not last does not count. */
    private volatile boolean mustLast;

    private long runs;

    /**
     * A run that shows the wrong.
     *
     * @param run null where a replica failed
     * @param isForGood false where more time or a repair would mend it: see {@link QuietEnd}
     */
    record Shown(Scenario scenario, long seed, Finding finding, Run run, boolean isForGood) {}

    /** @param isToEnd whether the search is to end soon; from then on nothing shows the wrong */
    Trials(Kind kind, int threads, BooleanSupplier isToEnd) {
        this.kind = kind;
        this.threads = threads;
        this.isToEnd = isToEnd;
        this.pool = Executors.newFixedThreadPool(threads, task -> {
            Thread thread = new Thread(() -> work(task), "shrink");
            thread.setDaemon(true);
            return thread;
        });
    }

    private void work(Runnable task) {
        try {
            task.run();
        } finally {
            // The pool interrupts threads that wait for work when it ends, and a system would not end then.
            Thread.interrupted();
            if (simulations.get() != null) {
                simulations.get().close();
            }
        }
    }

    /** From now on, what more time or a repair would mend is no wrong. */
    void requireLasting() {
        mustLast = true;
    }

    /** Whether the search ends before its end. */
    boolean isToEnd() {
        return isToEnd.getAsBoolean();
    }

    /** How many candidates were played. A candidate that was played beside an earlier one that counts is not counted. */
    long runs() {
        return runs;
    }

    /** The first of these scenarios that shows the wrong with this seed. */
    Optional<Shown> first(List<Scenario> candidates, long seed) {
        return firstOf(candidates.stream().map(it -> new Try(it, seed)).toList());
    }

    /** The first of these seeds with which a scenario shows the wrong. */
    Optional<Shown> first(Scenario scenario, List<Long> seeds) {
        return firstOf(seeds.stream().map(seed -> new Try(scenario, seed)).toList());
    }

    /** The first of these scenarios that shows the wrong with one of these seeds, and the first such seed. */
    Optional<Shown> first(List<Scenario> candidates, List<Long> seeds) {
        return firstOf(candidates.stream()
                .flatMap(it -> seeds.stream().map(seed -> new Try(it, seed)))
                .toList());
    }

    /** A candidate. */
    private record Try(Scenario scenario, long seed) {}

    private Optional<Shown> firstOf(List<Try> tries) {
        for (int from = 0; from < tries.size() && !isToEnd(); from += threads) {
            List<Try> some = tries.subList(from, Math.min(from + threads, tries.size()));
            List<Future<Optional<Shown>>> results = new ArrayList<>();
            some.forEach(it -> results.add(pool.submit(() -> play(it.scenario(), it.seed(), WorldObserver.NONE))));
            for (Future<Optional<Shown>> result : results) {
                runs++;
                Optional<Shown> shown = await(result);
                if (shown.isPresent()) {
                    results.forEach(Trials::await);
                    return shown;
                }
            }
        }
        return Optional.empty();
    }

    /** Plays a run, and tells an observer. */
    Optional<Shown> watch(Scenario scenario, long seed, Schedule schedule, WorldObserver observer) {
        runs++;
        return await(pool.submit(() -> play(scenario, seed, schedule.chooser(seed), observer)));
    }

    /** Whether a file may say this: nobody can read what nobody writes, nor from a disk that has no values. */
    private static boolean isPossible(Scenario scenario) {
        return scenario.steps().stream()
                .allMatch(step -> step instanceof Step.Ask ask
                        ? ask.expectation().values().orElse(List.of()).stream()
                                .allMatch(value -> value.isSameJsonAs(Value.NULL) || isWritten(scenario, ask, value))
                        : !(step instanceof Step.Inject inject
                                        && inject.fault() instanceof Fault.FailDisk fail
                                        && fail.what() == Fault.DiskFailure.READ)
                                || scenario.disk().hasValues());
    }

    private static boolean isWritten(Scenario scenario, Step.Ask read, Value value) {
        return scenario.steps().stream()
                .anyMatch(step -> step instanceof Step.Ask ask
                        && ask.operation().key().equals(read.operation().key())
                        && ask.operation()
                                .newValue()
                                .filter(value::isSameJsonAs)
                                .isPresent());
    }

    private Optional<Shown> play(Scenario scenario, long seed, WorldObserver observer) {
        if (scenario.workload().isEmpty() && !isPossible(scenario)) {
            return Optional.empty();
        }
        return play(scenario, seed, Chooser.random(seed), observer);
    }

    private Optional<Shown> play(Scenario scenario, long seed, Chooser chooser, WorldObserver observer) {
        if (simulations.get() == null) {
            simulations.set(Simulation.startSilently());
        }
        List<Finding> findings;
        Run run = null;
        Repair repair = new Repair();
        try {
            run = ScenarioRunner.run(
                    simulations.get(), scenario, seed, chooser, WorldObserver.all(repair, observer), List.of());
            findings = Finding.of(scenario, seed, Schedule.USUAL, run);
        } catch (RuntimeException e) {
            findings = List.of(Finding.of(scenario, seed, Schedule.USUAL, e));
        }
        Optional<Finding> shown =
                findings.stream().filter(it -> it.kind().equals(kind)).findFirst();
        if (shown.isEmpty()) {
            return Optional.empty();
        }
        boolean isForGood = !QuietEnd.concerns(kind) || QuietEnd.differForGood(repair, scenario);
        return isForGood || !mustLast
                ? Optional.of(new Shown(scenario, seed, shown.get(), run, isForGood))
                : Optional.empty();
    }

    private static <T> T await(Future<T> future) {
        try {
            return future.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while a candidate is played", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }

    @Override
    public void close() {
        pool.shutdown();
    }
}
