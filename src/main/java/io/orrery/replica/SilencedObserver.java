package io.orrery.replica;

import io.orrery.model.NodeId;
import io.orrery.model.Origin;

/**
 * Forwards the events of a replica until it is silenced: if two processes run as one replica, observers see the later
 * one.
 */
final class SilencedObserver extends ForwardingObserver {
    private final ReplicaObserver next;
    private volatile boolean silent;

    SilencedObserver(ReplicaObserver next) {
        this.next = next;
    }

    void silence() {
        silent = true;
    }

    @Override
    protected ReplicaObserver next() {
        return silent ? NONE : next;
    }

    @Override
    public void failed(NodeId at, Throwable cause) {
        next.failed(at, cause); // Not silenced: a bug matters in either process.
    }

    @Override
    public void replaced(NodeId at, Origin by) {
        next.replaced(at, by); // Not silenced: only the older process reports that it was replaced.
    }
}
