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
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final ConcurrentHashMap<String, ConcurrentHashMap<String, Timer>> requests = new ConcurrentHashMap<>();
    private final Counter applied;
    private final Counter superseded;
    private final Counter dropped;
    private volatile ReplicaStatus.Memory memory = ReplicaStatus.Memory.NONE;

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
        Gauge.builder("orrery.http.bytes", underWay, UnderWay::bytes)
                .description("bytes of bodies that come, and of large answers that go")
                .register(registry);
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
