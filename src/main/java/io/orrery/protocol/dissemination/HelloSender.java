package io.orrery.protocol.dissemination;

import io.orrery.model.NodeId;
import io.orrery.protocol.Effects;
import io.orrery.protocol.ReplicaSettings;
import io.orrery.protocol.Timer;
import io.orrery.protocol.dissemination.DisseminationMessage.Farewell;
import io.orrery.protocol.dissemination.DisseminationMessage.Hello;
import io.orrery.protocol.kit.Backoff;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Announces the start of a replica, and records which peers have been heard from since. A hello is repeated until it is
 * answered; any summary of a peer counts as an answer. A replaced process sends farewells instead.
 */
final class HelloSender {
    /** Initial time to wait for an answer, as a multiple of {@code patience}. */
    private static final int ANSWER_PATIENCE = 10;

    private final List<NodeId> peers;
    private final Effects effects;
    private final KnownWrites knownWrites;
    private final StartTable startTable;
    private final Timer timer;
    private final SortedSet<NodeId> unheard;
    private final SortedSet<NodeId> unanswered;
    /** The peers that became reachable again and have not sent a summary since. */
    private final Set<NodeId> back = new HashSet<>();
    /**
     * The first summary of each peer since the start, or since it became reachable again; later it may be ahead at any
     * time.
     */
    private final SortedMap<NodeId, Summary> firstHeard = new TreeMap<>();
    /** The peers whose number for this replica has been taken into account. */
    private final Set<NodeId> met = new HashSet<>();
    /** The peers that take this start for the replica, and so nothing more of what earlier ones have under way. */
    private final Set<NodeId> accepting = new HashSet<>();

    private boolean isFarewell;
    private final Backoff patience;

    /** @param timer runs while an answer is waited for */
    HelloSender(
            ReplicaSettings settings, Effects effects, KnownWrites knownWrites, StartTable startTable, Timer timer) {
        this.peers = settings.peers();
        this.effects = effects;
        this.knownWrites = knownWrites;
        this.startTable = startTable;
        this.timer = timer;
        this.unheard = new TreeSet<>(peers);
        this.unanswered = new TreeSet<>(peers);
        // Beyond that the next comparison does as well.
        this.patience = new Backoff(
                settings.tuning().patience().multipliedBy(ANSWER_PATIENCE),
                settings.tuning().antiEntropy());
    }

    void start() {
        greetAll();
        effects.setTimer(timer, patience.current());
    }

    void greetAll() {
        greet(peers);
    }

    void greet(Collection<NodeId> some) {
        if (some.isEmpty()) {
            return;
        }
        Summary summary = knownWrites.allKnown(PeerSummaries.MOST_ISLANDS);
        for (NodeId peer : some) {
            effects.send(
                    peer,
                    isFarewell
                            ? new Farewell(startTable.own().origin(), summary)
                            : new Hello(startTable.own(), !met.contains(peer), summary));
        }
    }

    /** A peer may be reachable again. */
    void reachable(NodeId peer) {
        back.add(peer);
        ask(peer);
    }

    /** Asks a peer for its summary. */
    void ask(NodeId peer) {
        greet(List.of(peer));
        // If the last hello is unanswered too, its timeout continues.
        if (!isFarewell && unanswered.add(peer)) {
            patience.reset();
            effects.setTimer(timer, patience.current());
        }
    }

    /** A hello, or its answer, may have been lost. */
    void again() {
        if (isFarewell) {
            greetAll();
            return;
        }
        List<NodeId> again = peers.stream()
                .filter(peer -> !isAnswered(peer) || !accepts(peer))
                .toList();
        greet(again);
        if (!again.isEmpty()) {
            if (patience.lengthen()) {
                effects.setTimer(timer, patience.current());
            }
        }
    }

    /** Another process has replaced this one. */
    void becomeFarewell() {
        isFarewell = true;
    }

    boolean isFarewell() {
        return isFarewell;
    }

    void heard(NodeId peer, Summary summary) {
        unanswered.remove(peer);
        if (unheard.remove(peer) | back.remove(peer)) {
            firstHeard.put(peer, summary);
        }
    }

    /** A peer has started anew: what it had before, it may have lost for good. */
    void restarted(NodeId peer, Summary summary) {
        firstHeard.replace(peer, summary);
    }

    boolean isAnswered(NodeId peer) {
        return !unanswered.contains(peer);
    }

    /** A peer has told which start it takes for the replica. Returns whether that is the first time. */
    boolean meets(NodeId peer) {
        return met.add(peer);
    }

    boolean hasMet(NodeId peer) {
        return met.contains(peer);
    }

    /** A peer accepts this start as the replica. */
    void isAcceptedBy(NodeId peer) {
        accepting.add(peer);
    }

    boolean accepts(NodeId peer) {
        return accepting.contains(peer);
    }

    /** The peers that accept this start as the replica. */
    Set<NodeId> accepting() {
        return accepting;
    }

    /** The peers from which no summary has arrived since the start. */
    List<NodeId> unheard() {
        return List.copyOf(unheard);
    }

    /** The peers that had something, when first heard from, that this replica still lacks. */
    List<NodeId> behind() {
        return firstHeard.entrySet().stream()
                .filter(heard -> !knownWrites.knows(heard.getValue()))
                .map(Map.Entry::getKey)
                .toList();
    }

    /** Says with which peers the replica has caught up, each once. */
    void tellOfCatchUps() {
        if (!firstHeard.isEmpty()) {
            firstHeard.entrySet().removeIf(heard -> {
                boolean isHere = knownWrites.knows(heard.getValue());
                if (isHere) {
                    effects.caughtUp(heard.getKey());
                }
                return isHere;
            });
        }
    }
}
