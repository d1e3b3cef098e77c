package io.orrery.protocol.singleleader;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orrery.model.Key;
import io.orrery.model.NodeId;
import io.orrery.model.Operation;
import io.orrery.model.Origin;
import io.orrery.model.Value;
import io.orrery.protocol.JournalEntry;
import io.orrery.protocol.Message;
import io.orrery.protocol.NoEffects;
import io.orrery.protocol.ProtocolOptions;
import io.orrery.protocol.ReplicaSettings;
import io.orrery.protocol.Request;
import io.orrery.protocol.singleleader.LeaderMessage.AskPosition;
import io.orrery.protocol.singleleader.LeaderMessage.Forward;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** A leader that is away: what waits for it, and what is sent to it again. */
class PendingForwardsTest {
    private static final Operation LARGE = new Operation.Write(Key.of("x"), Value.of("v".repeat(1 << 20)));

    private static final Origin B = Origin.of("B");
    private static final Origin LATER = new Origin(NodeId.of("B"), 0, 0, new UUID(1, 1));
    private static final ReplicaSettings SETTINGS =
            new ReplicaSettings(B.node(), List.of(NodeId.of("A"), B.node()), ReplicaSettings.Tuning.DEFAULT);

    private final List<Long> forwarded = new ArrayList<>();
    private final List<Long> asked = new ArrayList<>();
    private final List<JournalEntry> journal = new ArrayList<>();
    private final PendingForwards pendingForwards = new PendingForwards(SETTINGS, new Recorded());

    private final class Recorded extends NoEffects {
        @Override
        public void send(NodeId to, Message message) {
            if (message instanceof Forward forward) {
                forwarded.add(forward.number());
            } else if (message instanceof AskPosition ask) {
                asked.add(ask.number());
            }
        }

        @Override
        public void persist(JournalEntry entry) {
            journal.add(entry);
        }
    }

    /** A client that waits for as long as it takes. */
    private record Asked(Operation operation) implements Request {
        @Override
        public String session() {
            return "";
        }

        @Override
        public boolean isOpen() {
            return true;
        }
    }

    private int handOverUntilFull() {
        pendingForwards.start(B);
        int count = 0;
        while (!pendingForwards.isFull() && count < LeaderEntry.WINDOW) {
            pendingForwards.writeForSure(LARGE);
            count++;
        }
        return count;
    }

    @Test
    void itIsFullOfAFewLargeWritesAndHasRoomAgainWhenTheLeaderHasThem() {
        assertEquals(PendingForwards.MOST_BYTES >> 20, handOverUntilFull());
        assertNull(pendingForwards.written(B, 1));
        assertNull(pendingForwards.written(B, 1), "the answer comes twice");
        assertFalse(pendingForwards.isFull());
        assertEquals(1, handOverUntilFull());
    }

    /** The file names another leader now: what was handed over waits to be taken back, and there is nobody to send it to. */
    @Test
    void aNewLeaderSendsNothingToItself() {
        pendingForwards.start(B);
        pendingForwards.writeForSure(LARGE);
        ReplicaSettings leading = new ReplicaSettings(
                B.node(),
                SETTINGS.replicas(),
                ProtocolOptions.usual(SETTINGS.replicas())
                        .with(ProtocolOptions.LEADER, B.node())
                        .with(ProtocolOptions.WRITE_QUORUM, 1),
                SETTINGS.tuning());
        PendingForwards next = new PendingForwards(leading, new Recorded());
        journal.forEach(entry -> next.recover((LeaderEntry.Handed) entry));
        next.start(LATER);
        forwarded.clear();
        next.mark();
        next.resendMarked();
        next.resend();
        assertEquals(List.of(), forwarded);
        List<Operation> taken = new ArrayList<>();
        next.takeBack(taken::add);
        assertEquals(List.of(LARGE), taken);
    }

    @Test
    void readsLeaveTheRoomForWritesAsItIs() {
        pendingForwards.start(B);
        pendingForwards.write(new Asked(LARGE), Optional.empty(), 0);
        for (int i = 0; i < 2 * LeaderEntry.WINDOW; i++) {
            pendingForwards.read(new Asked(new Operation.Read(Key.of("x"))));
        }
        assertFalse(pendingForwards.isFull());
    }

    @Test
    void aLatePositionOfAnEarlierLifeAnswersNoReadOfThisOne() {
        pendingForwards.start(B);
        pendingForwards.read(new Asked(new Operation.Read(Key.of("x"))));
        PendingForwards next = new PendingForwards(SETTINGS, new Recorded());
        next.start(LATER);
        Request read = new Asked(new Operation.Read(Key.of("y")));
        next.read(read);
        assertNull(next.positioned(B, asked.get(0)));
        assertSame(read, next.positioned(LATER, asked.get(1)));
    }

    @Test
    void aNewLifeCountsWhatAnEarlierOneHandedOver() {
        handOverUntilFull();
        PendingForwards next = new PendingForwards(SETTINGS, new Recorded());
        journal.forEach(entry -> next.recover((LeaderEntry.Handed) entry));
        next.start(LATER);
        assertTrue(next.isFull());
        next.recover(new LeaderEntry.Settled(1));
        assertFalse(next.isFull());
    }

    @Test
    void onlySoMuchIsSentAgainAtOnceTheOldestFirst() {
        handOverUntilFull();
        forwarded.clear();
        pendingForwards.resend();
        assertEquals(List.of(1L, 2L, 3L, 4L), forwarded);
        pendingForwards.written(B, 2);
        forwarded.clear();
        pendingForwards.resend();
        assertEquals(List.of(1L, 3L, 4L, 5L), forwarded);
    }
}
