package io.orrery.soak;

import io.orrery.check.Convergence;
import io.orrery.check.Verdict;
import io.orrery.client.RequestFailure;
import io.orrery.client.RestClient;
import io.orrery.client.ShownState;
import io.orrery.clock.VersionVector;
import io.orrery.deployment.Security;
import io.orrery.model.Key;
import io.orrery.model.NodeId;
import io.orrery.protocol.ProtocolType;
import io.orrery.protocol.ReplicaView;
import io.orrery.scenario.Quiescence;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Queries the state of the replicas. */
final class ReplicaProbe {
    /** Each replica has its state in memory: one that takes longer is stopped. */
    private static final Duration ANSWER = Duration.ofSeconds(5);

    private final Map<NodeId, Host> hosts;
    private final Security security;

    ReplicaProbe(Map<NodeId, Host> hosts, Security security) {
        this.hosts = hosts;
        this.security = security;
    }

    private RestClient client(NodeId id) {
        Host.Life life = hosts.get(id)
                .reached(0)
                .orElseThrow(() -> new RequestFailure(RequestFailure.Kind.REFUSED, "replica " + id + " does not run"));
        return new RestClient(life.process().url(), ANSWER).withAccessTo(security);
    }

    /** Whether a replica says that it can do all that it is for. */
    boolean isReady(NodeId id) {
        return isSuccess(id, "/ready");
    }

    /** Whether a replica shows a key. */
    boolean shows(NodeId id, Key key) {
        return isSuccess(id, RestClient.keyPath(key.name()));
    }

    private boolean isSuccess(NodeId id, String path) {
        try {
            return client(id).get(path).isSuccess();
        } catch (RequestFailure e) {
            return false;
        }
    }

    /** @throws RequestFailure when it does not show it */
    private ShownState state(NodeId id) {
        return ShownState.of(client(id))
                .orElseThrow(() -> new RequestFailure(RequestFailure.Kind.REFUSED, "replica " + id + " is down"));
    }

    /**
     * Which writes a replica has.
     *
     * @throws RequestFailure when it does not show it
     */
    VersionVector known(NodeId id) {
        return state(id).status().known();
    }

    /**
     * Whether all other replicas have these writes.
     *
     * @throws RequestFailure when one does not show it
     */
    boolean othersHave(NodeId id, VersionVector wanted) {
        return hosts.keySet().stream()
                .filter(it -> !it.equals(id))
                .allMatch(it -> known(it).covers(wanted));
    }

    /** The verdict on {@code converged}, as of now; of a protocol that does not converge, whether each has all writes. */
    Verdict agree(ProtocolType protocol) {
        Map<NodeId, ReplicaView> states = new TreeMap<>();
        try {
            hosts.keySet().forEach(id -> states.put(id, state(id)));
        } catch (RequestFailure e) {
            return new Verdict.Undecided(
                    Verdict.Cause.SCOPE, "a replica does not show what it holds: " + e.getMessage());
        }
        return protocol.converges() ? Quiescence.judge(states) : Quiescence.rest(states);
    }

    /** All that a replica holds; empty when it does not show it. */
    Optional<Map<Key, Convergence.Held>> contents(NodeId id) {
        Map<Key, Convergence.Held> contents = new TreeMap<>();
        try {
            state(id)
                    .forEach(it -> contents.put(
                            it.key(), new Convergence.Held(it.value().orElse(null), it.version())));
            return Optional.of(contents);
        } catch (RequestFailure e) {
            return Optional.empty();
        }
    }
}
