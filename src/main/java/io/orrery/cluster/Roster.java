package io.orrery.cluster;

import io.orrery.model.NodeId;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.pekko.actor.Address;
import org.apache.pekko.cluster.ClusterEvent;
import org.apache.pekko.cluster.Member;
import org.apache.pekko.cluster.UniqueAddress;

/** The members of a cluster, as the events of it tell. */
final class Roster {
    private static final String ROLE = "replica-";

    private final Set<NodeId> nodes;
    private final Map<UniqueAddress, Member> members = new HashMap<>();
    private final Set<UniqueAddress> unreachable = new HashSet<>();

    /** @param nodes all of the deployment */
    Roster(Set<NodeId> nodes) {
        this.nodes = new TreeSet<>(nodes);
    }

    /** The role in the cluster of the node that runs a replica. */
    static String role(NodeId node) {
        return ROLE + node;
    }

    /** Which node of the deployment a member is; empty for a stranger. */
    Optional<NodeId> nodeOf(Member member) {
        return nodes.stream().filter(node -> member.hasRole(role(node))).findFirst();
    }

    /** Where members are that are none of the nodes. */
    List<Address> strangers() {
        return members.values().stream()
                .filter(member -> nodeOf(member).isEmpty())
                .map(Member::address)
                .toList();
    }

    /** Takes an event in. Returns whether it is one that changes the roster. */
    boolean take(ClusterEvent.ClusterDomainEvent event) {
        if (event instanceof ClusterEvent.MemberRemoved removed) {
            members.remove(removed.member().uniqueAddress());
            unreachable.remove(removed.member().uniqueAddress());
        } else if (event instanceof ClusterEvent.MemberEvent changed) {
            members.put(changed.member().uniqueAddress(), changed.member());
        } else if (event instanceof ClusterEvent.UnreachableMember lost) {
            unreachable.add(lost.member().uniqueAddress());
        } else if (event instanceof ClusterEvent.ReachableMember found) {
            unreachable.remove(found.member().uniqueAddress());
        } else {
            return false;
        }
        return true;
    }

    boolean has(UniqueAddress address) {
        return members.containsKey(address);
    }

    /** The member for each replica: the youngest, where one came back and the old one has not been removed yet. */
    Map<NodeId, Member> current() {
        Map<NodeId, Member> current = new TreeMap<>();
        for (Member member : members.values()) {
            nodeOf(member).ifPresent(node -> current.merge(node, member, (a, b) -> a.isOlderThan(b) ? b : a));
        }
        return current;
    }

    /** The unique addresses of all members, sorted. */
    List<String> addresses() {
        return members.keySet().stream().map(UniqueAddress::toString).sorted().toList();
    }

    /** How many members are reached. */
    int reachable() {
        return members.size() - unreachable.size();
    }

    /** All members, for people. */
    List<MemberState> states() {
        Map<NodeId, Member> current = current();
        return members.values().stream()
                .flatMap(member ->
                        nodeOf(member).map(node -> state(node, member, member == current.get(node))).stream())
                .sorted(Comparator.comparing(MemberState::node).thenComparing(MemberState::address))
                .toList();
    }

    private MemberState state(NodeId node, Member member, boolean isCurrent) {
        Address address = member.address();
        // As Pekko has it: WeaklyUp, Up.
        String status = member.status().toString().replaceAll("(?<=[a-z])(?=[A-Z])", "-");
        return new MemberState(
                node,
                address.getHost().orElse("") + ":" + address.getPort().orElse(0),
                status.toLowerCase(Locale.ROOT),
                !unreachable.contains(member.uniqueAddress()),
                isCurrent);
    }
}
