package io.orrery.protocol.singleleader;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.orrery.model.NodeId;
import io.orrery.model.Start;
import io.orrery.protocol.NoEffects;
import io.orrery.protocol.ReplicaSettings;
import io.orrery.protocol.dissemination.Replication;
import io.orrery.protocol.dissemination.ReplicationListener;
import io.orrery.protocol.dissemination.StartRequirements;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A leader that has yet to find its memory again, in which followers' questions wait. */
class OrderingTest {
    private static final NodeId A = NodeId.of("A");
    private static final ReplicaSettings SETTINGS =
            new ReplicaSettings(A, List.of(A, NodeId.of("B"), NodeId.of("C")), ReplicaSettings.Tuning.DEFAULT);

    private static final Level LEVEL = new Level(
            Level.WriteReturns.WHEN_APPLIED_EVERYWHERE, Level.Read.AFTER_LEADER, Level.Takers.ALL, Level.Order.LEADERS);

    private final NoEffects effects = new NoEffects();
    private final Replication replication =
            new Replication(SETTINGS, effects, new ReplicationListener() {}, new StartRequirements(1, 2, false));
    private final Ordering ordering = new Ordering(SETTINGS, LEVEL, effects, replication);
    private int done;

    @BeforeEach
    void start() {
        replication.start(new Start(1, new UUID(1, 1)));
    }

    private int taken(int asked, long bytes) {
        for (int i = 0; i < asked; i++) {
            ordering.whenWholeIfRoom(bytes, () -> done++);
        }
        assertEquals(0, done, "it waits for a peer");
        return ordering.waitingForWhole();
    }

    @Test
    void soManyQuestionsWaitAndNoMore() {
        assertEquals(LeaderEntry.WINDOW, taken(2 * LeaderEntry.WINDOW, 0));
    }

    @Test
    void soManyBytesWaitAndNoMore() {
        assertEquals(PendingForwards.MOST_BYTES >> 20, taken(100, 1 << 20));
    }
}
