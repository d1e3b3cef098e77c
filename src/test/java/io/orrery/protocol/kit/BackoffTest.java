package io.orrery.protocol.kit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class BackoffTest {
    private final Backoff backoff = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(1));

    @Test
    void itDoublesAndStaysBelowTheLimit() {
        assertFalse(backoff.isLong());
        for (long expected : new long[] {200, 400, 800}) {
            assertTrue(backoff.lengthen());
            assertEquals(Duration.ofMillis(expected), backoff.current());
        }
        assertFalse(backoff.lengthen());
        assertEquals(Duration.ofMillis(800), backoff.current());
        assertTrue(backoff.isLong());
    }

    @Test
    void itHalvesAndNeverFallsBelowTheFirst() {
        backoff.lengthen();
        backoff.lengthen();
        backoff.shorten();
        assertEquals(Duration.ofMillis(200), backoff.current());
        backoff.shorten();
        backoff.shorten();
        assertEquals(Duration.ofMillis(100), backoff.current());
    }

    @Test
    void itBeginsAnew() {
        backoff.lengthen();
        backoff.lengthen();
        backoff.reset();
        assertEquals(Duration.ofMillis(100), backoff.current());
    }

    @Test
    void aTimeIsAboveZero() {
        assertThrows(IllegalArgumentException.class, () -> new Backoff(Duration.ZERO, Duration.ofSeconds(1)));
    }
}
