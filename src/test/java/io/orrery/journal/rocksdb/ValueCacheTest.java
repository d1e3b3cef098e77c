package io.orrery.journal.rocksdb;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orrery.clock.Dot;
import io.orrery.model.Origin;
import io.orrery.model.Value;
import io.orrery.network.SeededRandom;
import org.junit.jupiter.api.Test;

class ValueCacheTest {
    private static final long MOST = 10_000;

    private static Dot dot(long sequence) {
        return new Dot(Origin.of("A"), sequence);
    }

    private static Value value(int length) {
        return Value.of("v".repeat(length));
    }

    @Test
    void whatNobodyAskedForGivesWayFirst() {
        ValueCache cache = new ValueCache(MOST);
        for (int i = 1; i <= 8; i++) {
            cache.put(dot(i), value(1_000));
        }
        assertEquals(value(1_000), cache.get(dot(1)));
        cache.put(dot(9), value(1_000));
        assertEquals(value(1_000), cache.get(dot(1)));
        assertNull(cache.get(dot(2)));
    }

    @Test
    void aValueThatIsLargerThanTheCacheLeavesTheOthersThere() {
        ValueCache cache = new ValueCache(MOST);
        cache.put(dot(1), value(1_000));
        cache.put(dot(2), value(20_000));
        assertNull(cache.get(dot(2)));
        assertEquals(value(1_000), cache.get(dot(1)));
    }

    @Test
    void itNeverHoldsMoreThanItMay() {
        SeededRandom random = new SeededRandom(1);
        ValueCache cache = new ValueCache(MOST);
        for (int i = 0; i < 10_000; i++) {
            Dot dot = dot(1 + random.nextInt(50));
            switch (random.nextInt(3)) {
                case 0 -> cache.get(dot);
                case 1 -> cache.remove(dot);
                default -> cache.put(dot, Value.of("ж".repeat(random.nextInt(2_000))));
            }
            assertTrue(cache.bytes() >= 0 && cache.bytes() <= MOST, "after " + i + ": " + cache.bytes());
        }
        for (int i = 1; i <= 50; i++) {
            cache.remove(dot(i));
        }
        assertEquals(0, cache.bytes());
    }
}
