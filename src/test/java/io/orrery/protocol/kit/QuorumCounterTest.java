package io.orrery.protocol.kit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orrery.clock.Dot;
import io.orrery.model.NodeId;
import io.orrery.model.Origin;
import io.orrery.network.SeededRandom;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class QuorumCounterTest {
    private static final Origin A = Origin.of("A");
    private static final List<NodeId> FOLLOWERS =
            IntStream.rangeClosed(1, 5).mapToObj(i -> NodeId.of("f" + i)).toList();

    private static final Comparator<Dot> ORDER = Comparator.comparingLong(Dot::sequence);

    private final QuorumCounter<Dot> acknowledgements = new QuorumCounter<>(FOLLOWERS, ORDER);
    private final List<Long> done = new ArrayList<>();

    private void await(long sequence, int needed) {
        await(sequence, needed, 0);
    }

    private void await(long sequence, int needed, long size) {
        acknowledgements.await(new Dot(A, sequence), needed, size, () -> done.add(sequence));
    }

    private void acknowledged(int follower, long first, long last) {
        acknowledgements.acknowledged(FOLLOWERS.get(follower), new Dot(A, first), new Dot(A, last));
    }

    @Test
    void aWriteIsDoneWhenSoManyFollowersHaveIt() {
        await(1, 3);
        acknowledged(0, 1, 1);
        acknowledged(1, 1, 1);
        assertEquals(List.of(), done);
        acknowledged(2, 1, 1);
        assertEquals(List.of(1L), done);
        assertTrue(acknowledgements.isEmpty());
    }

    @Test
    void aFollowerCountsOnce() {
        await(1, 2);
        acknowledged(0, 1, 1);
        acknowledged(0, 1, 1);
        acknowledged(0, 1, 7);
        assertEquals(List.of(), done);
    }

    @Test
    void whoHasManyWritesHasEachOfThem() {
        await(1, 1);
        await(2, 1);
        await(3, 1);
        acknowledged(0, 1, 2);
        assertEquals(List.of(1L, 2L), done);
    }

    @Test
    void aSlowFollowerHoldsUpOnlyTheWritesThatNeedIt() {
        await(1, 5);
        await(2, 4);
        IntStream.range(0, 4).forEach(follower -> acknowledged(follower, 1, 2));
        assertEquals(List.of(2L), done);
        assertEquals(List.of(FOLLOWERS.get(4)), acknowledgements.laggards());
    }

    @Test
    void theOldestLargeWritesAreGivenUpWhenThereAreTooMany() {
        for (int round = 0; round < 2; round++) {
            done.clear();
            for (int i = 1; i <= 6; i++) {
                await(i, 1, QuorumCounter.CAPACITY_BYTES / 4);
            }
            acknowledged(0, 1, 6);
            assertEquals(List.of(3L, 4L, 5L, 6L), done);
        }
        await(7, 1, 2 * QuorumCounter.CAPACITY_BYTES);
        acknowledged(0, 7, 7);
        assertEquals(List.of(3L, 4L, 5L, 6L, 7L), done, "the latest is never given up");
    }

    @Test
    void aWriteThatNeedsNobodyIsDoneAtOnce() {
        await(1, 0);
        assertEquals(List.of(1L), done);
    }

    @Test
    void thereAreAsManyFollowersAsBits() {
        List<NodeId> many =
                IntStream.range(0, 65).mapToObj(i -> NodeId.of("f" + i)).toList();
        assertThrows(IllegalArgumentException.class, () -> new QuorumCounter<>(many, ORDER));
    }

    @Test
    void noWriteWaitsForMoreFollowersThanThereAre() {
        assertThrows(BrokenInvariant.class, () -> await(1, 6));
    }

    /** A dumb twin: for each write the set of followers that have it. */
    @Test
    void countsAsASetOfFollowersWould() {
        SeededRandom random = new SeededRandom(7);
        for (int round = 0; round < 500; round++) {
            QuorumCounter<Dot> clever = new QuorumCounter<>(FOLLOWERS, ORDER);
            List<Set<NodeId>> dumb = new ArrayList<>();
            List<Integer> needed = new ArrayList<>();
            Set<Long> finished = new HashSet<>();
            for (int step = 0; step < 60; step++) {
                if (random.nextInt(3) == 0) {
                    long sequence = dumb.size() + 1L;
                    int need = 1 + random.nextInt(5);
                    dumb.add(new HashSet<>());
                    needed.add(need);
                    clever.await(new Dot(A, sequence), need, 0, () -> finished.add(sequence));
                } else {
                    NodeId follower = FOLLOWERS.get(random.nextInt(5));
                    long first = 1 + random.nextInt(20);
                    long last = first + random.nextInt(5);
                    clever.acknowledged(follower, new Dot(A, first), new Dot(A, last));
                    for (long i = first; i <= Math.min(last, dumb.size()); i++) {
                        dumb.get((int) i - 1).add(follower);
                    }
                }
                for (int i = 0; i < dumb.size(); i++) {
                    assertEquals(dumb.get(i).size() >= needed.get(i), finished.contains(i + 1L), "write " + i);
                }
            }
        }
    }
}
