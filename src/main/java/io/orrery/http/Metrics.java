package io.orrery.http;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.orrery.cluster.ReplicaClient;
import io.orrery.model.NodeId;
import io.orrery.model.Operation;
import io.orrery.model.Outcome;
import io.orrery.protocol.ReplicaStatus;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** What one replica counts, as Prometheus reads it. For use from any thread. */
final class Metrics {
    /** A gauge is a double, which has room for so many hexadecimal digits and more. */
    private static final int DIGITS_OF_A_DOUBLE = 12;

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final ConcurrentHashMap<String, ConcurrentHashMap<String, Timer>> requests = new ConcurrentHashMap<>();
    private final Counter applied;
    private final Counter superseded;
    private final Counter dropped;
    private volatile ReplicaStatus.Memory memory = ReplicaStatus.Memory.NONE;
    private final Timer digests;
    private volatile LastDigest lastDigest = new LastDigest(Double.NaN, Double.NaN);

    /** Not a number as long as there is none. */
    private record LastDigest(double value, double keys) {}

    Metrics(NodeId node) {
        registry.config().commonTags("node", node.name());
        applied = Counter.builder("orrery.updates.applied")
                .description("updates that the replica began to show")
                .register(registry);
        superseded = Counter.builder("orrery.updates.superseded")
                .description("updates that came when the replica had a newer one")
                .register(registry);
        dropped = Counter.builder("orrery.messages.dropped")
                .description("messages of peers that came when too much waited here; they are fetched again")
                .register(registry);
        Gauge.builder("orrery.store.bytes", this, it -> it.memory.bytes())
                .description("memory that the store takes, in bytes")
                .register(registry);
        Gauge.builder("orrery.store.limit.bytes", this, it -> it.memory.limit())
                .description("beyond this clients' writes are refused")
                .register(registry);
        Gauge.builder("orrery.store.lacks.room", this, it -> it.memory.lacksRoom() ? 1 : 0)
                .description("whether peers have writes that there is no room for: 1 or 0")
                .register(registry);
        digests = Timer.builder("orrery.digest")
                .description("how often all that the replica holds was read for a digest of it, and how long that took")
                .register(registry);
        Gauge.builder("orrery.digest.value", this, it -> it.lastDigest.value())
                .description("the first 48 bits of the last digest: equal at replicas that hold the same")
                .register(registry);
        Gauge.builder("orrery.digest.keys", this, it -> it.lastDigest.keys())
                .description("how many keys the last digest is of, with those deleted")
                .register(registry);
        for (String operation : new String[] {"read", "write", "delete"}) {
            timer(operation, "done");
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

    void observe(UnderWay underWay) {
        Gauge.builder("orrery.http.bytes", underWay, UnderWay::requests)
                .description("bytes of bodies that come, and of large answers that go")
                .tag("of", "requests")
                .register(registry);
        Gauge.builder("orrery.http.bytes", underWay, UnderWay::answers)
                .description("bytes of bodies that come, and of large answers that go")
                .tag("of", "answers")
                .register(registry);
    }

    /**
     * All that the replica holds has been read.
     *
     * @param digest in hexadecimal digits
     * @param keys how many it is of
     */
    void digested(String digest, int keys, long nanos) {
        digests.record(nanos, TimeUnit.NANOSECONDS);
        lastDigest = new LastDigest(Long.parseLong(digest.substring(0, DIGITS_OF_A_DOUBLE), 16), keys);
    }

    void answered(Operation operation, Outcome outcome, long nanos) {
        timer(operation.name(), name(outcome)).record(nanos, TimeUnit.NANOSECONDS);
    }

    private static String name(Outcome outcome) {
        return outcome instanceof Outcome.Done ? "done" : outcome instanceof Outcome.Refused ? "refused" : "unknown";
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

    void applied() {
        applied.increment();
    }

    void superseded() {
        superseded.increment();
    }

    void dropped() {
        dropped.increment();
    }

    /** What the replica says now of its memory. */
    void memory(ReplicaStatus.Memory now) {
        memory = now;
    }

    /** The text that Prometheus scrapes. */
    String scrape() {
        return registry.scrape();
    }
}
