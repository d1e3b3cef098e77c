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
        void heard(NodeId peer, Known known);
    }

    /** More islands than this are not told in one comparison, so that it stays small. */
    private static final int MOST_ISLANDS = 100;

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
    /** What each peer had when it was last heard of. */
    private final SortedMap<NodeId, Known> peersHave = new TreeMap<>();
    /** The peers whose number for this replica has been taken into account. */
    private final Set<NodeId> met = new HashSet<>();
    /** The peers that take this start for the replica, and so nothing more of what earlier ones have under way. */
    private final Set<NodeId> answered = new HashSet<>();

    /** Of these, the peers of whom this replica has fetched all that they have, what they did not tell too. */
    private final Set<NodeId> caughtUpWith = new HashSet<>();

    /** Whether this replica has all that it ever confirmed. */
    private boolean whole;
    /** Whether something is missing that this replica once knew: its memory is new, or an older copy. */
    private boolean forgetful;
    /** Whether that has been said. */
    private boolean forgetfulnessIsTold;
    /** The start that has taken the place of this one; null while none has. */
    private Started replacedBy;

    /** The peers that have told what they have since the last tick of anti-entropy. */
    private final Set<NodeId> heardOf = new HashSet<>();
    /** The peers that have been told all unasked, since the last tick of anti-entropy. */
    private final Set<NodeId> toldAll = new HashSet<>();

    private boolean patienceIsSet;
    /** The oldest sign that something was missing when patience began. */
    private Suspect suspected;

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
        this.greeting = new Greeting(peers, settings.tuning(), store);
        peers.forEach(peer -> peersHave.put(peer, Known.NOTHING));
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
        // Who has made no write may lead now in the place of another, and not know what that one has confirmed.
        forgetful = store.lastOf(settings.self()) == null;
        long before = last == null ? 0 : store.nextSequence(last) - 1;
        effects.persist(starts.begin(new Origin(settings.self(), start.incarnation(), before, start.id())));
        catchUp.start(origin());
        peers.forEach(this::sayHello);
        effects.setTimer(Timers.HELLO, greeting.patience());
        effects.setTimer(Timers.ANTI_ENTROPY, settings.tuning().antiEntropy());
        becomeWhole();
        declareLost(); // Without peers there is nobody to ask.
    }

    void reachable(NodeId peer) {
        if (replacedBy != null) {
            sayFarewell(peer);
            return;
        }
        sayHello(peer);
        if (greeting.begins(peer)) {
            effects.setTimer(Timers.HELLO, greeting.patience());
        }
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
            case HELLO -> sayHelloAgain();
        }
    }

    private void compareWithAll() {
        letGoOfWhatIsOver();
        if (replacedBy != null) {
            peers.forEach(this::sayFarewell);
            return;
        }
        store.fold(origin ->
                peersHave.values().stream().allMatch(known -> known.prefix().get(origin) >= store.prefix(origin)));
        Digest digest = new Digest(origin(), store.knownInTurn(MOST_ISLANDS));
        for (NodeId peer : peers) {
            if (answered.contains(peer)) {
                effects.send(peer, digest);
            } else {
                sayHello(peer);
            }
        }
    }

    private void letGoOfWhatIsOver() {
        if (heardOf.containsAll(peers) && nobodyHasMore()) {
            arrivals.nothingMoreOf(starts::isOver);
        }
        heardOf.clear();
        toldAll.clear();
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

    /** The hello may have been lost, or its answer. */
    private void sayHelloAgain() {
        if (replacedBy != null) {
            peers.forEach(this::sayFarewell);
            return;
        }
        List<NodeId> again = peers.stream()
                .filter(peer -> !greeting.isAnswered(peer) || !answered.contains(peer))
                .toList();
        again.forEach(this::sayHello);
        if (!again.isEmpty() && greeting.waitsLonger()) {
            effects.setTimer(Timers.HELLO, greeting.patience());
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
        return isWhole()
                ? List.of()
                : peers.stream()
                        .filter(peer -> !answered.contains(peer) || !store.knows(peersHave.get(peer)))
                        .toList();
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
                Known before = peersHave.get(from);
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
        effects.send(peer, new Answer(start, current, store.allKnown(MOST_ISLANDS)));
    }

    /** Once in a turn of anti-entropy, as if the peer had said hello. */
    private void tellAll(NodeId peer, Origin start) {
        if (toldAll.add(peer)) {
            answer(peer, start);
        }
    }

    private void fetched(NodeId from, Fetch fetch) {
        boolean isMeant = fetch.of().isPresent() ? fetch.of().get().equals(origin()) : replacedBy == null;
        if (isMeant) {
            effects.send(
                    from,
                    store.collect(
                            fetch, origin(), settings.tuning().batch(), CatchUp.MOST_ISLANDS, effects.values()::read));
        }
    }

    /** For each peer, how many known writes it had not when it was last heard of. */
    SortedMap<NodeId, Long> lag() {
        SortedMap<NodeId, Long> lag = new TreeMap<>();
        peersHave.forEach((peer, known) -> lag.put(peer, known.prefix().missingFrom(store.known())));
        return lag;
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
                if (answered.contains(from)) {
                    caughtUpWith.add(from);
                }
            }
            if (!fetchFromPeersThatHaveMore()) {
                becomeWhole();
                declareLost();
            }
        }
    }

    private void answered(NodeId from, Answer answer) {
        boolean isMeant = answer.to().equals(origin());
        Started current = answer.current();
        if (replacedBy != null) {
            endIfSafe(isMeant, answer.known());
            return;
        }
        boolean isFirst = isMeant && met.add(from);
        boolean isCurrent = current.origin().equals(origin());
        if (isFirst && !isCurrent) {
            if (starts.outnumber(current)) {
                effects.persist(starts.own());
            }
            peers.forEach(this::sayHello);
        } else if (met.contains(from) && current.winsOver(starts.own())) {
            isReplacedBy(current);
            return;
        }
        if (isMeant && isCurrent) {
            answered.add(from);
            if (!greeting.isAnswered(from)) {
                // A hello that was said again over a slow link is answered again, and that is no news.
                catchUp.answersHello(from);
            }
            sayWhatWasForgotten(answer.known());
            if (!catchUp.isUnderWay() && !store.knows(answer.known())) {
                hear(from, answer.known());
                catchUp.from(from);
                return;
            }
        }
        compare(from, answer.known());
    }

    /** The peers know more of this replica than it does itself: its memory is an older copy, or was lost. */
    private void sayWhatWasForgotten(Known known) {
        long forgotten = store.missingOf(settings.self(), known.prefix());
        forgetful |= forgotten > 0;
        if (forgotten > 0 && !forgetfulnessIsTold) {
            forgetfulnessIsTold = true;
            effects.forgot(forgotten);
        }
    }

    private void isReplacedBy(Started winner) {
        replacedBy = winner;
        effects.replaced(winner.origin());
        if (terms.handsOver()) {
            peers.forEach(this::sayFarewell);
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
        peersHave.put(from, known);
        heardOf.add(from);
        greeting.heard(from, known);
        arrivals.heard(from, known);
    }

    private void compare(NodeId from, Known known) {
        hear(from, known);
        becomeWhole();
        if (store.knows(known)) {
            declareLost();
        } else {
            waitPatiently();
        }
    }

    /** What this replica's earlier starts wrote and nobody has is lost: it counts as known from now on. */
    private void declareLost() {
        if (!hasAllThatWasTold()) {
            return;
        }
        List<Range> gaps = store.gapsOf(settings.self());
        if (gaps.isEmpty()) {
            return;
        }
        Optional<NodeId> toldAPart = peers.stream()
                .filter(peer -> toldAPart(peer) && !caughtUpWith.contains(peer))
                .findFirst();
        if (toldAPart.isEmpty()) {
            gaps.forEach(arrivals::covered);
        } else if (!catchUp.isUnderWay()) {
            catchUp.from(toldAPart.get());
        }
    }

    /** In a new store, which most replicas say it is, nothing can have been forgotten; else it takes as many answers as the terms say. */
    private void becomeWhole() {
        if (!whole) {
            boolean isNew = starts.own().number() == 1
                    && 2 * (answered.size() + 1) > settings.replicas().size();
            boolean hasAskedEnough = answered.size() >= (forgetful ? terms.answersWhenForgetful() : terms.answers())
                    && answered.stream().allMatch(peer -> store.knows(peersHave.get(peer)));
            whole = isNew || hasAskedEnough;
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

    /** Whether this replica has all that it ever confirmed, as far as its protocol must know that. */
    boolean isWhole() {
        return whole;
    }

    /** Whether this replica has found, since it started, that it had forgotten what it knew. */
    boolean isForgetful() {
        return forgetful;
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
        effects.send(peer, new Hello(starts.own(), !met.contains(peer), store.allKnown(MOST_ISLANDS)));
    }

    private void sayFarewell(NodeId peer) {
        effects.send(peer, new Farewell(origin(), store.allKnown(MOST_ISLANDS)));
    }
}
