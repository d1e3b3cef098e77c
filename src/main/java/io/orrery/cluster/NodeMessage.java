package io.orrery.cluster;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonTypeName;
import io.orrery.codec.Codec;
import io.orrery.deployment.Deployment;
import io.orrery.live.RandomId;
import io.orrery.live.ReplicaState;
import io.orrery.model.NodeId;
import io.orrery.model.Version;
import io.orrery.network.Fault;
import io.orrery.network.Links;
import io.orrery.protocol.Configuration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.pekko.actor.Address;

/**
 * The messages between nodes, besides those of replicas: a closed set of named types, as CBOR. The connection
 * identifies the sender.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME)
sealed interface NodeMessage {
    List<Class<?>> TYPES = List.of(
            Hello.class,
            Welcome.class,
            Farewell.class,
            Seat.class,
            Up.class,
            ClusterFormation.Prepare.class,
            ClusterFormation.Promise.class,
            ClusterFormation.Accept.class,
            ClusterFormation.Accepted.class,
            ClusterFormation.Chosen.class,
            Order.class,
            Done.class,
            AskLinks.class,
            LinkTable.class);

    static Codec<NodeMessage> codec() {
        return new Codec<>(NodeMessage.class, TYPES, Fault.OfReplica.TYPES);
    }

    /**
     * The first word of each side on a connection: who it is, and all that both must have in common.
     *
     * @param process tells this process from all others, also of the same node
     * @param address where the others reach the node, {@code host:port}: its file may be newer than theirs
     * @param cluster the id of the cluster to which the node belongs; empty where it belongs to none yet
     * @param terms the settings that must agree, by their names
     * @param members who the replicas are, once that has been changed: the latest that the node knows to be so for good
     */
    @JsonTypeName("hello")
    record Hello(
            NodeId from,
            String process,
            String address,
            Optional<String> cluster,
            Map<String, String> terms,
            Optional<Configuration> members)
            implements NodeMessage {
        private static final int MOST_TERMS = 100;

        /** Of a node whose replicas are those of its file. */
        Hello(NodeId from, String process, String address, Optional<String> cluster, Map<String, String> terms) {
            this(from, process, address, cluster, terms, Optional.empty());
        }

        /** @throws IllegalArgumentException when an id is none, or there are too many terms */
        public Hello {
            RandomId.require(process);
            cluster.ifPresent(RandomId::require);
            if (terms.size() > MOST_TERMS) {
                throw new IllegalArgumentException(terms.size() + " terms");
            }
            terms = Map.copyOf(terms);
        }
    }

    /** Who has opened the connection takes it for open from now on. */
    @JsonTypeName("welcome")
    record Welcome() implements NodeMessage {}

    /** The node ends in order: the others do not wait for it. */
    @JsonTypeName("farewell")
    record Farewell() implements NodeMessage {}

    /**
     * Where the sender's {@link Membership} of the Pekko cluster is.
     *
     * @param address {@code host:port}
     * @param members how many members of its cluster it reaches; 0 while it is in none
     */
    @JsonTypeName("seat")
    record Seat(String address, int members) implements NodeMessage {
        private static final int MOST_MEMBERS = 1_000;

        /** @throws IllegalArgumentException when there can be no such address, or no such cluster */
        public Seat {
            NodeAddress.address(address);
            if (members < 0 || members > MOST_MEMBERS) {
                throw new IllegalArgumentException("no cluster has " + members + " members");
            }
        }

        /** As Pekko has it. */
        Address pekko() {
            Deployment.Address at = NodeAddress.address(address);
            return new Address("pekko", Membership.SYSTEM, at.host(), at.port());
        }
    }

    /**
     * Whether the sender's replica is up. As long as nothing is said, it is. Its node lives in either case: a replica may
     * have crashed alone, or its disk may have failed.
     */
    @JsonTypeName("up")
    record Up(boolean isUp) implements NodeMessage {}

    /** About the id of the cluster. */
    sealed interface OfFounding extends NodeMessage
            permits ClusterFormation.Prepare,
                    ClusterFormation.Promise,
                    ClusterFormation.Accept,
                    ClusterFormation.Accepted,
                    ClusterFormation.Chosen {}

    /** For the laboratory. */
    sealed interface OfLaboratory extends NodeMessage {}

    /**
     * A fault command for the receiver.
     *
     * @param number repeated in the answer
     */
    @JsonTypeName("order")
    record Order(long number, Fault.OfReplica fault) implements OfLaboratory {}

    /**
     * Answers an {@link Order}.
     *
     * @param state the state of the replica then; empty when it was not done
     * @param problem why it was not done; empty when it was
     */
    @JsonTypeName("done")
    record Done(long number, Optional<String> state, Optional<String> problem) implements OfLaboratory {
        /** @throws IllegalArgumentException when there is no such state */
        public Done {
            state.ifPresent(ReplicaState::parse);
        }
    }

    /** Asks for the {@link LinkTable}. */
    @JsonTypeName("ask-links")
    record AskLinks(long number) implements OfLaboratory {}

    /**
     * The rules of all links, as the sender knows them. Told after each change; the receiver takes over the rules of each
     * link of which it knows older ones.
     *
     * @param number of the question; 0 when nobody has asked
     */
    @JsonTypeName("links")
    record LinkTable(long number, List<KnownLink> links) implements OfLaboratory {}

    /** @param version how new the rules of the link are; empty when no fault has changed them yet */
    record KnownLink(Links.LinkState state, Optional<Version> version) {}
}
