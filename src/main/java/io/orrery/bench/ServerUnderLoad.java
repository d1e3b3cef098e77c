package io.orrery.bench;

import io.orrery.bench.ThroughputBenchmark.Operation;
import io.orrery.bench.ThroughputBenchmark.Options;
import io.orrery.launch.ServerProcess;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.HdrHistogram.Histogram;

/** A server process under load, and the connections to it. */
final class ServerUnderLoad implements AutoCloseable {
    /** The time for each operation and number of connections in a warm-up pass. */
    private static final Duration SLICE = Duration.ofMillis(200);

    /** Longer than the granularity of the system's CPU time. */
    private static final long BETWEEN_LOOKS_MILLIS = 25;

    private static final Duration LONGEST_REST = Duration.ofSeconds(2);

    private final ServerProcess server;
    private final Options options;
    private final Map<Integer, LoadGenerator> loads = new LinkedHashMap<>();

    /**
     * The results of one round.
     *
     * @param latencies in nanoseconds
     * @param cpuNanos the CPU time of the process per request, including its work after the answer
     */
    record Turn(double perSecond, Histogram latencies, double cpuNanos) {}

    ServerUnderLoad(ServerProcess server, Options options) throws IOException {
        this.server = server;
        this.options = options;
        String url = server.urls().values().iterator().next();
        for (int connections : options.connections()) {
            loads.put(connections, new LoadGenerator(url, connections, options.seed()));
        }
    }

    /** Warms up every operation that will be measured, for at most the time in the options. */
    void warmUp() throws IOException, InterruptedException {
        loads.values().iterator().next().fill();
        long pass = SLICE.toMillis() * Operation.values().length * loads.size();
        WarmUp.run(
                () -> {
                    double rates = 0;
                    for (LoadGenerator load : loads.values()) {
                        for (Operation operation : Operation.values()) {
                            rates += load.run(operation.request(), SLICE).perSecond();
                        }
                    }
                    return rates;
                },
                (int) Math.ceil((double) options.warmUp().toMillis() / pass));
        awaitRest();
    }

    /** Sends requests for one round, and returns when the server is idle again. */
    Turn ask(Operation operation, int connections) throws InterruptedException {
        Duration before = server.cpuTime();
        LoadGenerator.Load load = loads.get(connections).run(operation.request(), options.roundTime());
        Duration cpu = awaitRest().minus(before);
        return new Turn(
                load.perSecond(),
                load.latencies(),
                (double) cpu.toNanos() / load.latencies().getTotalCount());
    }

    /** Waits until the server is idle, so that its remaining work counts for its own round. Returns its CPU time. */
    private Duration awaitRest() throws InterruptedException {
        long deadline = System.nanoTime() + LONGEST_REST.toNanos();
        Duration before;
        Duration now = server.cpuTime();
        do {
            before = now;
            Thread.sleep(BETWEEN_LOOKS_MILLIS);
            now = server.cpuTime();
        } while (!now.equals(before) && System.nanoTime() - deadline < 0);
        return now;
    }

    @Override
    public void close() throws IOException {
        for (LoadGenerator load : loads.values()) {
            load.close();
        }
    }
}
