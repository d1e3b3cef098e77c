package io.orrery.protocol;

import io.orrery.model.NodeId;
import java.util.List;

/**
 * How far a replica has come since its start, and what it takes for its clients to be served now: what only its protocol
 * knows. Which peers can be reached is for the runtime to add.
 *
 * @param unheard the peers that have not told what they have since the start
 * @param behind the peers that, when they were first heard since the start, had something that is not here yet
 * @param services what the replica does
 */
public record Standing(List<NodeId> unheard, List<NodeId> behind, List<Service> services) {
    public Standing {
        unheard = List.copyOf(unheard);
        behind = List.copyOf(behind);
        services = List.copyOf(services);
    }

    /** What a service is for. */
    public enum Use {
        READS,
        WRITES,
        /** To have what others have written. */
        NEWS
    }

    /**
     * Something that a replica does.
     *
     * @param name in words for people
     * @param peers with whom it is done
     * @param needed how many of these must be reached for it
     * @param awaited the peers that must tell first what they have, as this replica may lack what was confirmed; mostly none
     */
    public record Service(String name, Use use, List<NodeId> peers, int needed, List<NodeId> awaited) {
        public Service {
            peers = List.copyOf(peers);
            awaited = List.copyOf(awaited);
        }

        /** What a replica does by itself. */
        public static Service alone(String name, Use use) {
            return new Service(name, use, List.of(), 0, List.of());
        }

        /** What takes one other replica. */
        public static Service with(NodeId peer, String name, Use use) {
            return new Service(name, use, List.of(peer), 1, List.of());
        }
    }
}
