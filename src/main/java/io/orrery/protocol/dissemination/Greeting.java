package io.orrery.protocol.dissemination;

import io.orrery.model.NodeId;
import io.orrery.protocol.ReplicaSettings;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Of whom a replica has heard: since its start, and since it said hello last. Whatever tells what a peer has answers a
 * hello.
 */
final class Greeting {
    /** How many times the patience with a late write is the patience with a late answer, at first. */
    private static final int ANSWER_PATIENCE = 10;

    private final ReplicaSettings.Tuning tuning;
    private final WriteStore store;
    private final SortedSet<NodeId> unheard;
    private final SortedSet<NodeId> unanswered;
    /** What each peer had when it was first heard since the start: later it may be ahead at any time. */
    private final SortedMap<NodeId, Known> firstHeard = new TreeMap<>();

    private Duration patience;

    Greeting(Collection<NodeId> peers, ReplicaSettings.Tuning tuning, WriteStore store) {
        this.tuning = tuning;
        this.store = store;
        this.unheard = new TreeSet<>(peers);
        this.unanswered = new TreeSet<>(peers);
        this.patience = firstPatience();
    }

    private Duration firstPatience() {
        return tuning.patience().multipliedBy(ANSWER_PATIENCE);
    }

    /** Says hello anew to a peer. Returns whether that is worth a new patience: not, when the last hello has no answer either. */
    boolean begins(NodeId peer) {
        boolean isNew = unanswered.add(peer);
        if (isNew) {
            patience = firstPatience();
        }
        return isNew;
    }

    void heard(NodeId peer, Known known) {
        unanswered.remove(peer);
        if (unheard.remove(peer)) {
            firstHeard.put(peer, known);
        }
    }

    boolean isAnswered(NodeId peer) {
        return !unanswered.contains(peer);
    }

    /** How long to wait for an answer. */
    Duration patience() {
        return patience;
    }

    /** No answer has come in time. Returns whether to wait for one again: else the next comparison does as well. */
    boolean waitsLonger() {
        patience = patience.multipliedBy(2);
        return patience.compareTo(tuning.antiEntropy()) < 0;
    }

    List<NodeId> unheard() {
        return List.copyOf(unheard);
    }

    /** The peers that had something, when they were first heard, that is not here yet. */
    List<NodeId> behind() {
        firstHeard.values().removeIf(store::knows);
        return List.copyOf(firstHeard.keySet());
    }
}
