package io.orrery.protocol.kit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DuplicateFilterTest {
    private final DuplicateFilter<String> duplicateFilter = new DuplicateFilter<>();

    @Test
    void aRequestIsCarriedOutOnceAndAnsweredAlike() {
        assertTrue(duplicateFilter.isNew(3));
        duplicateFilter.put(3, "done");
        assertFalse(duplicateFilter.isNew(3));
        assertEquals("done", duplicateFilter.get(3));
        assertTrue(duplicateFilter.isNew(1), "one that came later may have been overtaken");
        assertThrows(BrokenInvariant.class, () -> duplicateFilter.put(3, "again"));
    }

    @Test
    void whatIsSettledIsForgottenAndStaysADouble() {
        duplicateFilter.put(1, "a");
        duplicateFilter.put(2, "b");
        duplicateFilter.put(5, "e");
        duplicateFilter.settle(2);
        duplicateFilter.settle(1);
        assertEquals(2, duplicateFilter.settled());
        assertFalse(duplicateFilter.isNew(1));
        assertFalse(duplicateFilter.isNew(2));
        assertNull(duplicateFilter.get(2));
        assertEquals(Set.of(5L), duplicateFilter.results().keySet());
        assertTrue(duplicateFilter.isNew(4));
    }

    /** Both ends together, over a link that loses, doubles and reorders: each request is carried out once. */
    @Test
    void requestsThatAreSentAgainAreCarriedOutOnceEach() {
        for (int seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            UnansweredRequests<Integer> caller = new UnansweredRequests<>();
            DuplicateFilter<Integer> server = new DuplicateFilter<>();
            List<long[]> underWay = new ArrayList<>();
            Set<Long> carriedOut = new HashSet<>();
            for (int step = 0; step < 300; step++) {
                if (step < 100 && random.nextInt(3) == 0) {
                    caller.add(step);
                }
                caller.open().keySet().forEach(number -> {
                    if (random.nextInt(3) == 0) {
                        underWay.add(new long[] {number, caller.oldest() - 1});
                    }
                });
                Collections.shuffle(underWay, random);
                if (!underWay.isEmpty()) {
                    long[] message = underWay.remove(0);
                    server.settle(message[1]);
                    if (server.isNew(message[0])) {
                        assertTrue(carriedOut.add(message[0]), "seed " + seed);
                        server.put(message[0], step);
                    }
                    if (server.get(message[0]) != null && random.nextBoolean()) {
                        caller.remove(message[0]);
                    }
                }
            }
            assertFalse(carriedOut.isEmpty());
        }
    }
}
