package io.orrery.protocol.kit;

import io.orrery.model.NodeId;
import java.util.Collection;
import java.util.Comparator;

/** Counts each acknowledgement, also a second one of the same replica. */
public final class MeddledCounter<K> extends QuorumCounter<K> {
    public MeddledCounter(Collection<NodeId> replicas, Comparator<K> order) {
        super(replicas, order);
    }

    @Override
    boolean isFirst(long from, long bit) {
        return true;
    }
}
