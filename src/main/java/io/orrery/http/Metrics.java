package io.orrery.http;

import com.sun.management.OperatingSystemMXBean;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.orrery.live.ReplicaClient;
import io.orrery.model.NodeId;
import io.orrery.model.Operation;
import io.orrery.model.Outcome;
import io.orrery.protocol.ReplicaStatus;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/** The Prometheus metrics of one replica and its JVM, with names and units by Prometheus conventions. Thread-safe. */
final class Metrics implements AutoCloseable {
    /** A gauge is a double, which represents at least this many hexadecimal digits exactly. */
    private static final int DIGITS_OF_A_DOUBLE = 12;

    private static final double NANOS_OF_A_SECOND = 1e9;

    /** The histogram buckets: from memory accesses to timeouts. */
    private static final Duration[] BUCKETS = IntStream.of(1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000)
            .mapToObj(millis -> Duration.ofMillis(millis))
            .toArray(Duration[]::new);

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final ConcurrentHashMap<String, ConcurrentHashMap<String, Timer>> requests = new ConcurrentHashMap<>();
    private final Counter applied;
    private final Counter superseded;
    private final Counter dropped;
    private final JvmGcMetrics collections = new JvmGcMetrics();
    private final Timer syncs;
    private final ConcurrentHashMap<Answered, Timer> answers = new ConcurrentHashMap<>();
    private volatile Figures figures = Figures.NONE;
    private final Timer digests;
    private volatile LastDigest lastDigest = new LastDigest(Double.NaN, Double.NaN);

    /** NaN if there is none yet. */
    private record LastDigest(double value, double keys) {}

    /** A class of answers. */
    private record Answered(String method, String route, int code) {}

    /** The figures that a replica reports. */
    private record Figures(int keys, int tombstones, int held, Map<NodeId, Long> lag, ReplicaStatus.Memory memory) {
        static final Figures NONE = new Figures(0, 0, 0, Map.of(), ReplicaStatus.Memory.NONE);
    }

    /** @param peers the other replicas of the deployment */
    Metrics(NodeId node, Collection<NodeId> peers) {
        registry.config().commonTags("node", node.name());
        applied = Counter.builder("orrery.updates.applied")
                .description("updates that the replica has applied")
                .register(registry);
        superseded = Counter.builder("orrery.updates.superseded")
                .description("updates that arrived after a newer one")
                .register(registry);
        dropped = Counter.builder("orrery.messages.dropped")
                .description("messages of peers dropped because too much was waiting; they are fetched again")
                .register(registry);
        Gauge.builder("orrery.store.keys", this, it -> it.figures.keys())
                .description("keys in the store, without deleted ones")
                .register(registry);
        Gauge.builder("orrery.store.tombstones", this, it -> it.figures.tombstones())
                .description("deleted keys that the store remembers")
                .register(registry);
        Gauge.builder("orrery.updates.held", this, it -> it.figures.held())
                .description("writes buffered until their dependencies are here")
                .register(registry);
        for (NodeId peer : peers) {
            Gauge.builder(
                            "orrery.peer.lag.updates",
                            this,
                            it -> it.figures.lag().getOrDefault(peer, 0L))
                    .description("writes that the peer lacked at the last contact")
                    .tag("peer", peer.name())
                    .register(registry);
        }
        Gauge.builder("orrery.store.bytes", this, it -> it.figures.memory().bytes())
                .description("memory of the store, in bytes")
                .register(registry);
        Gauge.builder(
                        "orrery.store.limit.bytes",
                        this,
                        it -> it.figures.memory().limit())
                .description("the limit above which clients' writes are refused")
                .register(registry);
        Gauge.builder("orrery.store.lacks.room", this, it -> it.figures.memory().lacksRoom() ? 1 : 0)
                .description("whether there is no room for writes of peers: 1 or 0")
                .register(registry);
        digests = Timer.builder("orrery.digest")
                .description("how often the store was read for a digest, and how long that took")
                .register(registry);
        Gauge.builder("orrery.digest.value", this, it -> it.lastDigest.value())
                .description("the first 48 bits of the last digest: equal at replicas that hold the same")
                .register(registry);
        Gauge.builder("orrery.digest.keys", this, it -> it.lastDigest.keys())
                .description("keys in the last digest, deleted ones included")
                .register(registry);
        syncs = Timer.builder("orrery.journal.sync")
                .description("how long syncs of the journal took")
                .serviceLevelObjectives(BUCKETS)
                .register(registry);
        for (String operation : new String[] {"read", "write", "delete"}) {
            timer(operation, "done");
        }
        observeJvm();
    }

