package io.orrery.soak;

import io.orrery.check.Convergence;
import io.orrery.check.Verdict;
import io.orrery.client.Document;
import io.orrery.client.RequestFailure;
import io.orrery.client.RestClient;
import io.orrery.deployment.Security;
import io.orrery.model.Key;
import io.orrery.model.NodeId;
import io.orrery.model.Value;
import io.orrery.model.Version;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/** What the replicas say of themselves. */
final class Replicas {
    /** Each replica has its state in memory: one that takes longer is stopped. */
    private static final Duration ANSWER = Duration.ofSeconds(5);

    private final Map<NodeId, Host> hosts;
    private final Security security;

    Replicas(Map<NodeId, Host> hosts, Security security) {
        this.hosts = hosts;
        this.security = security;
    }

    RestClient client(NodeId id) {
        return client(hosts.get(id)
                .reached(0)
                .orElseThrow(() -> new RequestFailure(RequestFailure.Kind.REFUSED, "replica " + id + " does not run")));
    }

    RestClient client(Host.Life life) {
        return new RestClient(life.process().url(), ANSWER).withAccessTo(security);
    }

    /** Whether a replica says that it can do all that it is for. */
    boolean isReady(NodeId id) {
        try {
            return client(id).get("/ready").isSuccess();
        } catch (RequestFailure e) {
            return false;
        }
    }

    /** How many writes of each origin a replica has. */
    Map<String, Long> vector(NodeId id) {
        Map<String, Long> vector = new TreeMap<>();
        Document.parse(client(id).get("/status").requireSuccess().body())
                .members("vector")
                .forEach((origin, count) -> vector.put(origin, Long.valueOf(count.toString())));
        return vector;
    }

    /** Whether all other replicas have what a vector says. */
    boolean othersHave(NodeId id, Map<String, Long> wanted) {
        return hosts.keySet().stream().filter(it -> !it.equals(id)).allMatch(it -> {
            Map<String, Long> held = vector(it);
            return wanted.entrySet().stream()
                    .allMatch(entry -> held.getOrDefault(entry.getKey(), 0L) >= entry.getValue());
        });
    }

    /** Whether a replica shows a key. */
    boolean shows(NodeId id, Key key) {
        try {
            return client(id).get(RestClient.keyPath(key.name())).isSuccess();
        } catch (RequestFailure e) {
            return false;
        }
    }


    /** Whether all replicas hold the same now. */
    Verdict converged() {
        Map<NodeId, Map<Key, Convergence.Held>> all = new TreeMap<>();
        try {
            hosts.keySet().forEach(id -> all.put(id, contents(id)));
        } catch (RequestFailure e) {
            return new Verdict.Undecided(
                    Verdict.Cause.SCOPE, "a replica does not show what it holds: " + e.getMessage());
        }
        return Convergence.check(all);
    }

    /** All that a replica holds. */
    Map<Key, Convergence.Held> contents(NodeId id) {
        Map<Key, Convergence.Held> contents = new TreeMap<>();
        for (Document update : Document.parse(client(id).get("/kv").requireSuccess().body())
                .objects("data")) {
            contents.put(
                    Key.of(update.text("key")),
                    new Convergence.Held(new Value(update.text("value")), Version.parse(update.text("version"))));
        }
        return contents;
    }
}
