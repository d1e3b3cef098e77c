package io.orrery.protocol.dissemination;

import io.orrery.clock.Dot;
import io.orrery.clock.VersionVector;
import io.orrery.model.NodeId;
import io.orrery.model.Origin;
import io.orrery.protocol.Effects;
import io.orrery.protocol.Message;
import io.orrery.protocol.ReplicaSettings;
import io.orrery.protocol.Timer;
import io.orrery.protocol.dissemination.DisseminationMessage.Answer;
import io.orrery.protocol.dissemination.DisseminationMessage.Delta;
import io.orrery.protocol.dissemination.DisseminationMessage.Digest;
import io.orrery.protocol.dissemination.DisseminationMessage.Fetch;
import io.orrery.protocol.dissemination.DisseminationMessage.Hello;
import io.orrery.protocol.dissemination.DisseminationMessage.Push;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Reliable dissemination over links that lose, double and reorder: every write reaches every replica in the end, and is
 * taken in once.
 *
 * <p>The origin pushes each write to all peers. Replicas compare digests (what each has) at start, when a link heals, and
 * periodically; what is missing is fetched from one peer that has it, at a cost that grows with the difference and not
 * with the store.
 *
 * <p>A replica that lost its memory goes on as a new incarnation. Its peers then seal the earlier ones: they take in no
 * more of their pushes. When all peers have done so and it has fetched all that they have, the writes that nobody has are
 * lost for good, and it declares them known, so that nobody waits for them.
 *
 * <p>Source: Demers et al., "Epidemic Algorithms for Replicated Database Maintenance", PODC 1987 (direct mail and
 * anti-entropy); Malkhi and Terry, "Concise Version Vectors in WinFS", DISC 2005 (vectors with exceptions).
 */
final class Dissemination {
    /** The timers of dissemination. */
    enum Timers implements Timer {
        /** Time for the next comparison. */
        ANTI_ENTROPY,
        /** What was missing a moment ago, and merely late perhaps, is fetched if it is missing still. */
        PATIENCE,
        /** A fetch that has had no answer for so long is sent again. */
        ANSWER
    }

    /** What dissemination brings. */
    interface Arrivals {
        /** A write has come that is not known yet. */
        void arrived(Write write);

        /** All that a peer has and that was missing here has come: to be applied as one. */
        void caughtUp(List<Write> writes, Known complete);

        /** A range counts as known now, and nothing more of it will come. */
        void covered(Range range);

        /** The origin that should know more of what is incomplete here; null when nothing is incomplete. */
        Origin suspect();

        /** A peer has told what it has. */
        void heard(NodeId peer, VersionVector known);
    }

    /** More islands than this are not told in a comparison, so that it stays small. */
    private static final int MOST_ISLANDS = 100;

    /** More islands than this are not told when fetching: what is on the others is sent again. */
    private static final int MOST_ISLANDS_IN_FETCH = 10_000;

    /** How many times the patience with a late write is the patience with a late answer. */
    private static final int ANSWER_PATIENCE = 10;

    private final ReplicaSettings settings;
    private final List<NodeId> peers;
    private final Effects effects;
    private final WriteStore store;
    private final Arrivals arrivals;
    /** What each peer had when it was last heard of. */
    private final SortedMap<NodeId, Known> peersHave = new TreeMap<>();
    /** For each peer that lost its memory, the incarnation that it is in: earlier ones are sealed. */
    private final Map<NodeId, Long> sealed = new HashMap<>();
    /** The peers that have answered this replica's hello, and so have sealed its earlier incarnations. */
    private final Set<NodeId> answered = new HashSet<>();

    private boolean patienceIsSet;
    /** The peer from which this replica catches up; null when it does not. */
    private NodeId fetchingFrom;
    /** Tells the answers of this catch-up from those of earlier ones. */
    private long round;
    /** How far that peer's answers have come, and what they have brought. */
    private VersionVector scanned = VersionVector.EMPTY;

