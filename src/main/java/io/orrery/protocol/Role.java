package io.orrery.protocol;

import io.orrery.model.NodeId;
import java.util.Optional;

/**
 * What a replica is among the others, in a protocol whose replicas change their roles.
 *
 * @param name the protocol's own word, such as {@code pre-candidate}
 * @param duty what everybody understands of it
 * @param term grows with each election
 * @param leader whom the replica takes for the leader of the term, itself included; empty if it knows none
 */
public record Role(String name, Duty duty, long term, Optional<NodeId> leader) {
    /** What a role means, whatever the protocol calls it. */
    public enum Duty {
        LEADS,
        /** It wants to lead, and asks the others. */
        STANDS,
        FOLLOWS
    }

    /** @throws IllegalArgumentException when the name is empty or the term is negative */
    public Role {
        if (name.isEmpty() || term < 0) {
            throw new IllegalArgumentException("a role has a name, and a term of 0 or more: " + name + ", " + term);
        }
    }

    /** Such as {@code follower in term 2, behind B}. */
    @Override
    public String toString() {
        String whom = duty == Duty.FOLLOWS ? leader.map(it -> ", behind " + it).orElse(", knows no leader") : "";
        return name + " in term " + term + whom;
    }
}
