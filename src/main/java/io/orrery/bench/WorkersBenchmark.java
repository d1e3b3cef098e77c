package io.orrery.bench;

import io.orrery.deployment.WorkersFile;
import io.orrery.explore.sweep.SweepPlan;
import io.orrery.launch.FreePorts;
import io.orrery.launch.WorkerProcess;
import io.orrery.protocol.ProtocolType;
import io.orrery.workers.ClusterSweep;
import io.orrery.workers.Task;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * What further workers bring to a sweep: the worlds per second that one worker process plays, and then two together. Each plays
 * on one thread of this machine, of which the sweep itself needs some too. The worlds are those of {@link SweepBenchmark}.
 */
public final class WorkersBenchmark {
    private static final int MOST_WORKERS = 2;
    private static final Duration LOOK = Duration.ofMillis(10);

    private final Task task;
    private final String version;
    private final Path directory;
    private final int rounds;
    private final Duration roundTime;
    private final long firstSeed;

    /**
     * @param version of this program
     * @param directory for what the workers read and write
     * @param rounds how often each figure is measured, after as many rounds of warm-up
     * @param roundTime the length of a round
     * @param firstSeed the seed of the first world
     */
    public WorkersBenchmark(
            ProtocolType protocol, String version, Path directory, int rounds, Duration roundTime, long firstSeed) {
        this.task = new Task("sweep.conf", SweepBenchmark.story(protocol), List.of(), List.of(), "random");
        this.version = version;
        this.directory = directory;
        this.rounds = rounds;
        this.roundTime = roundTime;
        this.firstSeed = firstSeed;
    }

    /** The total number of rounds. */
    public int steps() {
        return MOST_WORKERS * 2 * rounds;
    }

    /**
     * Measures everything.
     *
     * @param progress called after each round, including warm-up
     * @throws io.orrery.launch.LaunchFailure if a worker cannot be started
     */
    public List<SweepBenchmark.Figure> run(Consumer<String> progress) throws IOException, InterruptedException {
        Path conf = Files.writeString(
                directory.resolve("workers.conf"),
                "remoting { port = " + FreePorts.of(1).get(0) + " }\n");
        ClusterSweep sweep = new ClusterSweep(
                WorkersFile.load(conf, warning -> {}),
                version,
                task,
                new SweepPlan(
                        task.scenarios(warning -> {}),
                        firstSeed,
                        Long.MAX_VALUE,
                        Optional.empty(),
                        false,
                        1,
                        task.strategy()),
                line -> {});
        CompletableFuture<Void> running = CompletableFuture.runAsync(() -> run(sweep));
        List<WorkerProcess> workers = new ArrayList<>();
        try {
            List<SweepBenchmark.Figure> figures = new ArrayList<>();
            double[][] rates = new double[MOST_WORKERS + 1][];
            for (int count = 1; count <= MOST_WORKERS; count++) {
                workers.add(WorkerProcess.start(conf, List.of(), directory.resolve("worker-" + count + ".log")));
                while (sweep.workers() < count && !running.isDone()) {
                    Thread.sleep(LOOK.toMillis());
                }
                String who = count + (count == 1 ? " worker" : " workers");
                rates[count] = rates(sweep, who, progress);
                figures.add(new SweepBenchmark.Figure("judged worlds, " + who, "worlds/s", Spread.of(rates[count])));
            }
            double[] gain = new double[rounds];
            for (int i = 0; i < rounds; i++) {
                gain[i] = rates[2][i] / rates[1][i];
            }
            figures.add(new SweepBenchmark.Figure("2 workers to 1", "times", Spread.of(gain)));
            return figures;
        } finally {
            sweep.interrupt();
            running.join();
            workers.forEach(WorkerProcess::close);
        }
    }

    private static void run(ClusterSweep sweep) {
        try {
            sweep.run();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private double[] rates(ClusterSweep sweep, String who, Consumer<String> progress) throws InterruptedException {
        double[] rates = new double[rounds];
        for (int i = -rounds; i < rounds; i++) {
            long before = sweep.worlds();
            long began = System.nanoTime();
            Thread.sleep(roundTime.toMillis());
            if (i >= 0) {
                rates[i] = (sweep.worlds() - before) * 1e9 / (System.nanoTime() - began);
            }
            progress.accept(who);
        }
        return rates;
    }
}
