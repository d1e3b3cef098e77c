package io.orrery.protocol.multimaster;

import io.orrery.clock.VersionVector;
import io.orrery.model.NodeId;
import io.orrery.protocol.Effects;
import io.orrery.protocol.Message;
import io.orrery.protocol.ReplicaSettings;
import io.orrery.protocol.Timer;
import io.orrery.protocol.multimaster.DisseminationMessage.Delta;
import io.orrery.protocol.multimaster.DisseminationMessage.Digest;
import io.orrery.protocol.multimaster.DisseminationMessage.Fetch;
import io.orrery.protocol.multimaster.DisseminationMessage.Purpose;
import io.orrery.protocol.multimaster.DisseminationMessage.Push;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Reliable dissemination over links that lose, double and reorder: every write reaches every replica in the end, and is
 * taken in once.
 *
 * <p>The origin pushes each write to all peers. Replicas compare digests (version vectors) at start, when a link heals,
 * and periodically; what is missing is fetched by its exact ranges from a peer that has it, one fetch at a time. So the
 * cost of a catch-up grows with the difference and not with the store.
 *
 * <p>Source: Demers et al., "Epidemic Algorithms for Replicated Database Maintenance", PODC 1987 (direct mail and
 * anti-entropy); Ladin et al., "Providing High Availability Using Lazy Replication", TOCS 1992 (the vectors).
 */
final class Dissemination {
    /** The timers of the multi-master family. */
    enum Timers implements Timer {
        /** Time for the next comparison. */
        ANTI_ENTROPY,
        /** What was missing a moment ago, and merely late perhaps, is fetched if it is missing still. */
        PATIENCE
    }

    /** More ranges than this are fetched in turns, so that a fetch stays small. */
    private static final int RANGES_PER_FETCH = 100;

    private final ReplicaSettings settings;
    private final List<NodeId> peers;
    private final Effects effects;
    private final WriteStore store;
    private final Consumer<Write> arrival;
    private final Consumer<Range> coverage;
    /** What each peer had when it was last heard of. */
    private final SortedMap<NodeId, VersionVector> peersHave = new TreeMap<>();

    private boolean patienceIsSet;
    /** The peer whose answer to a fetch is awaited; null when none is. */
    private NodeId fetchingFrom;

    /**
     * @param arrival takes in a write that has come and is not known yet
     * @param coverage hears that a range without a gap is known now
     */
    Dissemination(
            ReplicaSettings settings,
            Effects effects,
            WriteStore store,
            Consumer<Write> arrival,
            Consumer<Range> coverage) {
        this.settings = settings;
        this.peers = settings.peers();
        this.effects = effects;
        this.store = store;
        this.arrival = arrival;
        this.coverage = coverage;
        peers.forEach(peer -> peersHave.put(peer, VersionVector.EMPTY));
    }

    void start() {
        peers.forEach(peer -> sendDigest(peer, Purpose.HELLO));
        effects.setTimer(Timers.ANTI_ENTROPY, settings.tuning().antiEntropy());
    }

    void reachable(NodeId peer) {
        sendDigest(peer, Purpose.HELLO);
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
                fetchingFrom = null; // An answer that has not come by now is lost.
                peers.forEach(peer -> sendDigest(peer, Purpose.PERIODIC));
                effects.setTimer(Timers.ANTI_ENTROPY, settings.tuning().antiEntropy());
            }
            case PATIENCE -> {
                patienceIsSet = false;
                fetchingFrom = null;
                fetchMissing();
            }
        }
    }

    void message(NodeId from, Message message) {
        if (message instanceof Push push) {
            take(push.write());
        } else if (message instanceof Digest digest) {
            compare(from, digest);
        } else if (message instanceof Fetch fetch) {
            effects.send(from, store.collect(fetch.ranges(), settings.tuning().batch()));
        } else if (message instanceof Delta delta) {
            takeAll(from, delta);
        } else {
            throw new IllegalArgumentException("not a message of the multi-master family: " + message);
        }
    }

    /** For each peer, how many known writes it had not when it was last heard of. */
    SortedMap<NodeId, Long> lag() {
        SortedMap<NodeId, Long> lag = new TreeMap<>();
        peersHave.forEach((peer, has) -> lag.put(peer, has.missingFrom(store.known())));
        return lag;
    }

    private void take(Write write) {
        if (store.knows(write.dot())) {
            return;
        }
        boolean inOrder = write.dot().sequence() == store.prefix(write.dot().origin()) + 1;
        if (!inOrder) {
            waitPatiently();
            if (store.aheadOf(write.dot().origin()) >= settings.tuning().buffer()) {
                return;
            }
        }
        arrival.accept(write);
    }

    private void takeAll(NodeId from, Delta delta) {
        delta.writes().stream().filter(write -> !store.knows(write.dot())).forEach(arrival);
        delta.covered().forEach(coverage);
        if (!from.equals(fetchingFrom)) {
            return;
        }
        fetchingFrom = null;
        if (delta.covered().isEmpty()) {
            // The peer has not what it had, or only gaps of its own. Asking again at once could go on for ever.
            peersHave.put(from, VersionVector.EMPTY);
            waitPatiently();
        } else {
            fetchMissing();
        }
    }

    private void compare(NodeId from, Digest digest) {
        peersHave.put(from, digest.has());
        if (digest.purpose() == Purpose.HELLO) {
            sendDigest(from, Purpose.ANSWER);
        }
        if (store.known().covers(digest.has())) {
            return;
        }
        if (digest.purpose() == Purpose.ANSWER && fetchingFrom == null) {
            fetchFrom(from);
        } else {
            waitPatiently();
        }
    }

    private void waitPatiently() {
        if (!patienceIsSet) {
            patienceIsSet = true;
            effects.setTimer(Timers.PATIENCE, settings.tuning().patience());
        }
    }

    /** Fetches from the first peer that is known to have something that is missing; failing that, from an origin. */
    private void fetchMissing() {
        for (NodeId peer : peers) {
            if (!store.known().covers(peersHave.get(peer))) {
                fetchFrom(peer);
                return;
            }
        }
        List<Range> gaps = store.missing(store.heardOf(), RANGES_PER_FETCH);
        gaps.stream()
                .map(gap -> gap.origin().node())
                .filter(peers::contains)
                .findFirst()
                .ifPresent(peer -> fetch(peer, gaps));
    }

    private void fetchFrom(NodeId peer) {
        fetch(peer, store.missing(peersHave.get(peer), RANGES_PER_FETCH));
    }

    private void fetch(NodeId peer, List<Range> ranges) {
        if (!ranges.isEmpty()) {
            fetchingFrom = peer;
            effects.send(peer, new Fetch(ranges));
        }
    }

    private void sendDigest(NodeId peer, Purpose purpose) {
        effects.send(peer, new Digest(store.known(), purpose));
    }
}
