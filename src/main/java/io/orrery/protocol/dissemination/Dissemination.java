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
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;

/**
 * Reliable dissemination over links that lose, double and reorder: every write reaches every replica in the end, and is
 * taken in once.
 *
 * <p>The origin pushes each write to all peers. Replicas compare digests (what each has) at start, when a link heals, and
 * periodically; what is missing is fetched from one peer that has it, at a cost that grows with the difference and not
 * with the store.
 *
 * <p>Each start of a replica numbers its writes under an id of its own, and says hello to all. Who has heard of a start
 * takes in no more pushes of the earlier ones, beyond those that the new one knows of. When all peers have answered and it
 * has fetched all that they have, the writes of its earlier starts that nobody has are lost for good, and it declares them
 * known, so that nobody waits for them. What its peers still hold back of the earlier starts, because it follows a write
 * that is lost, they let go when nobody tells of more.
 *
 * <p>Two processes may run under one id: {@link Starts} says which of them is the replica. The other learns of it from whoever has
 * heard both, takes no more requests, and ends when what it alone has is safe at a peer.
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
        ANSWER,
        /** A hello that has had no answer for so long is said again. */
        HELLO
    }

    private final ReplicaSettings settings;
    private final List<NodeId> peers;
    private final Effects effects;
    private final WriteStore store;
    private final Room room;
    private final Arrivals arrivals;
    private final StartTerms terms;
    private final CatchUp catchUp;
    private final Starts starts;
    private final Greeting greeting;
    private final PeersHave peersHave;
    private final Wholeness wholeness;
    /** Of the peers that take this start for the replica, those of whom it has fetched all that they have, what they did not tell too. */
    private final Set<NodeId> caughtUpWith = new HashSet<>();
    /** The peers that have been told all unasked, since the last tick of anti-entropy. */
    private final Set<NodeId> toldAll = new HashSet<>();

    private boolean patienceIsSet;
    /** The oldest sign that something was missing when patience began. */
    private Arrivals.Suspect suspected;

    Dissemination(
            ReplicaSettings settings,
            Effects effects,
            WriteStore store,
            Room room,
            Arrivals arrivals,
            StartTerms terms) {
        this.settings = settings;
        this.peers = settings.peers();
        this.effects = effects;
        this.store = store;
        this.room = room;
        this.arrivals = arrivals;
        this.terms = terms;
        this.catchUp = new CatchUp(settings, effects, store, room, Timers.ANSWER);
        this.starts = new Starts(settings.self());
        this.greeting = new Greeting(settings, effects, store, starts, Timers.HELLO);
        this.peersHave = new PeersHave(peers, store);
        this.wholeness = new Wholeness(settings, effects, store, starts, greeting, peersHave, terms);
    }

    void recover(Started entry) {
        starts.recover(entry);
    }

    /** This start of the replica. */
    Origin origin() {
        return starts.own().origin();
    }

    /** When all that the journal remembers is in the store. */
    void start(Start start) {
        Origin last = starts.own() == null ? store.lastOf(settings.self()) : origin();
        wholeness.start();
        long before = last == null ? 0 : store.nextSequence(last) - 1;
        effects.persist(starts.begin(new Origin(settings.self(), start.incarnation(), before, start.id())));
        catchUp.start(origin());
        greeting.start();
        effects.setTimer(Timers.ANTI_ENTROPY, settings.tuning().antiEntropy());
        wholeness.consider();
        declareLost(); // Without peers there is nobody to ask.
    }

    void reachable(NodeId peer) {
        greeting.reachable(peer);
    }

    /** Asks a peer what it has. */
    void ask(NodeId peer) {
        greeting.ask(peer);
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
                compareWithAll();
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
            case HELLO -> greeting.again();
        }
    }

    private void compareWithAll() {
        letGoOfWhatIsOver();
        if (greeting.isFarewell()) {
            greeting.greetAll();
            return;
        }
        store.fold(peersHave::coverAllOf);
        Digest digest = new Digest(origin(), store.knownInTurn(PeersHave.MOST_ISLANDS));
        for (NodeId peer : peers) {
            if (greeting.accepts(peer)) {
                effects.send(peer, digest);
            } else {
                greeting.greet(List.of(peer));
            }
        }
    }

    private void letGoOfWhatIsOver() {
        if (peersHave.noneHadMoreSinceTheLastTick()) {
            arrivals.nothingMoreOf(starts::isOver);
        }
        toldAll.clear();
    }

    /** What was missing when patience began, and is missing still, is fetched; what is missing only since then may be late. */
    private void patienceIsOver() {
        Arrivals.Suspect suspect = arrivals.suspect();
        boolean isLate = suspect != null && suspect.equals(suspected);
        if (isLate || quickestThatHasMore().isPresent()) {
            fetchWhatIsMissing();
        }
        if (suspect != null && !isLate) {
            waitPatiently();
        }
    }

    /** The peers that have not told what they have since the start. */
    List<NodeId> unheard() {
        return greeting.unheard();
    }

    /** The peers that, when they were first heard since the start, had something that is not here yet. */
    List<NodeId> behind() {
        return greeting.behind();
    }

    /** The peers for which this replica waits until it is {@linkplain #isWhole whole}, as far as not all of them are needed. */
    List<NodeId> awaited() {
        return wholeness.awaited();
    }

    void message(NodeId from, Message message) {
        if (message instanceof Push push) {
            take(from, push.write());
        } else if (message instanceof Digest digest) {
            if (starts.isOver(digest.sender())) {
                // Late words, or a process that does not know that another has taken its place.
                tellAll(from, digest.sender());
            } else {
                if (store.hasFoldedOf(digest.known().prefix())) {
                    // The peer does not know yet that this replica has that, and would not learn it from digests.
                    tellAll(from, digest.sender());
                }
                Known before = peersHave.of(from);
                // It does not name what all have; what was told once stays true for as long as the peer does.
                compare(
                        from,
                        new Known(
                                before.prefix().merge(digest.known().prefix()),
                                digest.known().islands()));
            }
        } else if (message instanceof Hello hello) {
            met(from, hello);
        } else if (message instanceof Answer answer) {
            answered(from, answer);
        } else if (message instanceof Farewell farewell) {
            bidFarewell(from, farewell);
        } else if (message instanceof Fetch fetch) {
            fetched(from, fetch);
        } else if (message instanceof Delta delta) {
            takeIn(from, delta);
        } else {
            throw new IllegalArgumentException("not a message of dissemination: " + message);
        }
    }

    /** Says with whom the replica has caught up: when all has been taken in that a message has brought. */
    void tellOfCatchUps() {
        greeting.tellOfCatchUps();
    }

    private void met(NodeId from, Hello hello) {
        if (starts.meets(hello.sender(), hello.isNew(), hello.known().prefix())) {
            effects.persist(starts.of(from));
        }
        answer(from, hello.sender().origin());
        if (!starts.isOver(hello.sender().origin())) {
            compare(from, hello.known());
            catchUp.saysHello(from);
        }
    }

    private void answer(NodeId peer, Origin start) {
        // Who says farewell may never have been met.
        Started current = starts.of(peer) == null ? new Started(start, 0) : starts.of(peer);
        effects.send(peer, new Answer(start, current, store.allKnown(PeersHave.MOST_ISLANDS)));
    }

    /** Once in a turn of anti-entropy, as if the peer had said hello. */
    private void tellAll(NodeId peer, Origin start) {
        if (toldAll.add(peer)) {
            answer(peer, start);
        }
    }

    private void fetched(NodeId from, Fetch fetch) {
        boolean isMeant = fetch.of().isPresent() ? fetch.of().get().equals(origin()) : !greeting.isFarewell();
        if (isMeant) {
            effects.send(
                    from,
                    store.collect(
                            fetch, origin(), settings.tuning().batch(), CatchUp.MOST_ISLANDS, effects.values()::read));
        }
    }

    /** For each peer, how many known writes it had not when it was last heard of. */
    SortedMap<NodeId, Long> lag() {
        return peersHave.lag();
    }

    private void take(NodeId from, Write write) {
        Origin origin = write.dot().origin();
        if (store.knows(write.dot())) {
            return;
        }
        if (starts.isOver(origin) && !starts.knew(write.dot())) {
            tellAll(from, origin);
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

    private void takeIn(NodeId from, Delta delta) {
        boolean isOver = starts.isOver(delta.from());
        if (!delta.to().equals(origin()) || isOver && !catchUp.hasAsked(delta.from())) {
            return;
        }
        boolean wasUnderWay = catchUp.isUnderWay();
        Optional<CatchUp.Whole> whole = catchUp.answered(from, delta);
        if (whole.isEmpty()) {
            return;
        }
        arrivals.caughtUp(whole.get().writes(), whole.get().known());
        if (wasUnderWay && !catchUp.isUnderWay()) {
            if (!isOver) {
                // That is what the peer has, whatever it had before.
                hear(from, whole.get().known());
                if (greeting.accepts(from)) {
                    caughtUpWith.add(from);
                }
            }
            if (!fetchFromPeersThatHaveMore()) {
                wholeness.consider();
                declareLost();
            }
        }
    }

    private void answered(NodeId from, Answer answer) {
        boolean isMeant = answer.to().equals(origin());
        Started current = answer.current();
        if (greeting.isFarewell()) {
            endIfSafe(isMeant, answer.known());
            return;
        }
        boolean isFirst = isMeant && greeting.meets(from);
        boolean isCurrent = current.origin().equals(origin());
        if (isFirst && !isCurrent) {
            if (starts.outnumber(current)) {
                effects.persist(starts.own());
            }
            greeting.greetAll();
        } else if (greeting.hasMet(from) && current.winsOver(starts.own())) {
            isReplacedBy(current);
            return;
        }
        if (isMeant && isCurrent) {
            greeting.isAcceptedBy(from);
            if (!greeting.isAnswered(from)) {
                // A hello that was said again over a slow link is answered again, and that is no news.
                catchUp.answersHello(from);
            }
            wholeness.told(answer.known());
            if (!catchUp.isUnderWay() && !store.knows(answer.known())) {
                hear(from, answer.known());
                catchUp.from(from);
                return;
            }
        }
        compare(from, answer.known());
    }

    private void isReplacedBy(Started winner) {
        greeting.becomeFarewell();
        effects.replaced(winner.origin());
        if (terms.handsOver()) {
            greeting.greetAll();
        } else {
            effects.end();
        }
    }

    /** A peer has told what it has: what only this process had is safe when it is there. */
    private void endIfSafe(boolean isMeant, Known known) {
        if (isMeant && store.isCoveredBy(known, settings.self())) {
            effects.end();
        }
    }

    private void bidFarewell(NodeId from, Farewell farewell) {
        if (store.knows(farewell.known())) {
            answer(from, farewell.sender());
        } else if (terms.handsOver() && !catchUp.isUnderWay()) {
            catchUp.fromEnded(farewell.sender());
        }
    }

    private void hear(NodeId from, Known known) {
        peersHave.heard(from, known);
        greeting.heard(from, known);
        arrivals.heard(from, known);
    }

    private void compare(NodeId from, Known known) {
        hear(from, known);
        wholeness.consider();
        if (store.knows(known)) {
            declareLost();
        } else {
            waitPatiently();
        }
    }

    /** What this replica's earlier starts wrote and nobody has is lost: it counts as known from now on. */
    private void declareLost() {
        if (!greeting.accepting().containsAll(peers) || !peersHave.nobodyHasMore()) {
            return;
        }
        List<Range> gaps = store.gapsOf(settings.self());
        if (gaps.isEmpty()) {
            return;
        }
        Optional<NodeId> toldAPart = peersHave
                .thatToldAPart()
                .filter(peer -> !caughtUpWith.contains(peer))
                .findFirst();
        if (toldAPart.isEmpty()) {
            gaps.forEach(arrivals::covered);
        } else if (!catchUp.isUnderWay()) {
            catchUp.from(toldAPart.get());
        }
    }

    /** Whether this replica has all that it ever confirmed, as far as its protocol must know that. */
    boolean isWhole() {
        return wholeness.isWhole();
    }

    /** Whether this replica has found, since it started, that it had forgotten what it knew. */
    boolean isForgetful() {
        return wholeness.isForgetful();
    }

    /** The number of the latest start of a replica that has been heard of. */
    long startsOf(NodeId replica) {
        return starts.numberOf(replica);
    }

    /** The start that a replica is known to be in. */
    Optional<Origin> currentStart(NodeId replica) {
        return Optional.ofNullable(starts.of(replica)).map(Started::origin);
    }

    /** Whether a start is the one that its replica is known to be in. */
    boolean isCurrent(Origin start) {
        return starts.isCurrent(start);
    }

    /** Whether all peers have said that they have a write. */
    boolean isEverywhere(Dot dot) {
        return peersHave.isEverywhere(dot);
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
        return peersHave.thatHaveMore().min(Comparator.comparing(catchUp::patienceWith));
    }

    private void fetchFromSuspect() {
        Arrivals.Suspect suspect = arrivals.suspect();
        if (suspect != null && peers.contains(suspect.origin().node())) {
            catchUp.from(suspect.origin().node());
        }
    }
}
