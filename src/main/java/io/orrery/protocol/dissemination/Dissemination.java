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
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;

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
 * lost for good, and it declares them known, so that nobody waits for them. What its peers still hold back of the earlier
 * incarnations, because it follows a write that is lost, they let go when nobody tells of more.
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

    /**
     * A sign that something is missing: a gap, or a write that is held back.
     *
     * @param origin who should know more
     * @param mark tells this sign from others of the origin
     */
    record Suspect(Origin origin, long mark) {}

    /** What dissemination brings. */
    interface Arrivals {
        /** A write has come that is not known yet. */
        void arrived(Write write);

        /** All that a peer has and that was missing here has come: to be applied as one. */
        void caughtUp(List<Kept> writes, Known complete);

        /** A range counts as known now, and nothing more of it will come. */
        void covered(Range range);

        /** Nobody tells of more writes of these origins, and there will be none: what is held back of them waits in vain. */
        void nothingMoreOf(Predicate<Origin> origins);

        /** The oldest sign that something is missing here; null when there is none. */
        Suspect suspect();

        /** A peer has told what it has. */
        void heard(NodeId peer, VersionVector known);
    }

    /** More islands than this are not told in one comparison, so that it stays small. */
    private static final int MOST_ISLANDS = 100;

    private final ReplicaSettings settings;
    private final List<NodeId> peers;
    private final Effects effects;
    private final WriteStore store;
    private final Room room;
    private final Arrivals arrivals;
    private final CatchUp catchUp;
    /** What each peer had when it was last heard of. */
    private final SortedMap<NodeId, Known> peersHave = new TreeMap<>();
    /** For each peer that lost its memory, the incarnation that it is in: earlier ones are sealed. */
    private final Map<NodeId, Long> sealed = new HashMap<>();
    /** The peers that have answered this replica's hello, and so have sealed its earlier incarnations. */
    private final Set<NodeId> answered = new HashSet<>();

    /** Of these, the peers of whom this replica has fetched all that they have, what they did not tell too. */
    private final Set<NodeId> caughtUpWith = new HashSet<>();

    /** Whether this incarnation, which began without a memory, has found again all that the peers had of the earlier ones. */
    private boolean restored;

    /** The peers that have told what they have since the last tick of anti-entropy. */
    private final Set<NodeId> heardOf = new HashSet<>();

    private boolean patienceIsSet;
    /** The oldest sign that something was missing when patience began. */
    private Suspect suspected;

    Dissemination(ReplicaSettings settings, Effects effects, WriteStore store, Room room, Arrivals arrivals) {
        this.settings = settings;
        this.peers = settings.peers();
        this.effects = effects;
        this.store = store;
        this.room = room;
        this.arrivals = arrivals;
        this.catchUp = new CatchUp(settings, effects, store, room, Timers.ANSWER);
        peers.forEach(peer -> peersHave.put(peer, Known.NOTHING));
    }

    void recover(Seal seal) {
        sealed.put(seal.node(), seal.incarnation());
    }

    void recover(Restored entry) {
        restored = entry.incarnation() == settings.origin().incarnation();
    }

    /** @param firstNumber see {@link Life#firstNumber} */
    void start(long firstNumber) {
        catchUp.start(firstNumber);
        peers.forEach(this::sayHello);
        effects.setTimer(Timers.ANTI_ENTROPY, settings.tuning().antiEntropy());
        declareLost(); // Without peers there is nobody to ask.
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
                room.open();
                letGoOfSealed();
                Digest digest = new Digest(store.knownInTurn(MOST_ISLANDS));
                for (NodeId peer : peers) {
                    if (stillNeedsAnswerOf(peer)) {
                        sayHello(peer);
                    } else {
                        effects.send(peer, digest);
                    }
                }
                effects.setTimer(Timers.ANTI_ENTROPY, settings.tuning().antiEntropy());
            }
            case PATIENCE -> {
                patienceIsSet = false;
                patienceIsOver();
            }
            case ANSWER -> {
                if (catchUp.noAnswer()) {
                    fetchWhatIsMissing();
                }
            }
        }
    }

    private void letGoOfSealed() {
        if (!sealed.isEmpty() && heardOf.containsAll(peers) && nobodyHasMore()) {
            arrivals.nothingMoreOf(this::isSealed);
        }
        heardOf.clear();
    }

    /** What was missing when patience began, and is missing still, is fetched; what is missing only since then may be late. */
    private void patienceIsOver() {
        Suspect suspect = arrivals.suspect();
        boolean isLate = suspect != null && suspect.equals(suspected);
        if (isLate || quickestThatHasMore().isPresent()) {
            fetchWhatIsMissing();
        }
        if (suspect != null && !isLate) {
            waitPatiently();
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
            catchUp.saysHello(from);
        } else if (message instanceof Answer answer) {
            answered(from, answer);
        } else if (message instanceof Fetch fetch) {
            effects.send(
                    from,
                    store.collect(
                            fetch,
                            settings.origin(),
                            settings.tuning().batch(),
                            CatchUp.MOST_ISLANDS,
                            effects.values()::read));
        } else if (message instanceof Delta delta) {
            takeIn(from, delta);
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
        boolean isAhead = write.dot().sequence() != store.prefix(origin) + 1;
        if (!isAhead || store.aheadOf(origin) < settings.tuning().buffer()) {
            arrivals.arrived(write);
        }
        if (isAhead) {
            waitPatiently();
        }
    }

    private boolean isSealed(Origin origin) {
        return !sealed.isEmpty() && origin.incarnation() < sealed.getOrDefault(origin.node(), 0L);
    }

    private void takeIn(NodeId from, Delta delta) {
        if (!delta.to().equals(settings.origin()) || isSealed(delta.from())) {
            return;
        }
        boolean wasUnderWay = catchUp.isUnderWay();
        Optional<CatchUp.Whole> whole = catchUp.answered(from, delta);
        if (whole.isEmpty()) {
            return;
        }
        arrivals.caughtUp(whole.get().writes(), whole.get().known());
        if (wasUnderWay && !catchUp.isUnderWay()) {
            // That is what the peer has, whatever it had before.
            hear(from, whole.get().known());
            if (answered.contains(from)) {
                caughtUpWith.add(from);
            }
            if (!fetchFromPeersThatHaveMore()) {
                declareLost();
            }
        }
    }

    private void answered(NodeId from, Answer answer) {
        if (answer.to().equals(settings.origin())) {
            answered.add(from);
            catchUp.answersHello(from);
            if (!catchUp.isUnderWay() && !store.knows(answer.known())) {
                hear(from, answer.known());
                catchUp.from(from);
                return;
            }
        }
        compare(from, answer.known());
    }

    private void hear(NodeId from, Known known) {
        peersHave.put(from, known);
        heardOf.add(from);
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
        if (settings.origin().incarnation() == 0 || !hasAllThatWasTold()) {
            return;
        }
        List<Range> gaps = store.gapsOf(settings.self());
        if (gaps.isEmpty()) {
            isRestored();
            return;
        }
        Optional<NodeId> toldAPart = peers.stream()
                .filter(peer -> toldAPart(peer) && !caughtUpWith.contains(peer))
                .findFirst();
        if (toldAPart.isEmpty()) {
            gaps.forEach(arrivals::covered);
            isRestored();
        } else if (!catchUp.isUnderWay()) {
            catchUp.from(toldAPart.get());
        }
    }

    private void isRestored() {
        if (!restored) {
            restored = true;
            effects.persist(new Restored(settings.origin().incarnation()));
        }
    }

    private boolean hasAllThatWasTold() {
        return answered.containsAll(peers) && nobodyHasMore();
    }

    private boolean nobodyHasMore() {
        return peersHave.values().stream().allMatch(store::knows);
    }

    /** Whether the peer has more islands, perhaps, than it told. */
    private boolean toldAPart(NodeId peer) {
        return peersHave.get(peer).islands().size() >= MOST_ISLANDS;
    }

    /** Whether a replica that lost its memory has all that its peers have, and knows what is lost; others always have. */
    boolean isWhole() {
        return settings.origin().incarnation() == 0 || restored;
    }

    /** Whether all peers have said that they have a write. */
    boolean isEverywhere(Dot dot) {
        return peersHave.values().stream().allMatch(known -> known.prefix().includes(dot));
    }

    /** Gives what is missing some time to come by itself, and fetches it then. */
    void waitPatiently() {
        if (!patienceIsSet) {
            patienceIsSet = true;
            suspected = arrivals.suspect();
            effects.setTimer(Timers.PATIENCE, settings.tuning().patience());
        }
    }

    /** One catch-up at a time; but a peer that keeps this replica waiting is left for one that does not. */
    private void fetchWhatIsMissing() {
        if (room.isClosed()) {
            return; // It would find no room.
        }
        if (!catchUp.isUnderWay()) {
            if (!fetchFromPeersThatHaveMore()) {
                fetchFromSuspect();
            }
        } else if (catchUp.isHeldUp()) {
            quickestThatHasMore().filter(peer -> !catchUp.isSlow(peer)).ifPresent(catchUp::from);
        }
    }

    /** Returns whether there is a peer that is known to have something that is missing here. */
    private boolean fetchFromPeersThatHaveMore() {
        Optional<NodeId> peer = quickestThatHasMore();
        peer.ifPresent(catchUp::from);
        return peer.isPresent();
    }

    private Optional<NodeId> quickestThatHasMore() {
        return peers.stream()
                .filter(peer -> !store.knows(peersHave.get(peer)))
                .min(Comparator.comparing(catchUp::patienceWith));
    }

    private void fetchFromSuspect() {
        Suspect suspect = arrivals.suspect();
        if (suspect != null && peers.contains(suspect.origin().node())) {
            catchUp.from(suspect.origin().node());
        }
    }

    private void sayHello(NodeId peer) {
        effects.send(peer, new Hello(settings.origin(), store.known(MOST_ISLANDS)));
    }
}
