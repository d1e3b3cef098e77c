package io.orrery.protocol.dissemination;

import io.orrery.clock.Dot;
import io.orrery.model.NodeId;
import io.orrery.model.Origin;
import io.orrery.model.Start;
import io.orrery.protocol.Effects;
import io.orrery.protocol.Message;
import io.orrery.protocol.ReplicaSettings;
import io.orrery.protocol.Timer;
import io.orrery.protocol.dissemination.DisseminationMessage.Answer;
import io.orrery.protocol.dissemination.DisseminationMessage.Delta;
import io.orrery.protocol.dissemination.DisseminationMessage.Digest;
import io.orrery.protocol.dissemination.DisseminationMessage.Farewell;
import io.orrery.protocol.dissemination.DisseminationMessage.Fetch;
import io.orrery.protocol.dissemination.DisseminationMessage.Hello;
import io.orrery.protocol.dissemination.DisseminationMessage.Push;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Reliable dissemination over links that lose, duplicate and reorder: every write eventually reaches every replica, and
 * is applied once. It reads what is known here, sends, and returns what it has {@linkplain Decision decided} is to be
 * done with the copy of the data.
 *
 * <p>The origin pushes each write to all peers. Replicas compare digests (what each has) at start, when a link heals,
 * and periodically; what is missing is fetched from one peer that has it, at a cost that grows with the difference and
 * not with the knowledge.
 *
 * <p>Each start of a replica numbers its writes under an id of its own, and says hello to all. Who has heard of a start
 * takes in no more pushes of the earlier ones, beyond those that the new one knows of. When all peers have accepted it and
 * it has fetched all that they have, the writes of its earlier starts that nobody has are lost for good, and it
 * declares them known, so that nobody waits for them. What its peers still hold back of the earlier starts, because it
 * follows a write that is lost, they let go when nobody tells of more; a peer that holds back what could be declared lost
 * meanwhile accepts the start after that only, so that all replicas show such a write or none does.
 *
 * <p>Two processes may run under one id: {@link StartTable} says which of them is the replica. The other learns of it from
 * whoever has heard both, takes no more requests, and ends when what it alone has is safe at a peer.
 *
 * <p>Source: Demers et al., "Epidemic Algorithms for Replicated Database Maintenance", PODC 1987 (direct mail and
 * anti-entropy); Malkhi and Terry, "Concise Version Vectors in WinFS", DISC 2005 (vectors with exceptions).
 */
final class Dissemination {
    /** The timers of dissemination. */
    enum Timers implements Timer {
        /** The next comparison is due. */
        ANTI_ENTROPY,
        /** Writes that were missing when the timer was set, and still are, are fetched. */
        PATIENCE,
        /** An unanswered fetch is sent again. */
        ANSWER,
        /** An unanswered hello is sent again. */
        HELLO
    }

    private final ReplicaSettings settings;
    private final List<NodeId> peers;
    private final Effects effects;
    private final KnownWrites knownWrites;
    private final StoreQuota storeQuota;
    private final ChunkedFetch fetch;
    private final MissingWrites missing;
    private final StartTable startTable;
    private final HelloSender helloSender;
    private final PeerSummaries peerSummaries;
    private final Completeness completeness;
    private final DigestComparison digestComparison;
    private final HelloHandler helloHandler;

    Dissemination(
            ReplicaSettings settings,
            Effects effects,
            KnownWrites knownWrites,
            Supplier<SuspectedGap> suspects,
            Function<Predicate<Dot>, Origin> holdsBack,
            StoreQuota storeQuota,
            StartRequirements terms) {
        this.settings = settings;
        this.peers = settings.peers();
        this.effects = effects;
        this.knownWrites = knownWrites;
        this.storeQuota = storeQuota;
        this.fetch = new ChunkedFetch(settings, effects, knownWrites, storeQuota, Timers.ANSWER);
        this.startTable = new StartTable(settings.self());
        this.helloSender = new HelloSender(settings, effects, knownWrites, startTable, Timers.HELLO);
        this.peerSummaries = new PeerSummaries(peers, knownWrites);
        this.missing =
                new MissingWrites(settings, effects, suspects, storeQuota, peerSummaries, fetch, Timers.PATIENCE);
        this.completeness =
                new Completeness(settings, effects, knownWrites, startTable, helloSender, peerSummaries, terms);
        this.digestComparison =
                new DigestComparison(settings, knownWrites, helloSender, peerSummaries, fetch, missing, completeness);
        this.helloHandler = new HelloHandler(
                settings,
                effects,
                knownWrites,
                holdsBack,
                startTable,
                helloSender,
                fetch,
                completeness,
                digestComparison,
                terms);
    }

