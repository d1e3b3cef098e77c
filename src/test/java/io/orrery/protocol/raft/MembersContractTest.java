package io.orrery.protocol.raft;

import io.orrery.model.Key;
import io.orrery.model.NodeId;
import io.orrery.protocol.Configuration;
import io.orrery.protocol.ConfigurationChange;
import io.orrery.protocol.ConfigurationChange.Kind;
import io.orrery.protocol.ForwardingProtocol;
import io.orrery.protocol.Protocol;
import io.orrery.protocol.ProtocolType;
import io.orrery.protocol.ReplicaSettings;
import io.orrery.protocol.Request;
import io.orrery.protocol.SelfChecks;
import io.orrery.protocol.Timer;
import io.orrery.testkit.protocol.Contract;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * The contract where somebody changes the members all the time: each second request at a replica also removes one, or has another
 * lead, and who is no member is added again. Elections and snapshots are frequent too.
 */
class MembersContractTest {
    /** By what the simulation probes whether all is well at rest. */
    private static final Key CALM = Key.of("calm");

    /** So that there are majorities of two and of three. */
    private static final int FEWEST = 2;

    /** With a majority of fewer members a write is on fewer disks. */
    private static final ProtocolType CHANGING = RaftProtocol.TYPE
            .variant(
                    RaftProtocol.TYPE.name(),
                    RaftProtocol.TYPE.summary(),
                    (settings, effects) ->
                            new Restless(HurriedRaftContractTest.HURRIED.create(settings, effects), settings))
            .checked(new SelfChecks(List.of(Raft.TERMS, Raft.COMMITTED), settings -> 1));

    /** Asks for a change now and then, as an operator would. */
    private static final class Restless extends ForwardingProtocol {
        private final Protocol raft;
        private final ReplicaSettings settings;
        private int requests;

        Restless(Protocol raft, ReplicaSettings settings) {
            super(raft);
            this.raft = raft;
            this.settings = settings;
        }

        @Override
        public void request(Request request) {
            super.request(request);
            if (request.operation().key().equals(CALM)) {
                return;
            }
            requests++;
            NodeId other =
                    settings.replicas().get(requests / 2 % settings.replicas().size());
            boolean isEnough =
                    raft.configuration().orElseThrow().configuration().voters().size() > FEWEST;
            if (requests % 2 == 0 && isEnough) {
                ask(requests % 8 == 0 ? Kind.LEAD : Kind.REMOVE, other);
            }
        }

        @Override
        public void timer(Timer timer) {
            super.timer(timer);
            Configuration now = raft.configuration().orElseThrow().configuration();
            Optional<NodeId> missing = settings.replicas().stream()
                    .filter(replica -> now.member(replica).isEmpty())
                    .findFirst();
            if (timer == Alarm.TICK && missing.isPresent()) {
                ask(Kind.ADD, missing.get());
            }
        }

        private void ask(Kind kind, NodeId replica) {
            raft.change(new ConfigurationChange(kind, replica, List.of()), answer -> {});
        }
    }

    private static final int WORLDS = 25;

    @Test
    void whoeverIsAddedAndRemovedItKeepsItsPromises() {
        new Contract(CHANGING).keepsItsPromises(WORLDS);
    }

    @Test
    void whoeverIsAddedAndRemovedTheInvariantsHold() {
        // Two that are left and both lose their disks have lost all, whatever one that was removed still has.
        new Contract(CHANGING, false).staysSound(0, WORLDS);
    }

    @Test
    void whatItSendsAndKeepsIsReadAsItWasWritten() {
        new Contract(CHANGING).isReadAsWritten(4);
    }
}
