package io.orrery.protocol.singleleader;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orrery.model.Key;
import io.orrery.model.NodeId;
import io.orrery.model.Operation;
import io.orrery.model.Outcome;
import io.orrery.model.Start;
import io.orrery.model.Value;
import io.orrery.protocol.Message;
import io.orrery.protocol.ReplicaSettings;
import io.orrery.testkit.protocol.SteppedReplica;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What a leader has declined it never orders, as its client may have heard. A leads. */
class DeclinedTest {
    private static final NodeId A = NodeId.of("A");
    private static final NodeId B = NodeId.of("B");
    private static final Key X = Key.of("x");
    private static final Operation CREATE =
            new Operation.CompareAndSet(X, Optional.empty(), Optional.of(Value.of("new")));

    private final SteppedReplica a = new SteppedReplica(SingleLeaderProtocols.PRIMARY_SEQUENTIAL, "A", "A", "B");
    private final SteppedReplica b = new SteppedReplica(SingleLeaderProtocols.PRIMARY_SEQUENTIAL, "B", "A", "B");

    /** B forwards a create while the key has a value. */
    private Message forwarded() {
        SteppedReplica.greet(a, b);
        a.put("", "x", "old");
        b.ask("", CREATE);
        Message forward = b.sentTo(A).stream()
                .filter(LeaderMessage.Forward.class::isInstance)
                .findFirst()
                .orElseThrow();
        a.take(B, forward);
        assertTrue(answer(a).isDeclined());
        return forward;
    }

    private static LeaderMessage.Ordered answer(SteppedReplica leader) {
        List<LeaderMessage.Ordered> answers = leader.sentTo(B).stream()
                .filter(LeaderMessage.Ordered.class::isInstance)
                .map(LeaderMessage.Ordered.class::cast)
                .toList();
        return answers.get(answers.size() - 1);
    }

    @Test
    void theSameForwardIsDeclinedAgainThoughItWouldMatch() {
        Message forward = forwarded();
        a.ask("", new Operation.Delete(X));
        a.take(B, forward);
        assertTrue(answer(a).isDeclined());
        assertEquals("", a.shown("x"));
    }

    @Test
    void alsoByALeaderThatHasCrashedMeanwhile() {
        Message forward = forwarded();
        a.ask("", new Operation.Delete(X));
        SteppedReplica again = new SteppedReplica(
                SingleLeaderProtocols.PRIMARY_SEQUENTIAL,
                new ReplicaSettings(A, List.of(A, B), ReplicaSettings.Tuning.DEFAULT),
                new Start(1, new UUID(7, 7)),
                a.journal());
        SteppedReplica.greet(again, b);
        again.take(B, forward);
        assertTrue(answer(again).isDeclined());
        assertEquals("", again.shown("x"));
    }

    /** What the client hears is what a read finds, once the follower has what the leader had. */
    @Test
    void theClientLearnsWhatWasFound() {
        SteppedReplica.greet(a, b);
        a.put("", "x", "old");
        SteppedReplica.Asked asked = b.ask("", CREATE);
        b.deliver("forward", a);
        a.deliver("ordered", b);
        b.deliver("ask", a);
        a.deliver("position", b);
        assertEquals(null, asked.outcome());
        a.deliver("update", b);
        assertEquals(Optional.of(Value.of("old")), ((Outcome.Mismatch) asked.outcome()).value());
    }
}
