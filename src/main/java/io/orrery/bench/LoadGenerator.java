package io.orrery.bench;

import com.sun.management.OperatingSystemMXBean;
import io.orrery.client.ClientConnection;
import io.orrery.network.SeededRandom;
import java.io.Closeable;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.HdrHistogram.Histogram;

/**
 * Clients of one replica, each with its own connection and one request in flight at all times. They draw from 1,000
 * keys; a key and a value have about 20 characters each.
 */
final class LoadGenerator implements Closeable {
    private static final int KEYS = 1_000;
    private static final int NUMBERS = 1_000_000;
    private static final int DIGITS = 3;

    private final List<ClientConnection> connections = new ArrayList<>();
    private final List<SeededRandom> draws = new ArrayList<>();
    private final ExecutorService threads;
    private final OperatingSystemMXBean machine = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    /** A request; its number determines the key and the value. */
    @FunctionalInterface
    interface Request {
        /** Reads an existing value; {@link #fill} has written it. */
        Request GET = (connection, number) -> connection.get(key(number));

        Request PUT = (connection, number) -> connection.put(key(number), "a value of write " + number);

        void send(ClientConnection connection, int number) throws IOException;

        private static String key(int number) {
            return "a-key-of-the-store-" + number % KEYS;
        }
    }

    /**
     * The results of a period of load.
     *
     * @param latencies in nanoseconds, of each request
     * @param cpu the share of all processors that this process used meanwhile, from 0 to 1
     */
    record Load(double perSecond, Histogram latencies, double cpu) {}

    /** @param seed decides the sequence of keys */
    LoadGenerator(String replica, int connections, long seed) throws IOException {
        this.threads = Executors.newFixedThreadPool(connections);
        try {
            for (int i = 0; i < connections; i++) {
                this.connections.add(new ClientConnection(replica));
                draws.add(SeededRandom.stream(seed, "client/" + i));
            }
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    /** Writes each key once. */
    void fill() throws IOException {
        for (int number = 0; number < KEYS; number++) {
            Request.PUT.send(connections.get(0), number);
        }
    }

    /** @throws IllegalStateException if a request has no answer or a wrong one */
    Load run(Request request, Duration time) throws InterruptedException {
        long cpuBefore = machine.getProcessCpuTime();
        long start = System.nanoTime();
        List<Callable<Histogram>> clients = new ArrayList<>();
        for (int i = 0; i < connections.size(); i++) {
            int client = i;
            clients.add(() -> send(request, client, start + time.toNanos()));
        }
        Histogram latencies = new Histogram(DIGITS);
        for (Future<Histogram> client : threads.invokeAll(clients)) {
            try {
                latencies.add(client.get());
            } catch (ExecutionException e) {
                throw new IllegalStateException(e.getCause().getMessage(), e.getCause());
            }
        }
        double nanos = System.nanoTime() - start;
        double cpu = (machine.getProcessCpuTime() - cpuBefore)
                / nanos
                / Runtime.getRuntime().availableProcessors();
        return new Load(latencies.getTotalCount() * 1e9 / nanos, latencies, cpu);
    }

    private Histogram send(Request request, int client, long end) throws IOException {
        ClientConnection connection = connections.get(client);
        SeededRandom draw = draws.get(client);
        Histogram latencies = new Histogram(DIGITS);
        long now = System.nanoTime();
        while (now - end < 0) {
            request.send(connection, draw.nextInt(NUMBERS));
            long done = System.nanoTime();
            latencies.recordValue(done - now);
            now = done;
        }
        return latencies;
    }

    @Override
    public void close() throws IOException {
        threads.shutdownNow();
        for (ClientConnection connection : connections) {
            connection.close();
        }
    }
}
