package io.orrery.cluster;

import io.orrery.deployment.Deployment.Address;
import io.orrery.live.MemberState;
import io.orrery.model.NodeId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Another node, as far as it is known. Guarded by the {@link RemoteNodes}. */
final class RemoteNode {
    /** Where the file has it. */
    Address expected;
    /** Whether it is a member no more. */
    boolean isRemoved;
    /** The open connections to processes of it, the latest first. */
    final List<Connection> open = new ArrayList<>();
    /** Where its memberships of the Pekko cluster are, as told on each connection. */
    final Map<Connection, NodeMessage.Seat> seats = new HashMap<>();
    /** Those of its processes that have said that their replica is down. */
    final Set<String> withoutReplica = new HashSet<>();
    /** Where it says that it is. */
    Address told;
    /** Whether a call to it has ended, whichever way. */
    boolean asked;
    /** Whether it was reached since this process began, and has not said farewell. */
    boolean known;
    /** Why it does not belong here; empty when it does, or is not known. */
    Optional<String> difference = Optional.empty();
    /** Since when a listener at its address has sent nothing; null if there is none. */
    Long mute;

    RemoteNode(Address expected) {
        this.expected = expected;
        this.told = expected;
    }

    boolean isReached() {
        return !open.isEmpty();
    }

    boolean isReached(String process) {
        return open.stream().anyMatch(connection -> connection.hello().process().equals(process));
    }

    /** Whether a process of it is reached whose replica may be up. */
    boolean hasReplica() {
        return open.stream().anyMatch(it -> !withoutReplica.contains(it.hello().process()));
    }

    /** Where it may be reached, the likeliest first. */
    List<Address> addresses() {
        return told.equals(expected) ? List.of(expected) : List.of(told, expected);
    }

    /** A way to each process: by the latest connection, which is the likeliest to lead there. */
    List<PeerConnections.Way> ways() {
        Map<String, PeerConnections.Way> ways = new LinkedHashMap<>();
        open.forEach(connection -> ways.putIfAbsent(connection.hello().process(), connection));
        return List.copyOf(ways.values());
    }

    /** How it is shown to people; empty when nothing was ever heard of it. */
    Optional<MemberState> state(NodeId node) {
        if (isReached()) {
            return Optional.of(new MemberState(node, told.toString(), MemberState.JOINING, true));
        }
        if (difference.isPresent()) {
            return Optional.of(new MemberState(node, told.toString(), MemberState.KEPT_OUT, false));
        }
        return known
                ? Optional.of(new MemberState(node, told.toString(), MemberState.UNREACHABLE, false))
                : Optional.empty();
    }
}
