package io.orrery.protocol.dissemination;

import io.orrery.clock.Dot;
import io.orrery.model.NodeId;
import io.orrery.model.Origin;
import io.orrery.protocol.Effects;
import io.orrery.protocol.ReplicaSettings;
import io.orrery.protocol.dissemination.DisseminationMessage.Answer;
import io.orrery.protocol.dissemination.DisseminationMessage.Farewell;
import io.orrery.protocol.dissemination.DisseminationMessage.Hello;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Handles hellos, their answers and farewells: decides which start of each replica is current, and whether this process
 * has been replaced.
 */
final class HelloHandler {
    private final NodeId self;
    private final Effects effects;
    private final KnownWrites knownWrites;
    private final Function<Predicate<Dot>, Origin> holdsBack;
    private final StartTable startTable;
    private final HelloSender helloSender;
    private final ChunkedFetch fetch;
    private final Completeness completeness;
    private final DigestComparison digestComparison;
    private final StartRequirements terms;
    /** The peers that received an unsolicited full summary since the last tick of anti-entropy. */
    private final Set<NodeId> toldAll = new HashSet<>();

    /** @param holdsBack gives the origin of a write that is held back and may be taken for lost; null when there is none */
    HelloHandler(
            ReplicaSettings settings,
            Effects effects,
            KnownWrites knownWrites,
            Function<Predicate<Dot>, Origin> holdsBack,
            StartTable startTable,
            HelloSender helloSender,
            ChunkedFetch fetch,
            Completeness completeness,
            DigestComparison digestComparison,
            StartRequirements terms) {
        this.self = settings.self();
        this.effects = effects;
        this.knownWrites = knownWrites;
        this.holdsBack = holdsBack;
        this.startTable = startTable;
        this.helloSender = helloSender;
        this.fetch = fetch;
        this.completeness = completeness;
        this.digestComparison = digestComparison;
        this.terms = terms;
    }

    /** A turn of anti-entropy begins. */
    void turnBegins() {
        toldAll.clear();
    }

    /** A peer has just come (back). */
    Decision met(NodeId from, Hello hello) {
        if (startTable.meets(hello.sender(), hello.known().prefix())) {
            effects.persist(startTable.of(from));
            helloSender.restarted(from, hello.known());
        }
        answer(from, hello.sender().origin());
        if (startTable.isOver(hello.sender().origin())) {
            return null;
        }
        return digestComparison.compare(from, hello.known(), () -> {
            fetch.saysHello(from);
            return null;
        });
    }

    private void answer(NodeId peer, Origin start) {
        // The sender of a farewell may be unknown.
        Started current = startTable.of(peer) == null ? new Started(start, 0) : startTable.of(peer);
        if (current.origin().equals(start)) {
            Origin earlier = holdsBack.apply(dot -> isLeftBehind(dot, start));
            // Not accepted yet: what is held back may still be shown here, and then nobody may have given it up.
            current = earlier == null ? current : new Started(earlier, 0);
        }
        effects.send(peer, new Answer(start, current, knownWrites.allKnown(PeerSummaries.MOST_ISLANDS)));
    }

    /** Whether a write is of an earlier start, and the later one may not know it. */
    private boolean isLeftBehind(Dot dot, Origin start) {
        return dot.origin().node().equals(start.node()) && !dot.origin().equals(start) && !startTable.knew(dot);
    }

    /** At most once per period of anti-entropy, as if the peer had said hello. */
    void tellAll(NodeId peer, Origin start) {
        if (toldAll.add(peer)) {
            answer(peer, start);
        }
    }

    /** A peer has answered a hello of this replica, or of another process that runs under its id. */
    Decision answered(NodeId from, Answer answer) {
        boolean isMeant = answer.to().equals(startTable.own().origin());
        Started current = answer.current();
        if (helloSender.isFarewell()) {
            endIfSafe(isMeant, answer.known());
            return null;
        }
        boolean isFirst = isMeant && helloSender.meets(from);
        boolean isCurrent = current.origin().equals(startTable.own().origin());
        if (isFirst && !isCurrent) {
            if (startTable.outnumber(current)) {
                effects.persist(startTable.own());
            }
            helloSender.greetAll();
        } else if (helloSender.hasMet(from) && current.winsOver(startTable.own())) {
            if (isMeant) {
                isReplacedBy(current);
                return null;
            }
            // It may be from long ago, when the peer had not heard of this start, and the other may be dead.
            helloSender.greet(List.of(from));
        } else if (isMeant && !isCurrent && startTable.outnumber(current)) {
            effects.persist(startTable.own());
            helloSender.greetAll();
        } else if (isMeant && !isCurrent && helloSender.accepts(from)) {
            // It did accept this start: its memory is an older copy now, and it would not believe what this start says.
            helloSender.greet(List.of(from));
        }
        if (isMeant && isCurrent) {
            helloSender.isAcceptedBy(from);
            if (!helloSender.isAnswered(from)) {
                // The answer to a repeated hello brings no news.
                fetch.answersHello(from);
            }
            completeness.told(answer.known());
            if (!fetch.peers().isUnderWay() && !knownWrites.knows(answer.known())) {
                return digestComparison.hear(from, answer.known(), () -> {
                    fetch.from(from);
                    return null;
                });
            }
        }
        return digestComparison.compare(from, answer.known(), Decision.NOTHING_MORE);
    }

    private void isReplacedBy(Started winner) {
        helloSender.becomeFarewell();
        effects.replaced(winner.origin());
        if (terms.handsOver()) {
            helloSender.greetAll();
        } else {
            effects.end();
        }
    }

    /** A peer has sent its summary: what only this process had is safe when the peer has it. */
    private void endIfSafe(boolean isMeant, Summary summary) {
        if (isMeant && knownWrites.isCoveredBy(summary, self)) {
            effects.end();
        }
    }

    /** A replaced process wants to hand over its writes. */
    void bidFarewell(NodeId from, Farewell farewell) {
        if (knownWrites.knows(farewell.known())) {
            answer(from, farewell.sender());
        } else if (terms.handsOver() && !fetch.peers().isUnderWay()) {
            fetch.fromEnded(farewell.sender());
        }
    }
}
