package io.orrery.protocol.kit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class WaitIndexTest {
    private final WaitIndex.Woken woken = new WaitIndex.Woken();
    private final WaitIndex<String> waiting = new WaitIndex<>(woken);
    private final List<String> done = new ArrayList<>();

    /** Clients may ask for what will never happen, as often as they like. */
    @Test
    void thoseThatAreNotWantedAnyMoreArePurged() {
        boolean[] wanted = {true};
        waiting.await("A", 5, () -> true, () -> done.add("five"));
        for (int i = 0; i < 10_000; i++) {
            wanted[0] = i % 100 < 10; // Some are waited for a while.
            waiting.await("A", 1_000_000 + i, () -> wanted[0], () -> done.add("never"));
            assertTrue(waiting.size() <= 200, "kept: " + waiting.size());
        }
        waiting.reached("A", 5);
        woken.run();
        assertEquals(List.of("five"), done);
    }

    @Test
    void allThatAreWantedAreKeptAndWoken() {
        for (int i = 1; i <= 1_000; i++) {
            int number = i;
            waiting.await("A", i, () -> number % 2 == 0, () -> done.add("" + number));
        }
        waiting.reached("A", 1_000);
        woken.run();
        assertEquals(500, done.size());
        assertEquals(0, waiting.size());
    }

    @Test
    void onlyThoseOfTheLineAndTheRangeAreWoken() {
        for (String line : List.of("A", "B")) {
            for (int i = 1; i <= 4; i++) {
                String name = line + i;
                waiting.await(line, i, () -> true, () -> done.add(name));
            }
        }
        waiting.reached("A", 2, 3);
        waiting.reached("C", 9);
        woken.run();
        assertEquals(List.of("A2", "A3"), done);
        waiting.reached("A", 9);
        woken.run();
        assertEquals(List.of("A2", "A3", "A1", "A4"), done);
    }

    /** One that wakes another does not run within it: what both see is what the owner has finished. */
    @Test
    void whoIsWokenByAnotherRunsAfterItAndIndexesShareOneOrder() {
        WaitIndex<String> other = new WaitIndex<>(woken);
        waiting.await("A", 1, () -> true, () -> {
            other.reached("B", 1);
            woken.run();
            done.add("first");
        });
        other.await("B", 1, () -> true, () -> done.add("second"));
        waiting.reached("A", 1);
        assertEquals(List.of(), done, "nothing runs before the owner says so");
        woken.run();
        assertEquals(List.of("first", "second"), done);
    }
}
