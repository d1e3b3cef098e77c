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

class DoublesTest {
    private final Doubles<String> doubles = new Doubles<>();

    @Test
    void aRequestIsCarriedOutOnceAndAnsweredAlike() {
        assertTrue(doubles.isNew(3));
        doubles.put(3, "done");
        assertFalse(doubles.isNew(3));
        assertEquals("done", doubles.get(3));
        assertTrue(doubles.isNew(1), "one that came later may have been overtaken");
        assertThrows(BrokenInvariant.class, () -> doubles.put(3, "again"));
    }

    @Test
    void whatIsSettledIsForgottenAndStaysADouble() {
        doubles.put(1, "a");
        doubles.put(2, "b");
        doubles.put(5, "e");
        doubles.settle(2);
        doubles.settle(1);
        assertEquals(2, doubles.settled());
        assertFalse(doubles.isNew(1));
        assertFalse(doubles.isNew(2));
        assertNull(doubles.get(2));
        assertEquals(Set.of(5L), doubles.results().keySet());
        assertTrue(doubles.isNew(4));
    }

    /** Both ends together, over a link that loses, doubles and reorders: each request is carried out once. */
    @Test
    void requestsThatAreSentAgainAreCarriedOutOnceEach() {
        for (int seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            Unanswered<Integer> caller = new Unanswered<>();
            Doubles<Integer> server = new Doubles<>();
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
