package io.orrery.scenario;

import io.orrery.check.Convergence;
import io.orrery.check.Convergence.Content;
import io.orrery.check.Verdict;
import io.orrery.check.Witness;
import io.orrery.clock.VersionVector;
import io.orrery.model.Key;
import io.orrery.model.NodeId;
import io.orrery.protocol.ProtocolType;
import io.orrery.protocol.ReplicaStatus;
import io.orrery.protocol.ReplicaView;
import io.orrery.simulation.oracle.Oracles;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Whether the running replicas are quiescent and hold the same. */
public final class Quiescence {
    private Quiescence() {}

    /** The verdict on {@code converged}: no replica lacks or buffers a write of another, and all hold the same. */
    public static Verdict judge(Map<NodeId, ReplicaView> views) {
        Verdict rest = rest(views);
        if (!rest.equals(Verdict.HOLDS)) {
            return rest;
        }
        Map<NodeId, Map<Key, Content>> contents = new TreeMap<>();
        views.forEach((replica, view) -> contents.put(replica, contents(view)));
        return Convergence.check(contents);
    }

    /**
     * Whether the verdict on {@code converged} may still change. Replicas of a protocol that does not converge stay
     * different once each has all writes.
     *
     * @param verdict that of {@link #judge}
     */
    public static boolean mayYetConverge(ProtocolType protocol, Verdict verdict, Map<NodeId, ReplicaView> views) {
        return verdict instanceof Verdict.Violated
                && (protocol.converges() || !rest(views).equals(Verdict.HOLDS));
    }

    /**
     * As {@link #judge}, without comparing what they hold: no replica lacks or buffers a write of another, or has accepted one
     * that has still to be handed on.
     */
    public static Verdict rest(Map<NodeId, ReplicaView> views) {
        NodeId first = null;
        VersionVector known = null;
        for (Map.Entry<NodeId, ReplicaView> entry : views.entrySet()) {
            ReplicaStatus status = entry.getValue().status();
            long accepted = Oracles.acceptedBy(entry.getValue());
            if (accepted > 0) {
                return restless(entry.getKey() + " has still to hand on "
                        + (accepted == 1 ? "a write" : accepted + " writes") + " that it has accepted");
            }
            if (!status.held().isEmpty()) {
                return restless(entry.getKey() + " still holds back "
                        + status.held().get(0).update());
            }
            if (first == null) {
                first = entry.getKey();
                known = status.known();
            } else if (!known.equals(status.known())) {
                return restless(first + " has the writes " + known + ", and " + entry.getKey() + " has the writes "
                        + status.known());
            }
        }
        return Verdict.HOLDS;
    }

    private static Verdict restless(String words) {
        return new Verdict.Violated(new Witness("Diverged", "at the end " + words + ".", List.of(), List.of(), null));
    }

    private static Map<Key, Content> contents(ReplicaView view) {
        Map<Key, Content> contents = new HashMap<>();
        view.forEach(it -> contents.put(it.key(), new Content(it.value().orElse(null), it.version())));
        return contents;
    }
}