    private void observeJvm() {
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new FileDescriptorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
        collections.bindTo(registry);
        if (ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system) {
            FunctionCounter.builder("process.cpu", system, it -> it.getProcessCpuTime() / NANOS_OF_A_SECOND)
                    .baseUnit("seconds")
                    .description("CPU time of the process")
                    .register(registry);
        }
    }

    void observe(ReplicaClient replica) {
        Gauge.builder("orrery.replica.up", replica, it -> it.isUp() ? 1 : 0)
                .description("whether the replica is up: 1 or 0")
                .register(registry);
        Gauge.builder("orrery.requests.open", replica, ReplicaClient::openRequests)
                .description("requests that wait for an answer")
                .register(registry);
    }

    void observe(InFlightBudget inFlightBudget) {
        Gauge.builder("orrery.http.bytes", inFlightBudget, InFlightBudget::requests)
                .description("bytes of request bodies and of large answers under way")
                .tag("of", "requests")
                .register(registry);
        Gauge.builder("orrery.http.bytes", inFlightBudget, InFlightBudget::answers)
                .description("bytes of request bodies and of large answers under way")
                .tag("of", "answers")
                .register(registry);
    }

    /**
     * Records a digest of the whole store.
     *
     * @param digest in hexadecimal digits
     * @param keys the number of keys in it
     */
    void digested(String digest, int keys, long nanos) {
        digests.record(nanos, TimeUnit.NANOSECONDS);
        lastDigest = new LastDigest(Long.parseLong(digest.substring(0, DIGITS_OF_A_DOUBLE), 16), keys);
    }

    void answered(Operation operation, Outcome outcome, long nanos) {
        timer(operation.name(), name(outcome)).record(nanos, TimeUnit.NANOSECONDS);
    }

    private static String name(Outcome outcome) {
        if (outcome instanceof Outcome.Done) {
            return "done";
        }
        return outcome instanceof Outcome.Mismatch
                ? "mismatch"
                : outcome instanceof Outcome.Refused ? "refused" : "unknown";
    }

    private Timer timer(String operation, String outcome) {
        ConcurrentHashMap<String, Timer> known = requests.get(operation);
        Timer timer = known == null ? null : known.get(outcome);
        return timer == null ? newTimer(operation, outcome) : timer;
    }

    private Timer newTimer(String operation, String outcome) {
        return requests.computeIfAbsent(operation, name -> new ConcurrentHashMap<>())
                .computeIfAbsent(
                        outcome,
                        name -> Timer.builder("orrery.requests")
                                .description("requests of clients, by operation and outcome")
                                .tag("operation", operation)
                                .tag("outcome", outcome)
                                .register(registry));
    }

    /** Records an answer, whose body may still be in transit. */
    void answered(RequestContext requestContext, int code, long nanos) {
        Answered kind = new Answered(requestContext.method(), Routes.pathOf(requestContext), code);
        Timer timer = answers.get(kind);
        (timer == null ? answers.computeIfAbsent(kind, this::newTimer) : timer).record(nanos, TimeUnit.NANOSECONDS);
    }

    private Timer newTimer(Answered kind) {
        return Timer.builder("orrery.http.request.duration")
                .description("time from request to answer, by method, route and status code")
                .tag("method", kind.method())
                .tag("route", kind.route())
                .tag("code", Integer.toString(kind.code()))
                .serviceLevelObjectives(BUCKETS)
                .register(registry);
    }

    /** Records a sync of the journal. */
    void synced(long nanos) {
        syncs.record(nanos, TimeUnit.NANOSECONDS);
    }

    void applied() {
        applied.increment();
    }

    void superseded() {
        superseded.increment();
    }

    void dropped() {
        dropped.increment();
    }

    /** Records a replica's current status. */
    void status(ReplicaStatus now) {
        figures = new Figures(now.keys(), now.tombstones(), now.held().size(), now.lag(), now.memory());
    }

    /** The metrics in Prometheus's text format. */
    String scrape() {
        return registry.scrape();
    }

    @Override
    public void close() {
        collections.close();
        registry.close();
    }
}
