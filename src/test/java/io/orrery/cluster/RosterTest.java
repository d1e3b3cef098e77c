package io.orrery.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.orrery.model.NodeId;
import java.util.List;
import org.apache.pekko.actor.Address;
import org.apache.pekko.cluster.ClusterEvent;
import org.apache.pekko.cluster.Member;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.UniqueAddress;
import org.apache.pekko.util.Version;
import org.junit.jupiter.api.Test;
import scala.collection.immutable.HashSet$;
import scala.collection.immutable.Set;

class RosterTest {
    private static final NodeId A = NodeId.of("A");

    private final Roster roster = new Roster(java.util.Set.of(A));

    /** @param up the position among those that have come in; the highest number there is for one that has not */
    private static Member member(int port, int up, MemberStatus status) {
        Set<String> roles =
                HashSet$.MODULE$.<String>empty().incl(Roster.role(A)).incl("dc-default");
        return new Member(
                new UniqueAddress(new Address("pekko", "orrery", "127.0.0.1", port), (long) port),
                up,
                status,
                roles,
                Version.Zero());
    }

    private List<String> current() {
        return roster.states().stream()
                .filter(MemberState::isCurrent)
                .map(it -> it.address() + " " + it.status())
                .toList();
    }

    /** Else a node that came back at another address would be taken for ready by what it was before. */
    @Test
    void whoCameBackIsTheCurrentOneBeforeItIsUp() {
        roster.take(new ClusterEvent.MemberUp(member(7_001, 1, MemberStatus.up())));
        assertEquals(List.of("127.0.0.1:7001 up"), current());
        roster.take(new ClusterEvent.MemberJoined(member(7_000, Integer.MAX_VALUE, MemberStatus.joining())));
        assertEquals(List.of("127.0.0.1:7000 joining"), current());
        assertEquals(2, roster.states().size());
        roster.take(new ClusterEvent.MemberUp(member(7_000, 2, MemberStatus.up())));
        assertEquals(List.of("127.0.0.1:7000 up"), current());
    }
}
