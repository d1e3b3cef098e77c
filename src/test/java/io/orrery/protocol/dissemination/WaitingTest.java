package io.orrery.protocol.dissemination;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orrery.model.Key;
import io.orrery.model.Origin;
import io.orrery.model.Version;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class WaitingTest {
    private static final Origin A = Origin.of("A");

    private final Waiting waiting = new Waiting();
    private final List<String> done = new ArrayList<>();

    private static Dependency made(long sequence) {
        return new Dependency.Made(Key.of("x"), Version.of(sequence, "A"), sequence);
    }

    /** Clients may ask for what will never be applied, as often as they like. */
    @Test
    void thoseThatAreNotWantedAnyMoreAreForgotten() {
        boolean[] wanted = {true};
        waiting.await(new Dependency.Prefix(A, 5), () -> true, () -> done.add("prefix"));
        waiting.await(made(6), () -> true, () -> done.add("write"));
        for (int i = 0; i < 10_000; i++) {
            wanted[0] = i % 100 < 10; // Some are waited for a while.
            waiting.await(new Dependency.Prefix(A, 1_000_000 + i), () -> wanted[0], () -> done.add("never"));
            waiting.await(made(1_000_000 + i), () -> wanted[0], () -> done.add("never"));
            assertTrue(waiting.size() <= 200, "kept: " + waiting.size());
        }
        waiting.reached(A, 5);
        waiting.known(A, 6, 6);
        waiting.runWoken();
        assertEquals(List.of("prefix", "write"), done);
    }

    @Test
    void allThatAreWantedAreKeptAndWoken() {
        for (int i = 1; i <= 1_000; i++) {
            int number = i;
            waiting.await(new Dependency.Prefix(A, i), () -> number % 2 == 0, () -> done.add("" + number));
        }
        waiting.reached(A, 1_000);
        waiting.runWoken();
        assertEquals(500, done.size());
        assertEquals(0, waiting.size());
    }
}
