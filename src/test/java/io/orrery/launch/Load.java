package io.orrery.launch;

import io.orrery.client.KeyCall;
import io.orrery.client.RestClient;
import io.orrery.history.Event;
import io.orrery.history.History;
import io.orrery.history.Recorder;
import io.orrery.model.Key;
import io.orrery.model.NodeId;
import io.orrery.model.Operation;
import io.orrery.model.Outcome;
import io.orrery.model.Value;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Clients that write and read for as long as this is open, and a record of what they asked and were told. Each has its
 * session, and goes on whatever it is told; no value is written twice.
 */
final class Load implements AutoCloseable {
    private static final int CLIENTS = 6;
    private static final int KEYS = 10;
    /** Between an answer and the next question of a client: the whole history is to be judged. */
    private static final long THINK_MILLIS = 120;
    /** More than the time-out of a request: who waits longer waits for a node that is suspended. */
    private static final Duration ANSWER = Duration.ofSeconds(7);
    /** How many more writes show that a cluster takes writes. */
    private static final int MORE = 12;
    /** And reads, where each write takes until it times out. */
    private static final int A_FEW = 5;

    private final TestCluster cluster;
    private final boolean moving;
    private final List<Event> events = new ArrayList<>();
    private final Recorder recorder = new Recorder(events::add);
    private final AtomicLong lastValue = new AtomicLong();
    private final AtomicLong acknowledged = new AtomicLong();
    private final AtomicLong read = new AtomicLong();
    private final ScheduledExecutorService threads = Executors.newScheduledThreadPool(CLIENTS);
    private final List<ScheduledFuture<?>> clients = new ArrayList<>();

    /** @param moving whether clients change nodes, by chance and when theirs does not answer; else each stays at one */
    Load(TestCluster cluster, boolean moving) {
        this.cluster = cluster;
        this.moving = moving;
        for (int i = 0; i < CLIENTS; i++) {
            clients.add(threads.scheduleWithFixedDelay(new Client(i), 0, THINK_MILLIS, TimeUnit.MILLISECONDS));
        }
    }

    /** Waits until a number of further writes has been acknowledged. */
    void awaitMore() {
        awaitMore("writes are acknowledged", acknowledged, MORE);
    }

    /** Waits until a number of further reads has been answered: also where nothing can be written. */
    void awaitReads() {
        awaitMore("reads are answered", read, A_FEW);
    }

    private void awaitMore(String what, AtomicLong counted, int more) {
        long goal = counted.get() + more;
        TestCluster.await(what, () -> {
            clients.stream().filter(Future::isDone).forEach(Load::requireNoFailure);
            return counted.get() >= goal;
        });
    }

    private static void requireNoFailure(ScheduledFuture<?> client) {
        try {
            if (!client.isCancelled()) {
                client.get();
            }
        } catch (InterruptedException | ExecutionException e) {
            throw new AssertionError("a client failed", e);
        }
    }

    /** What was recorded so far. */
    History history() {
        synchronized (recorder) {
            return History.of(events);
        }
    }

    /** Ends when each client has had its last answer. */
    @Override
    public void close() {
        threads.shutdown();
        TestCluster.await("all clients have had their answers", threads::isTerminated);
        clients.stream().filter(Future::isDone).forEach(Load::requireNoFailure);
    }

    private final class Client implements Runnable {
        private final String name;
        private final Recorder.Client recorded;
        private final Random random;
        private NodeId node;
        private String session = "";

        Client(int number) {
            name = "client-" + number;
            recorded = recorder.client(name);
            random = new Random(number);
            node = TestCluster.ALL.get(number % TestCluster.ALL.size());
        }

        @Override
        public void run() {
            Key key = Key.of("k" + random.nextInt(KEYS));
            Operation operation = random.nextBoolean()
                    ? new Operation.Read(key)
                    : new Operation.Write(key, Value.of(lastValue.incrementAndGet()));
            Recorder.Asked asked;
            synchronized (recorder) {
                asked = recorded.asks(System.nanoTime(), node, operation);
            }
            Outcome outcome = ask(operation);
            synchronized (recorder) {
                asked.returns(System.nanoTime(), outcome);
            }
            boolean done = outcome instanceof Outcome.Done;
            if (done) {
                (operation instanceof Operation.Write ? acknowledged : read).incrementAndGet();
            }
            if (moving && (!done || random.nextInt(20) == 0)) {
                node = TestCluster.ALL.get(random.nextInt(TestCluster.ALL.size()));
            }
        }

        private Outcome ask(Operation operation) {
            Optional<String> url = cluster.url(node);
            if (url.isEmpty()) {
                return new Outcome.Refused(Outcome.Reason.UNAVAILABLE, "node " + node + " starts");
            }
            Outcome outcome = KeyCall.of(operation).send(new RestClient(url.get(), ANSWER), session, name);
            session = outcome.session().isEmpty() ? session : outcome.session();
            return outcome;
        }
    }
}
