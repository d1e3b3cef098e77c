package io.orrery.simulation;

import io.orrery.clock.VersionVector;
import io.orrery.model.Key;
import io.orrery.model.NodeId;
import io.orrery.model.Update;
import io.orrery.protocol.ReplicaStatus;
import io.orrery.protocol.ReplicaView;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Whether all running replicas have come to the same state. */
public final class Convergence {
    private Convergence() {}

    /**
     * Looks for a difference between the running replicas: in what they know, in what they hold back, or in what they
     * show.
     *
     * @return the first difference in words, or empty when there is none
     */
    public static Optional<String> difference(Map<NodeId, ReplicaView> views) {
        NodeId first = null;
        VersionVector known = null;
        for (Map.Entry<NodeId, ReplicaView> entry : views.entrySet()) {
            ReplicaStatus status = entry.getValue().status();
            if (!status.held().isEmpty()) {
                return Optional.of(entry.getKey() + " still holds back "
                        + status.held().get(0).update());
            }
            if (first == null) {
                first = entry.getKey();
                known = status.known();
            } else if (!known.equals(status.known())) {
                return Optional.of(
                        first + " has the writes " + known + ", and " + entry.getKey() + " has " + status.known());
            }
        }
        return differenceOfContents(views);
    }

    private static Optional<String> differenceOfContents(Map<NodeId, ReplicaView> views) {
        List<Map.Entry<NodeId, ReplicaView>> entries = new ArrayList<>(views.entrySet());
        if (entries.isEmpty()) {
            return Optional.empty();
        }
        NodeId first = entries.get(0).getKey();
        Map<Key, Update> expected = contents(entries.get(0).getValue());
        for (Map.Entry<NodeId, ReplicaView> entry : entries.subList(1, entries.size())) {
            Map<Key, Update> other = contents(entry.getValue());
            if (expected.size() != other.size()) {
                return Optional.of(first + " holds " + expected.size() + " keys, and " + entry.getKey() + " holds "
                        + other.size());
            }
            for (Update update : expected.values()) {
                Update theirs = other.get(update.key());
                if (theirs == null
                        || !theirs.version().equals(update.version())
                        || !theirs.value().equals(update.value())) {
                    return Optional.of(first + " shows " + update + ", and " + entry.getKey() + " shows "
                            + (theirs == null ? "nothing" : theirs));
                }
            }
        }
        return Optional.empty();
    }

    private static Map<Key, Update> contents(ReplicaView view) {
        Map<Key, Update> contents = new HashMap<>();
        view.forEach(update -> contents.put(update.key(), update));
        return contents;
    }
}
