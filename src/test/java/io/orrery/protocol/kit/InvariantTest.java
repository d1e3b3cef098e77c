package io.orrery.protocol.kit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;

class InvariantTest {
    @Test
    void whatDoesNotHoldIsOneLine() {
        assertEquals("broken invariant: a clock grows", broken(() -> Invariant.check(false, "a clock grows")));
        assertEquals("broken invariant: a clock grows (A)", broken(() -> Invariant.check(false, "a clock grows", "A")));
        assertEquals(
                "broken invariant: a clock grows (A, B)",
                broken(() -> Invariant.check(false, "a clock grows", "A", "B")));
        assertEquals(
                "broken invariant: a clock grows (1, 2)", broken(() -> Invariant.check(false, "a clock grows", 1, 2)));
    }

    private static String broken(Runnable check) {
        return assertThrows(BrokenInvariant.class, check::run).getMessage();
    }

    @Test
    void aCheckThatHoldsMakesNoObject() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        String thing = "A";
        check(thing, 1_000); // Classes are loaded now.
        long before = threads.getCurrentThreadAllocatedBytes();
        check(thing, 100_000);
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;
        assertTrue(allocated < 100_000, "bytes for 400,000 checks: " + allocated);
    }

    private static void check(String thing, int times) {
        for (int i = 0; i < times; i++) {
            Invariant.check(i >= 0, "a number");
            Invariant.check(i >= 0, "a number", thing);
            Invariant.check(i >= 0, "a number", thing, thing);
            Invariant.check(i >= 0, "a number", i + 1_000_000L, i);
        }
    }
}
