package io.orrery.protocol.dissemination;

import io.orrery.clock.Dot;
import io.orrery.clock.VersionVector;
import io.orrery.model.NodeId;
import io.orrery.model.Origin;
import io.orrery.protocol.Effects;
import io.orrery.protocol.ReplicaSettings;
import io.orrery.protocol.Timer;
import io.orrery.protocol.dissemination.DisseminationMessage.Delta;
import io.orrery.protocol.dissemination.DisseminationMessage.Fetch;
import io.orrery.protocol.kit.CatchUp;
import io.orrery.protocol.kit.FreshNumbers;
import io.orrery.protocol.kit.Invariant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Fetches from one peer at a time all writes that it has and this replica lacks, in as many parts as needed. The parts
 * count only when the last has arrived: superseded writes are not sent, and the superseding write may be in a later
 * part.
 */
final class ChunkedFetch {
    /** The maximum number of islands in a request of a catch-up: writes on further ones are sent again. */
    static final int MOST_ISLANDS = 10_000;

    /** Initial time to wait for an answer, as a multiple of {@code patience}. */
    private static final int ANSWER_PATIENCE = 10;

    /** How often the next part of an answer that has begun is asked for before another peer is. */
    private static final int MOST_UNANSWERED = 5;

    /** A peer that does not answer is asked again after at most this many periods of anti-entropy. */
    private static final int LONGEST_PATIENCE = 12;

    /**
     * All writes that a peer had and this replica lacked.
     *
     * @param known what the peer knows: each write of it, or the one by which it was superseded
     */
    record Whole(List<StoredWrite> writes, Summary known) {}

    private final Effects effects;
    private final KnownWrites knownWrites;
    private final StoreQuota storeQuota;
    private final Timer answerTimer;

    /** Which peer has been asked, and how long each is waited for. */
    private final CatchUp peers;
    /** This start of the replica; null before it has started. */
    private Origin self;
    /** The start that was asked, where it is one whose place another has taken; null where it is whoever the peer is. */
    private Origin askedStart;
    /** How far the answers have come of the peer that was asked last, and what they have brought. */
    private VersionVector scanned = VersionVector.EMPTY;

    private final Map<Dot, StoredWrite> brought = new LinkedHashMap<>();
    /** The growth of the store by all writes that were brought. */
    private long growth;
    /** The runs of what was brought that lie beyond {@link #scanned}. */
    private final List<Range> broughtAhead = new ArrayList<>();
    /** Who gave those answers; null when there are none. */
    private Origin scannedOf;
    /** The answers that have been taken in, by a number that this start gives to no others: 0 for none. */
    private long part;

    private final FreshNumbers parts = new FreshNumbers();

    /** @param answerTimer runs out when an answer is late: to be passed to {@link #noAnswer} */
    ChunkedFetch(
            ReplicaSettings settings,
            Effects effects,
            KnownWrites knownWrites,
            StoreQuota storeQuota,
            Timer answerTimer) {
        this.peers = new CatchUp(
                settings.tuning().patience().multipliedBy(ANSWER_PATIENCE),
                settings.tuning().antiEntropy().multipliedBy(LONGEST_PATIENCE),
                MOST_UNANSWERED);
        this.effects = effects;
        this.knownWrites = knownWrites;
        this.storeQuota = storeQuota;
        this.answerTimer = answerTimer;
    }

    void start(Origin self) {
        this.self = self;
    }

    /** Which peer has been asked, and how long each is waited for. */
    CatchUp peers() {
        return peers;
    }

    /** Asks a peer; for the rest of its answer, where that has begun. */
    void from(NodeId peer) {
        ask(peer, null);
    }

    /** Asks a start whose place another has taken. */
    void fromEnded(Origin start) {
        ask(start.node(), start);
    }

    private void ask(NodeId peer, Origin start) {
        boolean goesOn = scannedOf != null
                && scannedOf.node().equals(peer)
                && (start == null ? askedStart == null : start.equals(scannedOf));
        if (!goesOn) {
            forgetAnswers();
        }
        Invariant.check(!peer.equals(self.node()), "a replica fetches from others", peer);
        askedStart = start;
        effects.send(peer, new Fetch(self, Optional.ofNullable(start), part, knownOrBrought(), scanned));
        effects.setTimer(answerTimer, peers.asks(peer));
    }

    /** A peer has answered a hello: messages pass both ways, and what kept it from answering a fetch is over. */
    void answersHello(NodeId peer) {
        if (peers.isInTouchWith(peer)) {
            ask(peer, askedStart);
        }
    }

