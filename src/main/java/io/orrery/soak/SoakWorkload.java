package io.orrery.soak;

import io.orrery.client.KeyCall;
import io.orrery.client.RestClient;
import io.orrery.deployment.Deployment;
import io.orrery.history.Event;
import io.orrery.history.History;
import io.orrery.history.HistoryWriter;
import io.orrery.history.Recorder;
import io.orrery.model.DaemonThreads;
import io.orrery.model.Key;
import io.orrery.model.NodeId;
import io.orrery.model.Operation;
import io.orrery.model.Outcome;
import io.orrery.model.Value;
import io.orrery.network.SeededRandom;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Clients that write, read and delete, and the history of their operations. No request is retried: one without a clear
 * answer is recorded as unknown, and its client goes on with the next. No value is written twice. Each round has its
 * own keys, and half of all writes are to keys that nobody writes again, so that no later write hides a lost one.
 */
final class SoakWorkload implements AutoCloseable {
    private static final int CLIENTS_OF_EACH = 3;
    private static final int SHARED_KEYS = 5;
    private static final long THINK_MILLIS = 40;
    /** After this many operations, a client whose replica takes no writes tries a write there again. */
    private static final int FOLLOWER = 20;
    /** Added to the request timeout; a replica that takes longer is suspended. */
    private static final Duration MORE_PATIENCE = Duration.ofSeconds(2);

    private final Map<NodeId, Host> hosts;
    private final List<NodeId> ids;
    private final Deployment deployment;
    private final Duration patience;
    private final boolean moving;
    private final HistoryWriter file;
    private final List<Event> events = new ArrayList<>();
    private final Recorder recorder;
    private final AtomicLong lastValue = new AtomicLong();
    private final AtomicInteger round = new AtomicInteger();
    private final Set<NodeId> avoided = ConcurrentHashMap.newKeySet();
    private final List<Client> clients = new ArrayList<>();
    private final List<ScheduledFuture<?>> running = new ArrayList<>();
    private final ScheduledExecutorService threads;

    /** @param file takes the history event by event */
    SoakWorkload(Map<NodeId, Host> hosts, Deployment deployment, long seed, Path file) {
        this.hosts = hosts;
        this.ids = deployment.ids();
        this.deployment = deployment;
        this.patience = deployment.limits().requestTimeout().plus(MORE_PATIENCE);
        // A client that changes replicas has guarantees only if the protocol carries its session.
        this.moving = deployment.protocol().promises().moving();
        this.file = HistoryWriter.jsonLines(file);
        this.recorder = new Recorder(this::keep);
        int count = CLIENTS_OF_EACH * ids.size();
        for (int i = 0; i < count; i++) {
            clients.add(new Client(i, SeededRandom.stream(seed, "client " + i)));
        }
        this.threads = Executors.newScheduledThreadPool(count, DaemonThreads.named("client"));
    }

    private void keep(Event event) {
        events.add(event);
        file.append(event);
    }

    void start() {
        for (Client client : clients) {
            running.add(threads.scheduleWithFixedDelay(client, 0, THINK_MILLIS, TimeUnit.MILLISECONDS));
        }
    }

    /** Begins a new set of shared keys. */
    void beginRound(int number) {
        round.set(number);
    }

    /** Stops sending requests to a replica. Returns when all of its open requests have been answered. */
    void avoid(NodeId id) throws InterruptedException {
        avoided.add(id);
        for (Client client : clients) {
            while (id.equals(client.asking)) {
                TimeUnit.MILLISECONDS.sleep(5);
            }
        }
    }

    /** Resumes sending requests to avoided replicas. */
    void avoidNone() {
        avoided.clear();
    }

    /**
     * Writes a new key once through a replica, and records it.
     *
     * @return the outcome and the key; empty if the replica has no process that is ready
     */
    Optional<Probe> probe(NodeId via, Duration limit) {
        return hosts.get(via).reached(0).map(instance -> {
            long number = lastValue.incrementAndGet();
            Key key = Key.of("probe-" + number);
            Recorder.Client prober;
            synchronized (recorder) {
                prober = recorder.client("prober-" + number);
            }
            return new Probe(
                    via,
                    key,
                    ask(prober, "prober", instance, via, new Operation.Write(key, Value.of(number)), "", limit));
        });
    }