    void recover(Started entry) {
        startTable.recover(entry);
    }

    /** This start of the replica. */
    Origin origin() {
        return startTable.own().origin();
    }

    /** When all that the journal remembers is in the store. */
    Decision start(Start start) {
        Origin last = startTable.own() == null ? knownWrites.lastOf(settings.self()) : origin();
        completeness.start();
        long before = last == null ? 0 : knownWrites.nextSequence(last) - 1;
        effects.persist(startTable.begin(new Origin(settings.self(), start.incarnation(), before, start.id())));
        fetch.start(origin());
        helloSender.start();
        effects.setTimer(Timers.ANTI_ENTROPY, settings.tuning().firstAntiEntropy(start));
        completeness.consider();
        return digestComparison.declareLost(Decision.NOTHING_MORE); // Without peers there is nobody to ask.
    }

    void reachable(NodeId peer) {
        helloSender.reachable(peer);
    }

    /** Asks a peer for its summary. */
    void ask(NodeId peer) {
        helloSender.ask(peer);
    }

    /** Sends a write of this replica to everyone. */
    void push(Write write) {
        push(write, peers);
    }

    /** Sends a write of this replica to some. */
    void push(Write write, List<NodeId> to) {
        Push push = new Push(write);
        for (NodeId peer : to) {
            effects.send(peer, push);
        }
    }

    /** Waits some time for missing writes, and then fetches them. */
    void waitPatiently() {
        missing.waitPatiently();
    }

    /** Says with whom the replica has caught up: when all has been taken in that a message has brought. */
    void tellOfCatchUps() {
        helloSender.tellOfCatchUps();
    }

    // Timers

    /** A timer has run out. */
    Decision timer(Timer timer) {
        switch ((Timers) timer) {
            case ANTI_ENTROPY -> {
                return turnBegins();
            }
            case PATIENCE -> missing.patienceIsOver();
            case ANSWER -> {
                if (fetch.noAnswer()) {
                    missing.fetch();
                }
            }
            case HELLO -> helloSender.again();
        }
        return null;
    }

    /** The next comparison is due. What is over is let go first. */
    private Decision turnBegins() {
        storeQuota.open();
        helloHandler.turnBegins();
        return peerSummaries.noneHadMoreSinceTheLastTick()
                ? new Decision.LetGo(startTable::isOver, this::fold)
                : fold();
    }

    private Decision fold() {
        return helloSender.isFarewell()
                ? compareWithAll()
                : new Decision.Fold(peerSummaries::coverAllOf, this::compareWithAll);
    }

    private Decision compareWithAll() {
        if (helloSender.isFarewell()) {
            helloSender.greetAll();
        } else {
            Digest digest = new Digest(origin(), knownWrites.knownInTurn(PeerSummaries.MOST_ISLANDS));
            for (NodeId peer : peers) {
                if (helloSender.accepts(peer)) {
                    effects.send(peer, digest);
                } else {
                    helloSender.greet(List.of(peer));
                }
            }
        }
        effects.setTimer(Timers.ANTI_ENTROPY, settings.tuning().antiEntropy());
        return null;
    }

    // Messages

    /** A message has come. */
    Decision message(NodeId from, Message message) {
        if (message instanceof Push push) {
            return pushed(from, push.write());
        } else if (message instanceof Digest digest) {
            return compared(from, digest);
        } else if (message instanceof Hello hello) {
            return helloHandler.met(from, hello);
        } else if (message instanceof Answer answer) {
            return helloHandler.answered(from, answer);
        } else if (message instanceof Farewell farewell) {
            helloHandler.bidFarewell(from, farewell);
            return null;
        } else if (message instanceof Fetch asked) {
            fetched(from, asked);
            return null;
        } else if (message instanceof Delta delta) {
            return takeIn(from, delta);
        }
        throw new IllegalArgumentException("not a message of dissemination: " + message);
    }

    private Decision pushed(NodeId from, Write write) {
        if (isOfAnEarlierStart(write)) {
            helloHandler.tellAll(from, write.dot().origin());
        }
        return take(write);
    }

    /** Nobody else has such a write, or the start that followed would know of it. */
    private boolean isOfAnEarlierStart(Write write) {
        return !knownWrites.knows(write.dot())
                && startTable.isOver(write.dot().origin())
                && !startTable.knew(write.dot());
    }