    /** A peer has said hello: it has come back, perhaps without what it was asked, so it is asked again. */
    void saysHello(NodeId peer) {
        if (peers.isToBePrompted(peer)) {
            ask(peer, askedStart);
        }
    }

    /** What need not be sent again: what was brought counts as known only when the catch-up is complete. */
    private Summary knownOrBrought() {
        Summary summary = knownWrites.allKnown(MOST_ISLANDS, scanned);
        List<Range> islands = new ArrayList<>(summary.islands());
        islands.addAll(broughtAhead);
        return new Summary(summary.prefix(), islands);
    }

    // Each part is in the order of sequences, so what was brought of a run is together.
    private void addAhead(Dot dot) {
        Range last = broughtAhead.isEmpty() ? null : broughtAhead.get(broughtAhead.size() - 1);
        if (last != null && last.origin().equals(dot.origin()) && last.last() + 1 == dot.sequence()) {
            broughtAhead.set(broughtAhead.size() - 1, new Range(dot.origin(), last.first(), dot.sequence()));
        } else {
            broughtAhead.add(new Range(dot.origin(), dot.sequence(), dot.sequence()));
        }
    }

    /**
     * Takes in an answer, and asks for the next part where there is one.
     *
     * @return all that has come, when this was the last part or is the whole by itself
     */
    Optional<Whole> answered(NodeId from, Delta delta) {
        boolean isAwaited = peers.hasAsked(from)
                && delta.part() == part
                && (askedStart == null || delta.from().equals(askedStart));
        if (isAwaited && (scannedOf == null || delta.from().equals(scannedOf))) {
            return take(from, delta);
        }
        if (isAwaited) {
            // The peer has started again, and may have less than it had: its answer begins anew.
            forgetAnswers();
            ask(from, askedStart);
            return Optional.empty();
        }
        // Late or duplicated, but it may be complete by itself.
        return delta.part() == 0 ? delta.complete().flatMap(summary -> whole(delta, summary)) : Optional.empty();
    }

    private Optional<Whole> whole(Delta delta, Summary summary) {
        List<Write> news = delta.writes().stream()
                .filter(it -> !knownWrites.knows(it.dot()))
                .toList();
        if (!storeQuota.isFor(news.stream().mapToLong(storeQuota::growth).sum())) {
            return Optional.empty();
        }
        return Optional.of(new Whole(
                news.stream().map(it -> StoredWrite.of(it, effects.values())).toList(), summary));
    }

    private Optional<Whole> take(NodeId from, Delta delta) {
        peers.answered(from);
        boolean moves = !delta.scanned().equals(scanned);
        for (Write write : delta.writes()) {
            if (brought.containsKey(write.dot())) {
                continue;
            }
            growth += storeQuota.growth(write);
            if (!storeQuota.isFor(growth)) {
                storeQuota.lacksFor(write);
                forgetAnswers();
                return Optional.empty();
            }
            moves = true;
            brought.put(write.dot(), StoredWrite.of(write, effects.values()));
            if (!delta.scanned().includes(write.dot())) {
                addAhead(write.dot());
            }
        }
        if (delta.complete().isPresent()) {
            Whole whole =
                    new Whole(List.copyOf(brought.values()), delta.complete().get());
            brought.clear();
            forgetAnswers();
            return Optional.of(whole);
        }
        if (moves) {
            part = parts.next();
            scanned = delta.scanned();
            broughtAhead.removeIf(run -> run.last() <= scanned.get(run.origin()));
            scannedOf = delta.from();
            ask(from, askedStart);
        } else {
            forgetAnswers(); // Asking on would bring the same again.
        }
        return Optional.empty();
    }

    /** Whether a start whose place another has taken was asked last. */
    boolean hasAsked(Origin start) {
        return start.equals(askedStart);
    }

    private void forgetAnswers() {
        part = 0;
        scanned = VersionVector.EMPTY;
        scannedOf = null;
        growth = 0;
        brought.values().forEach(it -> knownWrites.dropUnlessShown(it, effects.values()));
        brought.clear();
        broughtAhead.clear();
    }

    /**
     * The time for an answer is up. Asks the same peer again where that saves a new beginning, and else gives it up.
     *
     * @return whether it has been given up
     */
    boolean noAnswer() {
        NodeId begun = scannedOf == null ? null : scannedOf.node();
        CatchUp.Late late = peers.isLate(begun);
        if (late == CatchUp.Late.ASK_AGAIN) {
            ask(begun, askedStart); // The message was lost, perhaps: another peer would have to begin again.
        }
        return late == CatchUp.Late.GIVE_UP;
    }
}
