package io.orrery.protocol;

import io.orrery.model.NodeId;
import java.util.List;

/**
 * What a replica has caught up with since its start, and which services it offers under which conditions, as its
 * protocol knows it. The runtime adds which peers are reachable.
 *
 * @param unheard the peers from which no summary has arrived since the start
 * @param behind the peers that had something, when first heard from since the start, that this replica still lacks
 * @param services the services of the replica
 */
public record ServiceStatus(List<NodeId> unheard, List<NodeId> behind, List<Service> services) {
    public ServiceStatus {
        unheard = List.copyOf(unheard);
        behind = List.copyOf(behind);
        services = List.copyOf(services);
    }

    /** What a service is for. */
    public enum Use {
        READS,
        WRITES,
        /** To receive the writes of others. */
        NEWS
    }

    /**
     * A service of a replica.
     *
     * @param name in words for people
     * @param peers with whom it is done
     * @param needed how many of these must be reached for it
     * @param awaited the peers that must be heard first, because this replica may lack confirmed writes; usually none
     */
    public record Service(String name, Use use, List<NodeId> peers, int needed, List<NodeId> awaited) {
        public Service {
            peers = List.copyOf(peers);
            awaited = List.copyOf(awaited);
        }

        /** A service that needs no other replica. */
        public static Service alone(String name, Use use) {
            return new Service(name, use, List.of(), 0, List.of());
        }

        /** A service that needs one other replica. */
        public static Service with(NodeId peer, String name, Use use) {
            return new Service(name, use, List.of(peer), 1, List.of());
        }
    }
}
