package io.orrery.cluster;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonTypeName;
import io.orrery.codec.Codec;
import io.orrery.model.NodeId;
import io.orrery.model.Version;
import io.orrery.network.Fault;
import io.orrery.network.Links;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.AddressFromURIString;
import scala.Option;

/** What the nodes of a cluster say to each other: a closed set of named types, as CBOR. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME)
sealed interface Wire extends Courier.Command {
    List<Class<?>> TYPES = List.of(
            Carried.class,
            Mark.class,
            Marked.class,
            Presence.class,
            Order.class,
            Done.class,
            AskLinks.class,
            LinkTable.class);

    static Codec<Wire> codec() {
        return new Codec<>(Wire.class, TYPES, Fault.OfReplica.TYPES);
    }

    /** The node that sends. */
    NodeId from();

    /**
     * Checks what it says of nodes, before anything of it is believed.
     *
     * @param others all other nodes of the deployment
     * @throws IllegalArgumentException when something of it cannot be; the message says what
     */
    default void check(Set<NodeId> others) {
        if (!others.contains(from())) {
            throw new IllegalArgumentException(from() + " is none of " + others);
        }
    }

    /**
     * Messages from one replica to another, in their order.
     *
     * @param messages each encoded by itself, so that one that cannot be read costs nothing but itself
     */
    @JsonTypeName("messages")
    record Carried(NodeId from, NodeId to, List<byte[]> messages) implements Wire {
        public Carried {
            messages = List.copyOf(messages);
        }
    }

    /** Asks for {@link Marked}: what was sent before has arrived then, or is lost. */
    @JsonTypeName("mark")
    record Mark(NodeId from, long sent) implements Wire {}

    /** Answers a {@link Mark}, with its number. */
    @JsonTypeName("marked")
    record Marked(NodeId from, long sent) implements Wire {}

    /**
     * Tells a node, whether it is of the same cluster or of none, that this one is there.
     *
     * @param address where the sender is reached
     * @param uniqueAddress the same, for this life of it
     * @param deployment what the sender takes the deployment for: nodes that differ in it do not belong together
     * @param members the unique addresses of all members of the sender's cluster, as it sees them; empty while it is in none
     * @param reachable how many of them it reaches
     * @param isAnswer whether it answers another presence, and wants no answer
     */
    @JsonTypeName("presence")
    record Presence(
            NodeId from,
            String address,
            String uniqueAddress,
            String deployment,
            List<String> members,
            int reachable,
            boolean isAnswer)
            implements Wire {
        /** A cluster has no more members, those among them that have gone. */
        private static final int MOST_MEMBERS = 1_000;

        private static final int LONGEST_ADDRESS = 512;
        private static final int LONGEST_DEPLOYMENT = 10_000;

        /** The sender may be a stranger: nodes tell each other why they do not belong together. */
        @Override
        public void check(Set<NodeId> others) {
            requireAddress(address);
            requireNoLonger("a unique address", uniqueAddress, LONGEST_ADDRESS);
            requireNoLonger("a deployment", deployment, LONGEST_DEPLOYMENT);
            if (members.size() > MOST_MEMBERS || reachable < 0 || reachable > MOST_MEMBERS) {
                throw new IllegalArgumentException(
                        "no cluster has " + members.size() + " members and reaches " + reachable + " of them");
            }
            members.forEach(member -> requireNoLonger("a member's address", member, LONGEST_ADDRESS));
        }

        private static void requireNoLonger(String what, String text, int most) {
            if (text.length() > most) {
                throw new IllegalArgumentException(what + " has at most " + most + " letters, not " + text.length());
            }
        }

        private static void requireAddress(String text) {
            requireNoLonger("an address", text, LONGEST_ADDRESS);
            Option<Address> address = AddressFromURIString.unapply(text);
            if (address.isEmpty()
                    || !address.get().system().equals(Membership.SYSTEM)
                    || !address.get().hasGlobalScope()
                    || address.get().getPort().isEmpty()) {
                throw new IllegalArgumentException("not the address of a node: " + text);
            }
        }
    }

    /**
     * A fault, for the receiver to carry out.
     *
     * @param number repeated in the answer
     */
    @JsonTypeName("order")
    record Order(NodeId from, long number, Fault.OfReplica fault) implements Wire {}

    /**
     * Answers an {@link Order}.
     *
     * @param state the state of the replica then; empty when it was not done
     * @param problem why it was not done; empty when it was
     */
    @JsonTypeName("done")
    record Done(NodeId from, long number, Optional<String> state, Optional<String> problem) implements Wire {
        @Override
        public void check(Set<NodeId> others) {
            Wire.super.check(others);
            state.ifPresent(ReplicaState::parse);
        }
    }

    /** Asks for the {@link LinkTable}. */
    @JsonTypeName("ask-links")
    record AskLinks(NodeId from, long number) implements Wire {}

    /**
     * The rules of all links, as the sender knows them. Told after each change; the receiver takes over the rules of each
     * link of which it knows older ones.
     *
     * @param number of the question; 0 when nobody has asked
     */
    @JsonTypeName("links")
    record LinkTable(NodeId from, long number, List<KnownLink> links) implements Wire {}

    /** @param version how new the rules of the link are; empty when no fault has changed them yet */
    record KnownLink(Links.LinkState state, Optional<Version> version) {}
}
