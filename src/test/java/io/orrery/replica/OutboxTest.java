package io.orrery.replica;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orrery.journal.MemoryJournal;
import io.orrery.journal.SimulatedDisk;
import io.orrery.model.NodeId;
import io.orrery.network.Delay;
import io.orrery.network.Fault;
import io.orrery.network.SeededRandom;
import io.orrery.protocol.JournalEntry;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The contract of {@link io.orrery.protocol.Effects}: persist before send, and effects in their order. */
class OutboxTest {
    private record Entry(int number, long bytes) implements JournalEntry {
        Entry(int number) {
            this(number, 0);
        }

        @Override
        public Object slot() {
            return number;
        }
    }

    private final Deque<Runnable> due = new ArrayDeque<>();
    private final SimulatedDisk disk =
            new SimulatedDisk(Delay.parse("1ms"), new SeededRandom(1), (nanos, task) -> due.add(task));
    /** What the replica has been told, and not handled yet. */
    private final Deque<Long> mailbox = new ArrayDeque<>();

    private final List<Throwable> failures = new ArrayList<>();
    private final Outbox outbox = new Outbox(disk, ReplicaLimits.BYTES, mailbox::add, failures::add);
    private final List<Integer> done = new ArrayList<>();

    /** As the replica does it: at once where the outbox is open. */
    private void effect(int number) {
        if (outbox.isOpen()) {
            done.add(number);
        } else {
            outbox.hold(() -> done.add(number));
        }
    }

    private void diskFinishes() {
        due.remove().run();
    }

    private void replicaHears() {
        outbox.synced(mailbox.remove());
        outbox.flush();
    }

    @Test
    void anEffectWithNothingToKeepIsCarriedOutAtOnce() {
        effect(1);
        outbox.flush();
        assertEquals(List.of(1), done);
        assertTrue(due.isEmpty(), "and no sync is needed");
    }

    /** A disk that was slow, and takes no time since, keeps the second entry while the replica has yet to hear of the first. */
    @Test
    void whatIsKeptAtOnceBehindASyncWaitsForNoOtherOne() {
        SimulatedDisk repaired = new SimulatedDisk(Delay.NONE, new SeededRandom(1), (nanos, task) -> due.add(task));
        Outbox behind = new Outbox(repaired, ReplicaLimits.BYTES, mailbox::add, failures::add);
        repaired.slowBy(Duration.ofMillis(1));
        behind.persist(new Entry(1));
        behind.hold(() -> done.add(1));
        behind.flush();
        repaired.slowBy(Duration.ZERO);
        diskFinishes();
        behind.persist(new Entry(2));
        behind.hold(() -> done.add(2));
        behind.flush();
        behind.synced(mailbox.remove());
        behind.flush();
        assertEquals(List.of(1, 2), done);
        assertTrue(behind.isOpen());
    }

    @Test
    void whatWaitsForASyncThatFailsIsNeverCarriedOut() {
        outbox.persist(new Entry(1));
        effect(1);
        outbox.flush();
        disk.apply(new Fault.FailDisk(NodeId.of("A")));
        outbox.persist(new Entry(2));
        effect(2);
        diskFinishes();
        replicaHears();
        diskFinishes();
        assertEquals(1, failures.size());
        effect(3);
        outbox.flush();
        assertEquals(List.of(1), done);
        assertFalse(outbox.isOpen());
        assertTrue(due.isEmpty() && mailbox.isEmpty(), "and no sync is tried again");
    }

    @Test
    void whatFollowsAnEntryWaitsUntilItIsDurable() {
        outbox.persist(new Entry(1));
        effect(1);
        outbox.flush();
        assertEquals(List.of(), done);
        diskFinishes();
        replicaHears();
        assertEquals(List.of(1), done);
        assertTrue(outbox.isOpen());
        assertEquals(0, outbox.size());
    }

