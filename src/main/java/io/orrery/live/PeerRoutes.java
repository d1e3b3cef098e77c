package io.orrery.live;

import io.orrery.model.NodeId;
import io.orrery.protocol.Configuration;

/** The routes to replicas in other processes. Thread-safe. */
public interface PeerRoutes {
    /** For deployments in one process. */
    PeerRoutes NONE = new PeerRoutes() {
        @Override
        public Admission admission() {
            return Admission.IN;
        }

        @Override
        public boolean isOpen(NodeId replica) {
            return false;
        }
    };

    /** Whether this process may act together with those that it can reach; not while it still looks for them. */
    Admission admission();

    /** Whether messages pass to a replica that runs elsewhere, and back. */
    boolean isOpen(NodeId replica);

    /**
     * The replicas are others than they were: see {@link io.orrery.protocol.Effects#configured}. Must be quick.
     *
     * @param isCommitted whether that stays
     */
    default void configured(Configuration configuration, boolean isCommitted) {}
}
