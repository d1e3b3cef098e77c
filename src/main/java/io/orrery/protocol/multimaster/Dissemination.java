package io.orrery.protocol.multimaster;

import io.orrery.clock.VersionVector;
import io.orrery.model.NodeId;
import io.orrery.model.Origin;
import io.orrery.protocol.Effects;
import io.orrery.protocol.Message;
import io.orrery.protocol.ReplicaSettings;
import io.orrery.protocol.Timer;
import io.orrery.protocol.multimaster.DisseminationMessage.Delta;
import io.orrery.protocol.multimaster.DisseminationMessage.Digest;
import io.orrery.protocol.multimaster.DisseminationMessage.Fetch;
import io.orrery.protocol.multimaster.DisseminationMessage.Purpose;
import io.orrery.protocol.multimaster.DisseminationMessage.Push;
import java.util.HashMap;
import java.util.HashSet;
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
 * periodically; what is missing is fetched by its exact ranges from a peer that has it, one fetch at a time. So the cost
 * of a catch-up grows with the difference and not with the store.
 *
 * <p>A replica that lost its memory goes on as a new incarnation. Its peers then seal the earlier ones: they take in no
 * more of their pushes. When all peers have done so and it has fetched all that they have, the writes that nobody has are
 * lost for good, and it declares them known, so that nobody waits for them.
 *
 * <p>Source: Demers et al., "Epidemic Algorithms for Replicated Database Maintenance", PODC 1987 (direct mail and
 * anti-entropy); Malkhi and Terry, "Concise Version Vectors in WinFS", DISC 2005 (vectors with exceptions).
 */
final class Dissemination {
    /** The timers of the multi-master family. */
    enum Timers implements Timer {
        /** Time for the next comparison. */
        ANTI_ENTROPY,
        /** What was missing a moment ago, and merely late perhaps, is fetched if it is missing still. */
        PATIENCE
    }

    /** What dissemination brings to a protocol. */
    interface Arrivals {
        /** A write has come that is not known yet: to be taken into the store. */
        void arrived(Write write);

        /** A range is known now, and nothing more of it will come: to be covered in the store. */
        void covered(Range range);
    }

    /** More ranges than this are told and fetched in turns, so that messages stay small. */
    private static final int MOST_RANGES = 100;

    private final ReplicaSettings settings;
    private final List<NodeId> peers;
    private final Effects effects;
    private final WriteStore store;
    private final Arrivals arrivals;
    /** What each peer had when it was last heard of. */
    private final SortedMap<NodeId, Digest> peersHave = new TreeMap<>();
    /** For each peer that lost its memory, the incarnation that it is in: earlier ones are sealed. */
    private final Map<NodeId, Long> sealed = new HashMap<>();
    /** The peers that have answered this replica's hello, and so have sealed its earlier incarnations. */
    private final Set<NodeId> answered = new HashSet<>();

    private boolean patienceIsSet;
    /** The peer whose answer to a fetch is awaited; null when none is. */
    private NodeId fetchingFrom;

    Dissemination(ReplicaSettings settings, Effects effects, WriteStore store, Arrivals arrivals) {
        this.settings = settings;
        this.peers = settings.peers();
        this.effects = effects;
        this.store = store;
        this.arrivals = arrivals;
        peers.forEach(this::forgetWhatItHas);
    }

    private void forgetWhatItHas(NodeId peer) {
        peersHave.put(peer, new Digest(new Origin(peer, 0), VersionVector.EMPTY, List.of(), Purpose.PERIODIC));
    }

    void recover(Seal seal) {
        sealed.put(seal.node(), seal.incarnation());
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
                boolean hopesForAnswers = settings.origin().incarnation() > 0 && !answered.containsAll(peers);
                for (NodeId peer : peers) {
                    boolean again = hopesForAnswers && !answered.contains(peer);
                    sendDigest(peer, again ? Purpose.HELLO : Purpose.PERIODIC);
                }
                effects.setTimer(Timers.ANTI_ENTROPY, settings.tuning().antiEntropy());
            }
            case PATIENCE -> {
                patienceIsSet = false;
                fetchingFrom = null;
                if (!fetchFromPeersThatHave()) {
                    fetchGapsFromTheirOrigin();
                }
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
        peersHave.forEach((peer, digest) -> lag.put(peer, digest.has().missingFrom(store.known())));
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
        for (Write write : delta.writes()) {
            if (!store.knows(write.dot())) {
                arrivals.arrived(write);
            }
        }
        delta.covered().forEach(arrivals::covered);
        if (!from.equals(fetchingFrom)) {
            return;
        }
        fetchingFrom = null;
        if (delta.covered().isEmpty()) {
            // It has not what it said or was thought to have. Its next digest will tell what it does have.
            forgetWhatItHas(from);
        }
        if (!fetchFromPeersThatHave()) {
            declareLost();
        }
    }

    private void compare(NodeId from, Digest digest) {
        peersHave.put(from, digest);
        if (digest.purpose() == Purpose.HELLO) {
            seal(digest.sender());
            sendDigest(from, Purpose.ANSWER);
        } else if (digest.purpose() == Purpose.ANSWER) {
            answered.add(from);
        }
        if (missingFrom(digest).isEmpty()) {
            declareLost();
        } else if (digest.purpose() == Purpose.ANSWER && fetchingFrom == null) {
            fetch(from, missingFrom(digest));
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
        if (settings.origin().incarnation() == 0 || !answered.containsAll(peers)) {
            return;
        }
        boolean fetchedAll = peersHave.values().stream()
                .allMatch(digest -> missingFrom(digest).isEmpty());
        if (fetchedAll) {
            store.gaps(MOST_RANGES).stream()
                    .filter(gap -> gap.origin().node().equals(settings.self()))
                    .forEach(arrivals::covered);
        }
    }

    private void waitPatiently() {
        if (!patienceIsSet) {
            patienceIsSet = true;
            effects.setTimer(Timers.PATIENCE, settings.tuning().patience());
        }
    }

    private List<Range> missingFrom(Digest digest) {
        return store.missing(digest.has(), digest.islands(), MOST_RANGES);
    }

    /** Fetches from the first peer that is known to have something that is missing. Returns whether there is one. */
    private boolean fetchFromPeersThatHave() {
        for (NodeId peer : peers) {
            List<Range> missing = missingFrom(peersHave.get(peer));
            if (!missing.isEmpty()) {
                fetch(peer, missing);
                return true;
            }
        }
        return false;
    }

    private void fetchGapsFromTheirOrigin() {
        List<Range> gaps = store.gaps(MOST_RANGES);
        gaps.stream()
                .map(gap -> gap.origin().node())
                .filter(peers::contains)
                .findFirst()
                .ifPresent(origin -> fetch(
                        origin,
                        gaps.stream()
                                .filter(gap -> gap.origin().node().equals(origin))
                                .toList()));
    }

    private void fetch(NodeId peer, List<Range> ranges) {
        fetchingFrom = peer;
        effects.send(peer, new Fetch(ranges));
    }

    private void sendDigest(NodeId peer, Purpose purpose) {
        effects.send(peer, new Digest(settings.origin(), store.known(), store.islands(MOST_RANGES), purpose));
    }
}
