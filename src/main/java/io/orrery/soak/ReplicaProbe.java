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
    /** A replica answers from memory: one that takes longer is suspended. */
    private static final Duration ANSWER = Duration.ofSeconds(5);

    private final Map<NodeId, Host> hosts;
    private final Security security;

    ReplicaProbe(Map<NodeId, Host> hosts, Security security) {
        this.hosts = hosts;
        this.security = security;
    }

    private RestClient client(NodeId id) {
        Host.Instance instance = hosts.get(id)
                .reached(0)
                .orElseThrow(() -> new RequestFailure(RequestFailure.Kind.REFUSED, "replica " + id + " does not run"));
        return new RestClient(instance.process().url(), ANSWER).withAccessTo(security);
    }

    /** Whether a replica reports that it is ready. */
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

    /** @throws RequestFailure if the replica does not report its state */
    private ShownState state(NodeId id) {
        return ShownState.of(client(id))
                .orElseThrow(() -> new RequestFailure(RequestFailure.Kind.REFUSED, "replica " + id + " is down"));
    }

    /**
     * The writes that a replica has.
     *
     * @throws RequestFailure if it does not report them
     */
    VersionVector known(NodeId id) {
        return state(id).status().known();
    }

    /**
     * Whether all other replicas have these writes.
     *
     * @throws RequestFailure if one does not report its writes
     */
    boolean othersHave(NodeId id, VersionVector wanted) {
        return hosts.keySet().stream()
                .filter(it -> !it.equals(id))
                .allMatch(it -> known(it).covers(wanted));
    }

    /**
     * The current verdict on {@code converged}; for a protocol that does not converge, whether each replica has all
     * writes.
     */
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

    /** The contents of a replica; empty if it does not report them. */
    Optional<Map<Key, Convergence.Content>> contents(NodeId id) {
        Map<Key, Convergence.Content> contents = new TreeMap<>();
        try {
            state(id)
                    .forEach(it -> contents.put(
                            it.key(), new Convergence.Content(it.value().orElse(null), it.version())));
            return Optional.of(contents);
        } catch (RequestFailure e) {
            return Optional.empty();
        }
    }
}
