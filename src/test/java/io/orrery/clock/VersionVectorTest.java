package io.orrery.clock;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orrery.clock.VersionVector.Order;
import io.orrery.model.NodeId;
import io.orrery.model.Origin;
import io.orrery.network.SeededRandom;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Parker et al., IEEE TSE 1983 (version vectors); Fidge 1988 and Mattern 1989 (vector clocks). */
class VersionVectorTest {
    private static final Origin A = Origin.of("A");
    private static final Origin B = Origin.of("B");
    private static final Origin A1 = new Origin(NodeId.of("A"), 1);
    private static final List<Origin> ORIGINS =
            List.of(A, A1, B, Origin.of("C"), Origin.of("D"), new Origin(NodeId.of("D"), 10), Origin.of("E"));

    @Test
    void twoSitesThatWroteApartAreConcurrentUntilOneHasSeenBoth() {
        VersionVector atA = VersionVector.EMPTY.with(A, 2);
        VersionVector atB = VersionVector.EMPTY.with(B, 1);
        assertEquals(Order.CONCURRENT, atA.compare(atB), "Parker: the versions conflict");
        VersionVector reconciled = atA.merge(atB);
        assertEquals(Order.AFTER, reconciled.compare(atA));
        assertEquals(Order.BEFORE, atB.compare(reconciled));
        assertEquals("{A: 2, B: 1}", reconciled.toString());
    }

    @Test
    void anIncarnationCountsForItself() {
        VersionVector both = VersionVector.EMPTY.with(A1, 1).with(A, 3);
        assertEquals("{A: 3, A~1: 1}", both.toString());
        assertFalse(VersionVector.EMPTY.with(A, 3).covers(both));
        assertTrue(both.includes(new Dot(A, 3)));
        assertFalse(both.includes(new Dot(A1, 2)));
        assertFalse(both.includes(new Dot(B, 1)));
    }

    @Test
    void aZeroThatIsWrittenOutIsNoDifference() {
        VersionVector zero = VersionVector.EMPTY.with(A, 5).with(A, 0);
        assertEquals(VersionVector.EMPTY, zero);
        assertEquals(VersionVector.EMPTY.hashCode(), zero.hashCode());
        assertEquals(zero, VersionVector.of(Map.of(A, 0L)));
        assertEquals(0, zero.missingFrom(VersionVector.EMPTY.with(B, 0)));
    }

    @Test
    void aVectorNeverChanges() {
        VersionVector before = VersionVector.EMPTY.with(A, 1);
        assertEquals(2, before.with(A, 2).get(A));
        assertEquals(1, before.with(B, 1).get(B));
        assertEquals(1, before.merge(VersionVector.EMPTY.with(A, 9)).compare(before) == Order.AFTER ? 1 : 0);
        assertEquals("{A: 1}", before.toString());
        assertSame(before, before.with(A, 1));
        assertSame(before, before.merge(VersionVector.EMPTY));
    }

    @Test
    void aCountIsNeverNegative() {
        assertThrows(IllegalArgumentException.class, () -> VersionVector.of(Map.of(A, -1L)));
        assertThrows(IllegalArgumentException.class, () -> VersionVector.EMPTY.with(A, -1));
    }

    @Test
    void itAgreesWithAPlainMapInEverything() {
        SeededRandom random = new SeededRandom(5);
        int[] met = new int[Order.values().length];
        for (int round = 0; round < 20_000; round++) {
            Map<Origin, Long> left = randomMap(random);
            Map<Origin, Long> right = random.nextInt(3) == 0 ? nudged(left, random) : randomMap(random);
            VersionVector a = built(left, random);
            VersionVector b = built(right, random);

            Map<Origin, Long> merged = new TreeMap<>(left);
            right.forEach((origin, count) -> merged.merge(origin, count, Math::max));
            assertEquals(VersionVector.of(merged), a.merge(b));
            assertEquals(covers(left, right), a.covers(b));
            assertEquals(missing(left, right), a.missingFrom(b));
            Order order = covers(left, right)
                    ? covers(right, left) ? Order.EQUAL : Order.AFTER
                    : covers(right, left) ? Order.BEFORE : Order.CONCURRENT;
            assertEquals(order, a.compare(b));
            met[order.ordinal()]++;
            assertEquals(order == Order.EQUAL, a.equals(b));
            if (order == Order.EQUAL) {
                assertEquals(a.hashCode(), b.hashCode());
            }
            for (Origin origin : ORIGINS) {
                assertEquals(left.getOrDefault(origin, 0L), a.get(origin));
            }
        }
        for (Order order : Order.values()) {
            assertTrue(met[order.ordinal()] > 500, order + " is met often: " + met[order.ordinal()]);
        }
        assertNotEquals(VersionVector.EMPTY, new Object());
    }

    private static Map<Origin, Long> randomMap(SeededRandom random) {
        Map<Origin, Long> map = new HashMap<>();
        for (Origin origin : ORIGINS) {
            if (random.nextInt(3) == 0) {
                map.put(origin, (long) random.nextInt(3));
            }
        }
        return map;
    }

    private static Map<Origin, Long> nudged(Map<Origin, Long> map, SeededRandom random) {
        Map<Origin, Long> nudged = new HashMap<>(map);
        if (random.nextInt(2) == 0) {
            nudged.merge(ORIGINS.get(random.nextInt(ORIGINS.size())), 1L, Long::sum);
        }
        return nudged;
    }

    /** The same vector by either way of making one; with zeros left in, and in any order of insertion. */
    private static VersionVector built(Map<Origin, Long> map, SeededRandom random) {
        if (random.nextInt(2) == 0) {
            return VersionVector.of(map);
        }
        VersionVector vector = VersionVector.EMPTY;
        for (Map.Entry<Origin, Long> entry : map.entrySet()) {
            vector = vector.with(entry.getKey(), random.nextInt(9)).with(entry.getKey(), entry.getValue());
        }
        return vector;
    }

    private static boolean covers(Map<Origin, Long> a, Map<Origin, Long> b) {
        return ORIGINS.stream().allMatch(origin -> a.getOrDefault(origin, 0L) >= b.getOrDefault(origin, 0L));
    }

    private static long missing(Map<Origin, Long> a, Map<Origin, Long> b) {
        return ORIGINS.stream()
                .mapToLong(origin -> Math.max(0, b.getOrDefault(origin, 0L) - a.getOrDefault(origin, 0L)))
                .sum();
    }
}
