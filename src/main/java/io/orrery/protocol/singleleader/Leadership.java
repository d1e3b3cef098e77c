package io.orrery.protocol.singleleader;

import io.orrery.model.NodeId;
import io.orrery.protocol.ReplicaSettings;

/**
 * Who leads in which epoch: the one place that knows. Today there is one epoch, and its leader is the deployment's. Every
 * message names its epoch already, so that another leader can take over some day without a new wire form.
 */
final class Leadership {
    private static final long ONLY_EPOCH = 0;

    private final ReplicaSettings settings;

    Leadership(ReplicaSettings settings) {
        this.settings = settings;
    }

    long epoch() {
        return ONLY_EPOCH;
    }

    /** Whether a message of this epoch still counts. */
    boolean isCurrent(long epoch) {
        return epoch == ONLY_EPOCH;
    }

    NodeId leader() {
        return settings.roles().leader();
    }

    boolean isLeader(NodeId replica) {
        return replica.equals(leader());
    }
}
