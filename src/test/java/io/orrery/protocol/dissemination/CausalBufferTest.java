package io.orrery.protocol.dissemination;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orrery.clock.Dot;
import io.orrery.model.Key;
import io.orrery.model.Origin;
import io.orrery.model.Value;
import io.orrery.model.Version;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CausalBufferTest {
    private final CausalBuffer held = new CausalBuffer(10);

    private static Write write(int number, int length) {
        Dot dot = new Dot(Origin.of("A"), number);
        Value value = new Value("1".repeat(length));
        return new Write(dot, Key.of("x"), Optional.of(value), Version.of(number, "A"), Dependencies.NONE);
    }

    private void put(Write write) {
        held.put(write, new Dependency.Prefix(Origin.of("A"), 1));
    }

    @Test
    void itIsFullOfFewLargeWritesToo() {
        int half = (int) (CausalBuffer.MOST_BYTES / 2);
        put(write(2, half));
        assertFalse(held.isFull());
        put(write(2, half));
        assertFalse(held.isFull(), "it is the same one again");
        put(write(3, half));
        assertTrue(held.isFull());
        held.remove(new Dot(Origin.of("A"), 2));
        assertFalse(held.isFull());
    }

    @Test
    void itIsFullOfManySmallWrites() {
        for (int i = 0; i < 9; i++) {
            put(write(2 + i, 1));
        }
        assertFalse(held.isFull());
        put(write(11, 1));
        assertTrue(held.isFull());
    }
}