    private final Map<Dot, Write> brought = new LinkedHashMap<>();

    /** Whether an answer has come since the timer for answers was set. */
    private boolean answersCome;

    Dissemination(ReplicaSettings settings, Effects effects, WriteStore store, Arrivals arrivals) {
        this.settings = settings;
        this.peers = settings.peers();
        this.effects = effects;
        this.store = store;
        this.arrivals = arrivals;
        peers.forEach(peer -> peersHave.put(peer, Known.NOTHING));
    }

    void recover(Seal seal) {
        sealed.put(seal.node(), seal.incarnation());
    }

    void start() {
        peers.forEach(this::sayHello);
        effects.setTimer(Timers.ANTI_ENTROPY, settings.tuning().antiEntropy());
    }

    void reachable(NodeId peer) {
        sayHello(peer);
    }

    /** Sends a write of this replica to everyone. */
    void push(Write write) {
        Push push = new Push(write);
        for (NodeId peer : peers) {
            effects.send(peer, push);
        }
    }

    void timer(Timer timer) {
        switch ((Timers) timer) {
            case ANTI_ENTROPY -> {
                for (NodeId peer : peers) {
                    if (stillNeedsAnswerOf(peer)) {
                        sayHello(peer);
                    } else {
                        effects.send(peer, new Digest(store.known(MOST_ISLANDS)));
                    }
                }
                effects.setTimer(Timers.ANTI_ENTROPY, settings.tuning().antiEntropy());
            }
            case PATIENCE -> {
                patienceIsSet = false;
                if (fetchingFrom == null) {
                    fetchWhatIsMissing();
                }
            }
            case ANSWER -> {
                if (fetchingFrom != null && answersCome) {
                    awaitAnswer();
                } else if (fetchingFrom != null) {
                    fetchingFrom = null;
                    fetchWhatIsMissing();
                }
            }
        }
    }

    /** A replica that lost its memory needs an answer of everyone, once. */
    private boolean stillNeedsAnswerOf(NodeId peer) {
        return settings.origin().incarnation() > 0 && !answered.contains(peer);
    }

    void message(NodeId from, Message message) {
        if (message instanceof Push push) {
            take(push.write());
        } else if (message instanceof Digest digest) {
            compare(from, digest.known());
        } else if (message instanceof Hello hello) {
            seal(hello.sender());
            effects.send(from, new Answer(hello.sender(), store.known(MOST_ISLANDS)));
            compare(from, hello.known());
        } else if (message instanceof Answer answer) {
            answered(from, answer);
        } else if (message instanceof Fetch fetch) {
            effects.send(from, store.collect(fetch, settings.tuning().batch(), MOST_ISLANDS));
        } else if (message instanceof Delta delta) {
            takeAll(from, delta);
        } else {
            throw new IllegalArgumentException("not a message of dissemination: " + message);
        }
    }

    /** For each peer, how many known writes it had not when it was last heard of. */
    SortedMap<NodeId, Long> lag() {
        SortedMap<NodeId, Long> lag = new TreeMap<>();
        peersHave.forEach((peer, known) -> lag.put(peer, known.prefix().missingFrom(store.known())));
        return lag;
    }

    private void take(Write write) {
        Origin origin = write.dot().origin();
        if (store.knows(write.dot()) || isSealed(origin)) {
            return;
        }
        if (write.dot().sequence() != store.prefix(origin) + 1) {
            waitPatiently();
            if (store.aheadOf(origin) >= settings.tuning().buffer()) {
                return;
            }
        }
        arrivals.arrived(write);
    }

    private boolean isSealed(Origin origin) {
        return !sealed.isEmpty() && origin.incarnation() < sealed.getOrDefault(origin.node(), 0L);
    }

