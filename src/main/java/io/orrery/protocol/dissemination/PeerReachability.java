package io.orrery.protocol.dissemination;

import io.orrery.model.NodeId;
import io.orrery.protocol.Request;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * Tracks unreachable peers, and requests that wait for writes that perhaps no reachable peer has. For such a request
 * all reachable peers are asked; when each lacks the write or has become unreachable, the request is given up.
 */
final class PeerReachability {
    private final List<NodeId> peers;
    private final Set<NodeId> away = new TreeSet<>();
    private final List<Doubt> doubts = new ArrayList<>();

    /** @param asked those who have not answered yet */
    private record Doubt(Request request, Dependency dependency, Set<NodeId> asked, Consumer<String> giveUp) {}

    PeerReachability(List<NodeId> peers) {
        this.peers = peers;
    }

    void away(NodeId peer) {
        if (away.add(peer)) {
            withoutAnswerOf(peer);
        }
    }

    /** Reached again: what was waited for may come now. */
    void back(NodeId peer) {
        if (away.remove(peer)) {
            doubts.clear();
        }
    }

    /**
     * A request begins to wait.
     *
     * @param ask asks a peer what it has
     * @param giveUp receives the reason, for people, when the request cannot be served; possibly at once
     */
    void waits(Request request, Dependency dependency, Consumer<NodeId> ask, Consumer<String> giveUp) {
        if (!away.contains(dependency.origin().node())) {
            return;
        }
        Set<NodeId> reached = new TreeSet<>(peers);
        reached.removeAll(away);
        doubts.removeIf(doubt -> !doubt.request().isOpen());
        doubts.add(new Doubt(request, dependency, reached, giveUp));
        giveUpInVain();
        reached.forEach(ask);
    }

    /** A peer has told what it has. */
    void heard(NodeId peer, Summary summary) {
        if (!doubts.isEmpty()) {
            doubts.removeIf(doubt -> doubt.dependency().isAmong(summary));
            withoutAnswerOf(peer);
        }
    }

    private void withoutAnswerOf(NodeId peer) {
        doubts.forEach(doubt -> doubt.asked().remove(peer));
        giveUpInVain();
    }

    private void giveUpInVain() {
        List<Doubt> inVain = new ArrayList<>();
        for (Iterator<Doubt> it = doubts.iterator(); it.hasNext(); ) {
            Doubt doubt = it.next();
            if (doubt.asked().isEmpty()) {
                it.remove();
                inVain.add(doubt);
            }
        }
        for (Doubt doubt : inVain) {
            if (doubt.request().isOpen()) {
                NodeId maker = doubt.dependency().origin().node();
                doubt.giveUp()
                        .accept("the session has seen " + doubt.dependency() + ", which is not here; replica " + maker
                                + ", which made it, is not reached, and no replica that is reached has it");
            }
        }
    }
}
