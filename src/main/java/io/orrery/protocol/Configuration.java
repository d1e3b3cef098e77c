package io.orrery.protocol;

import io.orrery.model.NodeId;
import io.orrery.model.Preconditions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Who the replicas are, where a protocol lets that change while it runs.
 *
 * @param index tells configurations apart: a later one has a higher index; 0 for that with which a deployment began
 * @param members each id once, at least one that votes
 */
public record Configuration(long index, List<Member> members) {
    /** @throws IllegalArgumentException when nobody votes, or an id occurs twice */
    public Configuration {
        members = List.copyOf(members);
        List<Member> all = members;
        Preconditions.require(all.stream().anyMatch(Member::votes), () -> "of these replicas none votes: " + all);
        Preconditions.require(
                all.stream().map(Member::id).distinct().count() == all.size(),
                () -> "a replica is a member twice in " + all);
    }

    /**
     * A replica.
     *
     * @param votes whether it makes a majority with others; otherwise it is a learner, which only receives the log
     * @param address where it is reached; empty where that is known from elsewhere
     */
    public record Member(NodeId id, boolean votes, Optional<Address> address) {
        /** The same, with a vote or without. */
        public Member voting(boolean does) {
            return new Member(id, does, address);
        }

        @Override
        public String toString() {
            return votes ? id.toString() : id + " (learner)";
        }
    }

    /** Where clients and the other replicas reach a replica: a host and a port each. */
    public record Address(String http, String remoting) {}

    /** The configuration with which a deployment begins. */
    public static Configuration first(List<NodeId> replicas) {
        return new Configuration(
                0,
                replicas.stream()
                        .map(id -> new Member(id, true, Optional.empty()))
                        .toList());
    }

    public List<NodeId> ids() {
        return members.stream().map(Member::id).toList();
    }

    /** Those that make majorities. */
    public List<NodeId> voters() {
        return members.stream().filter(Member::votes).map(Member::id).toList();
    }

    public Optional<Member> member(NodeId id) {
        return members.stream().filter(member -> member.id().equals(id)).findFirst();
    }

    public boolean hasVoter(NodeId id) {
        return member(id).filter(Member::votes).isPresent();
    }

    /** The one that does not vote yet; empty when all do. */
    public Optional<NodeId> learner() {
        return members.stream()
                .filter(member -> !member.votes())
                .map(Member::id)
                .findFirst();
    }

    /** The members with another one, or with another state of one. */
    public List<Member> with(Member changed) {
        List<Member> next = new ArrayList<>(members);
        next.replaceAll(member -> member.id().equals(changed.id()) ? changed : member);
        if (member(changed.id()).isEmpty()) {
            next.add(changed);
        }
        return List.copyOf(next);
    }

    /** The members but one. */
    public List<Member> without(NodeId removed) {
        return members.stream().filter(member -> !member.id().equals(removed)).toList();
    }
}