    /** A write has come, of whichever replica. */
    Decision take(Write write) {
        if (knownWrites.knows(write.dot()) || isOfAnEarlierStart(write)) {
            return null;
        }
        Origin origin = write.dot().origin();
        if (write.dot().sequence() == knownWrites.prefix(origin) + 1) {
            return new Decision.Take(write, Decision.NOTHING_MORE);
        }
        return knownWrites.aheadOf(origin) < settings.tuning().buffer()
                ? new Decision.Take(write, this::somethingIsMissing)
                : somethingIsMissing();
    }

    private Decision somethingIsMissing() {
        missing.waitPatiently();
        return null;
    }

    private Decision compared(NodeId from, Digest digest) {
        if (startTable.isOver(digest.sender())) {
            // Late words, or a process that does not know that another has taken its place.
            helloHandler.tellAll(from, digest.sender());
            return null;
        }
        if (knownWrites.hasFoldedOf(digest.known().prefix())) {
            // The peer does not know yet that this replica has that, and would not learn it from digests.
            helloHandler.tellAll(from, digest.sender());
        }
        Summary before = peerSummaries.of(from);
        // It does not name what all have; what was told once stays true for as long as the peer does.
        return digestComparison.compare(
                from,
                new Summary(
                        before.prefix().merge(digest.known().prefix()),
                        digest.known().islands()),
                Decision.NOTHING_MORE);
    }

    private void fetched(NodeId from, Fetch asked) {
        boolean isMeant = asked.of().isPresent() ? asked.of().get().equals(origin()) : !helloSender.isFarewell();
        if (isMeant) {
            effects.send(
                    from,
                    knownWrites.collect(
                            asked,
                            origin(),
                            settings.tuning().batch(),
                            ChunkedFetch.MOST_ISLANDS,
                            effects.values()::read));
        }
    }

    private Decision takeIn(NodeId from, Delta delta) {
        boolean isOver = startTable.isOver(delta.from());
        if (!delta.to().equals(origin()) || isOver && !fetch.hasAsked(delta.from())) {
            return null;
        }
        boolean wasUnderWay = fetch.peers().isUnderWay();
        Optional<ChunkedFetch.Whole> whole = fetch.answered(from, delta);
        if (whole.isEmpty()) {
            return null;
        }
        Summary summary = whole.get().known();
        return new Decision.TakeAll(whole.get().writes(), summary, () -> {
            if (!wasUnderWay || fetch.peers().isUnderWay()) {
                return null;
            }
            return isOver ? digestComparison.goOn() : digestComparison.hasCaughtUpWith(from, summary);
        });
    }

    // What can be seen

    /** The peers from which no summary has arrived since the start. */
    List<NodeId> unheard() {
        return helloSender.unheard();
    }

    /** The peers that had something, when first heard from since the start, that this replica still lacks. */
    List<NodeId> behind() {
        return helloSender.behind();
    }

    /** The peers for which this replica waits until it is {@linkplain #isWhole whole}, as far as not all of them are needed. */
    List<NodeId> awaited() {
        return completeness.awaited();
    }

    /** For each peer, how many known writes it had not when it was last heard of. */
    SortedMap<NodeId, Long> lag() {
        return peerSummaries.lag();
    }

    /** Whether this replica has all that it ever confirmed, as far as its protocol must know that. */
    boolean isWhole() {
        return completeness.isWhole();
    }

    /** The number that this start had when a peer last told of writes of this replica that it did not know; 0 if none has. */
    long forgotAt() {
        return completeness.forgotAt();
    }

    /** The number of the latest start of a replica that has been heard of. */
    long startsOf(NodeId replica) {
        return startTable.numberOf(replica);
    }

    /** Of how many replicas a start has been heard of, this one among them. */
    int starts() {
        return startTable.size();
    }

    /** The current start of a replica, as far as is known. */
    Optional<Origin> currentStart(NodeId replica) {
        return Optional.ofNullable(startTable.of(replica)).map(Started::origin);
    }

    /**
     * Whether a start may be the current one of its replica: as far as is known no other is. A replica whose memory was lost
     * knows of none, and peers that run on do not say hello again.
     */
    boolean isCurrent(Origin start) {
        return !startTable.isOver(start);
    }

    /** Whether a peer has said that it has a write. */
    boolean isAtAPeer(Dot dot) {
        return peerSummaries.isAtAPeer(dot);
    }

    /** Whether all peers have said that they have a write. */
    boolean isEverywhere(Dot dot) {
        return peerSummaries.isEverywhere(dot);
    }
}