    private void takeAll(NodeId from, Delta delta) {
        boolean isAwaited = from.equals(fetchingFrom) && delta.to().equals(settings.origin()) && delta.round() == round;
        if (!isAwaited) {
            return;
        }
        boolean moves = !delta.scanned().equals(scanned);
        for (Write write : delta.writes()) {
            moves |= brought.put(write.dot(), write) == null;
        }
        answersCome = true;
        scanned = delta.scanned();
        if (delta.complete().isPresent()) {
            Known complete = delta.complete().get();
            fetchingFrom = null;
            arrivals.caughtUp(List.copyOf(brought.values()), complete);
            brought.clear();
            // That is what the peer has, whatever it had before.
            hear(from, complete);
            if (!fetchFromPeersThatHaveMore()) {
                declareLost();
            }
        } else if (moves) {
            fetchFrom(from);
        } else {
            fetchingFrom = null; // Asking on would bring the same again.
        }
    }

    private void answered(NodeId from, Answer answer) {
        if (answer.to().equals(settings.origin())) {
            answered.add(from);
            if (fetchingFrom == null && !store.knows(answer.known())) {
                hear(from, answer.known());
                beginToFetchFrom(from);
                return;
            }
        }
        compare(from, answer.known());
    }

    private void hear(NodeId from, Known known) {
        peersHave.put(from, known);
        arrivals.heard(from, known.prefix());
    }

    private void compare(NodeId from, Known known) {
        hear(from, known);
        if (store.knows(known)) {
            declareLost();
        } else {
            waitPatiently();
        }
    }

    private void seal(Origin sender) {
        if (sender.incarnation() > sealed.getOrDefault(sender.node(), 0L)) {
            sealed.put(sender.node(), sender.incarnation());
            effects.persist(new Seal(sender.node(), sender.incarnation()));
        }
    }

    /** What this replica's earlier incarnations wrote and nobody has is lost: it counts as known from now on. */
    private void declareLost() {
        if (settings.origin().incarnation() > 0 && isWhole()) {
            store.gapsOf(settings.self()).forEach(arrivals::covered);
        }
    }

    /** Whether nothing is missing that a peer has; for a replica that lost its memory, whether all peers have said so. */
    boolean isWhole() {
        return settings.origin().incarnation() == 0
                || answered.containsAll(peers) && peersHave.values().stream().allMatch(store::knows);
    }

    /** Whether all peers have said that they have a write. */
    boolean isEverywhere(Dot dot) {
        return peersHave.values().stream().allMatch(known -> known.prefix().includes(dot));
    }

    /** Gives what is missing some time to come by itself, and fetches it then. */
    void waitPatiently() {
        if (!patienceIsSet) {
            patienceIsSet = true;
            effects.setTimer(Timers.PATIENCE, settings.tuning().patience());
        }
    }

    private void fetchWhatIsMissing() {
        if (!fetchFromPeersThatHaveMore()) {
            fetchFromSuspect();
        }
    }

    /** Returns whether there is a peer that is known to have something that is missing here. */
    private boolean fetchFromPeersThatHaveMore() {
        for (NodeId peer : peers) {
            if (!store.knows(peersHave.get(peer))) {
                beginToFetchFrom(peer);
                return true;
            }
        }
        return false;
    }

    private void fetchFromSuspect() {
        Origin origin = arrivals.suspect();
        if (origin != null && peers.contains(origin.node())) {
            beginToFetchFrom(origin.node());
        }
    }

    private void beginToFetchFrom(NodeId peer) {
        round++;
        scanned = VersionVector.EMPTY;
        brought.clear();
        fetchFrom(peer);
        awaitAnswer();
    }

    private void fetchFrom(NodeId peer) {
        fetchingFrom = peer;
        effects.send(peer, new Fetch(settings.origin(), round, store.known(MOST_ISLANDS_IN_FETCH), scanned));
    }

    private void awaitAnswer() {
        answersCome = false;
        effects.setTimer(Timers.ANSWER, settings.tuning().patience().multipliedBy(ANSWER_PATIENCE));
    }

    private void sayHello(NodeId peer) {
        effects.send(peer, new Hello(settings.origin(), store.known(MOST_ISLANDS)));
    }
}