    @Test
    void whatIsPersistedDuringASyncIsMadeDurableByTheNext() {
        outbox.persist(new Entry(1));
        effect(1);
        outbox.flush();
        outbox.persist(new Entry(2));
        effect(2);
        outbox.persist(new Entry(3));
        effect(3);
        outbox.flush();
        assertEquals(1, due.size(), "one sync at a time");
        diskFinishes();
        replicaHears();
        assertEquals(List.of(1), done);
        diskFinishes();
        replicaHears();
        assertEquals(List.of(1, 2, 3), done, "the two were committed as a group");
    }

    @Test
    void anEffectNeverOvertakesOneThatWaits() {
        outbox.persist(new Entry(1));
        effect(1);
        outbox.flush();
        diskFinishes();
        // The entry is durable, but the replica has not heard of it yet.
        effect(2);
        assertFalse(outbox.isOpen());
        replicaHears();
        assertEquals(List.of(1, 2), done);
    }

    @Test
    void aMemoryJournalHoldsNothingUp() {
        Outbox open = new Outbox(new MemoryJournal(), ReplicaLimits.BYTES, upTo -> {}, failures::add);
        open.persist(new Entry(1, ReplicaLimits.BYTES));
        assertTrue(open.isOpen());
        assertFalse(open.isFull());
    }

    @Test
    void itIsFullWhenTooManyBytesWaitForTheDisk() {
        outbox.persist(new Entry(1, ReplicaLimits.BYTES / 2));
        outbox.flush();
        assertFalse(outbox.isFull());
        outbox.persist(new Entry(2, ReplicaLimits.BYTES / 2));
        assertTrue(outbox.isFull(), "what the sync that is under way writes is counted too");
        diskFinishes();
        replicaHears();
        assertFalse(outbox.isFull());
        outbox.persist(new Entry(3, ReplicaLimits.BYTES / 2));
        assertTrue(outbox.isFull());
        diskFinishes();
        replicaHears();
        diskFinishes();
        replicaHears();
        outbox.persist(new Entry(4, ReplicaLimits.BYTES - 1));
        assertFalse(outbox.isFull());
    }

    @Test
    void itIsFullWhenTooManyEffectsWaitForTheDisk() {
        outbox.persist(new Entry(1));
        outbox.flush();
        for (int i = 0; i < Outbox.MOST_EFFECTS; i++) {
            assertFalse(outbox.isFull());
            effect(i);
        }
        assertTrue(outbox.isFull());
        diskFinishes();
        replicaHears();
        assertFalse(outbox.isFull());
        assertEquals(Outbox.MOST_EFFECTS, done.size());
    }

    /** No effect before its entry is found after a crash, all in order, and none forgotten. */
    @Test
    void randomInterleavingsOfInputsAndSyncsKeepTheOrderAndThePromise() {
        for (int seed = 0; seed < 3_000; seed++) {
            SeededRandom random = new SeededRandom(seed);
            OutboxTest world = new OutboxTest();
            int effects = 0;
            int entries = 0;
            List<Integer> entriesBefore = new ArrayList<>();
            for (int step = 0; step < 30; step++) {
                switch (random.nextInt(3)) {
                    case 0 -> {
                        for (int i = random.nextInt(4); i > 0; i--) {
                            if (random.nextInt(2) == 0) {
                                world.outbox.persist(new Entry(entries++));
                            } else {
                                entriesBefore.add(entries);
                                world.effect(effects++);
                            }
                        }
                        world.outbox.flush();
                    }
                    case 1 -> {
                        if (!world.due.isEmpty()) {
                            world.diskFinishes();
                        }
                    }
                    default -> {
                        if (!world.mailbox.isEmpty()) {
                            world.replicaHears();
                        }
                    }
                }
                int[] durable = {0};
                world.disk.replay(entry -> durable[0]++);
                for (int i = 0; i < world.done.size(); i++) {
                    assertEquals(i, world.done.get(i));
                    assertTrue(entriesBefore.get(i) <= durable[0], "seed " + seed);
                }
            }
            while (!world.due.isEmpty() || !world.mailbox.isEmpty()) {
                if (world.mailbox.isEmpty()) {
                    world.diskFinishes();
                } else {
                    world.replicaHears();
                }
            }
            assertEquals(effects, world.done.size(), "seed " + seed);
            assertTrue(world.outbox.isOpen());
        }
    }
}
