package io.orrery.protocol.dissemination;

import io.orrery.model.NodeId;
import io.orrery.model.Origin;
import io.orrery.protocol.Effects;
import io.orrery.protocol.ReplicaSettings;
import io.orrery.protocol.dissemination.DisseminationMessage.Answer;
import io.orrery.protocol.dissemination.DisseminationMessage.Farewell;
import io.orrery.protocol.dissemination.DisseminationMessage.Hello;
import java.util.HashSet;
import java.util.Set;

/**
 * Handles hellos, their answers and farewells: decides which start of each replica is current, and whether this process
 * has been replaced.
 */
final class Handshake {
    private final NodeId self;
    private final Effects effects;
    private final Knowledge knowledge;
    private final Starts starts;
    private final Greeting greeting;
    private final PartwiseFetch fetch;
    private final Wholeness wholeness;
    private final Comparison comparison;
    private final StartTerms terms;
    /** The peers that received an unsolicited full summary since the last tick of anti-entropy. */
    private final Set<NodeId> toldAll = new HashSet<>();

    Handshake(
            ReplicaSettings settings,
            Effects effects,
            Knowledge knowledge,
            Starts starts,
            Greeting greeting,
            PartwiseFetch fetch,
            Wholeness wholeness,
            Comparison comparison,
            StartTerms terms) {
        this.self = settings.self();
        this.effects = effects;
        this.knowledge = knowledge;
        this.starts = starts;
        this.greeting = greeting;
        this.fetch = fetch;
        this.wholeness = wholeness;
        this.comparison = comparison;
        this.terms = terms;
    }

    /** A turn of anti-entropy begins. */
    void turnBegins() {
        toldAll.clear();
    }

    /** A peer has just come (back). */
    Decision met(NodeId from, Hello hello) {
        if (starts.meets(hello.sender(), hello.isNew(), hello.known().prefix())) {
            effects.persist(starts.of(from));
        }
        answer(from, hello.sender().origin());
        if (starts.isOver(hello.sender().origin())) {
            return null;
        }
        return comparison.compare(from, hello.known(), () -> {
            fetch.saysHello(from);
            return null;
        });
    }

    private void answer(NodeId peer, Origin start) {
        // The sender of a farewell may be unknown.
        Started current = starts.of(peer) == null ? new Started(start, 0) : starts.of(peer);
        effects.send(peer, new Answer(start, current, knowledge.allKnown(PeersHave.MOST_ISLANDS)));
    }

    /** At most once per period of anti-entropy, as if the peer had said hello. */
    void tellAll(NodeId peer, Origin start) {
        if (toldAll.add(peer)) {
            answer(peer, start);
        }
    }

    /** A peer has answered a hello of this replica, or of another process that runs under its id. */
    Decision answered(NodeId from, Answer answer) {
        boolean isMeant = answer.to().equals(starts.own().origin());
        Started current = answer.current();
        if (greeting.isFarewell()) {
            endIfSafe(isMeant, answer.known());
            return null;
        }
        boolean isFirst = isMeant && greeting.meets(from);
        boolean isCurrent = current.origin().equals(starts.own().origin());
        if (isFirst && !isCurrent) {
            if (starts.outnumber(current)) {
                effects.persist(starts.own());
            }
            greeting.greetAll();
        } else if (greeting.hasMet(from) && current.winsOver(starts.own())) {
            isReplacedBy(current);
            return null;
        }
        if (isMeant && isCurrent) {
            greeting.isAcceptedBy(from);
            if (!greeting.isAnswered(from)) {
                // The answer to a repeated hello brings no news.
                fetch.answersHello(from);
            }
            wholeness.told(answer.known());
            if (!fetch.peers().isUnderWay() && !knowledge.knows(answer.known())) {
                return comparison.hear(from, answer.known(), () -> {
                    fetch.from(from);
                    return null;
                });
            }
        }
        return comparison.compare(from, answer.known(), Decision.NOTHING_MORE);
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

    /** A peer has sent its summary: what only this process had is safe when the peer has it. */
    private void endIfSafe(boolean isMeant, Known known) {
        if (isMeant && knowledge.isCoveredBy(known, self)) {
            effects.end();
        }
    }

    /** A replaced process wants to hand over its writes. */
    void bidFarewell(NodeId from, Farewell farewell) {
        if (knowledge.knows(farewell.known())) {
            answer(from, farewell.sender());
        } else if (terms.handsOver() && !fetch.peers().isUnderWay()) {
            fetch.fromEnded(farewell.sender());
        }
    }
}