    /** A write of a key that nobody else writes, and its outcome. */
    record Probe(NodeId via, Key key, Outcome outcome) {
        boolean isDone() {
            return outcome instanceof Outcome.Done;
        }

        boolean isRefusedByFollower() {
            return outcome instanceof Outcome.Refused refused && refused.reason() == Outcome.Reason.NOT_LEADER;
        }
    }

    private Outcome ask(
            Recorder.Client recorded,
            String name,
            Host.Instance instance,
            NodeId via,
            Operation operation,
            String session,
            Duration limit) {
        Recorder.Asked asked;
        synchronized (recorder) {
            asked = recorded.asks(System.nanoTime(), via, operation);
        }
        Outcome outcome = send(instance, KeyCall.of(operation), session, name, limit);
        synchronized (recorder) {
            asked.returns(System.nanoTime(), outcome);
        }
        return outcome;
    }

    private Outcome send(Host.Instance instance, KeyCall call, String session, String name, Duration limit) {
        try {
            RestClient replica = new RestClient(instance.process().url(), limit).withAccessTo(deployment.security());
            return call.send(replica, session, name);
        } catch (IllegalStateException e) {
            // The process has just ended: nothing was sent.
            return new Outcome.Refused(Outcome.Reason.UNAVAILABLE, "the process has ended");
        }
    }

    /** The history so far. */
    History history() {
        synchronized (recorder) {
            return History.of(events);
        }
    }

    /** Returns when each client has received its last answer. */
    @Override
    public void close() {
        threads.shutdown();
        try {
            threads.awaitTermination(patience.toMillis() * 2, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        running.stream().filter(it -> it.isDone() && !it.isCancelled()).forEach(SoakWorkload::requireNoFailure);
        synchronized (recorder) {
            file.close();
        }
    }

    private static void requireNoFailure(ScheduledFuture<?> client) {
        try {
            client.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            throw new IllegalStateException("a client of the soak failed", e.getCause());
        }
    }

    private final class Client implements Runnable {
        private final int number;
        private final SeededRandom random;
        private volatile NodeId asking;
        private NodeId home;
        private String name;
        private Recorder.Client recorded;
        private Host.Instance last;
        private String session = "";
        private int lives;
        private int readsLeft;

        Client(int number, SeededRandom random) {
            this.number = number;
            this.random = random;
            this.home = ids.get(number % ids.size());
            begin();
        }

        /** Begins a new client, which has seen nothing yet. */
        private void begin() {
            name = "client-" + number + (lives++ == 0 ? "" : "-" + lives);
            synchronized (recorder) {
                recorded = recorder.client(name);
            }
            session = "";
        }

        @Override
        public void run() {
            asking = home;
            if (!avoided.contains(home)) {
                hosts.get(home).reached(number / ids.size()).ifPresent(this::ask);
            }
            asking = null;
        }

        private void ask(Host.Instance instance) {
            if (!moving && last != null && !instance.follows(last)) {
                // The client now reaches the other of two processes, which is a new session.
                begin();
            }
            last = instance;
            Operation operation = next();
            Outcome outcome = SoakWorkload.this.ask(recorded, name, instance, home, operation, session, patience);
            session = outcome.session().isEmpty() ? session : outcome.session();
            readsLeft = isNotTaken(outcome) ? FOLLOWER : Math.max(0, readsLeft - 1);
            boolean done = outcome instanceof Outcome.Done;
            if (moving && (!done && readsLeft == 0 || random.nextInt(20) == 0)) {
                home = ids.get(random.nextInt(ids.size()));
            }
        }

        private boolean isNotTaken(Outcome outcome) {
            return outcome instanceof Outcome.Refused refused && refused.reason() == Outcome.Reason.NOT_LEADER;
        }

        private Operation next() {
            Key shared = Key.of("r" + round.get() + "-" + random.nextInt(SHARED_KEYS));
            int chance = random.nextInt(100);
            if (chance < 40 || readsLeft > 0) {
                return new Operation.Read(shared);
            }
            if (chance < 43) {
                return new Operation.Delete(shared);
            }
            long value = lastValue.incrementAndGet();
            return new Operation.Write(chance < 71 ? shared : Key.of("once-" + value), Value.of(value));
        }
    }
}
